/* Memory, files and folders that last as long as the running test. */
#include "shim.h"
#include <errno.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What to undo: a block to free, which may be the name of a folder to remove. */
typedef struct shim_block {
  struct shim_block *next;
  bool is_folder;
  max_align_t bytes[];
} shim_block;

static shim_block *last_block;

void *shim_alloc(size_t size)
{
  shim_block *block = calloc(1, sizeof *block + size);
  if (block == NULL) abort();
  block->next = last_block;
  last_block = block;
  return block->bytes;
}

char *shim_format(const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (length < 0) abort();
  char *text = shim_alloc((size_t)length + 1);
  va_start(arguments, format);
  vsnprintf(text, (size_t)length + 1, format, arguments);
  va_end(arguments);
  return text;
}

const char *shim_folder(void)
{
  const char *parent = getenv("TMPDIR");
  char *path = shim_format("%s/lightspine-test-XXXXXX", parent != NULL ? parent : "/tmp");
  if (mkdtemp(path) == NULL) {
    shim_fail(__FILE__, __LINE__, "mkdtemp %s: %s", path, strerror(errno));
    return path;
  }
  last_block->is_folder = true;
  return path;
}

bool shim_file_write(const char *path, const void *bytes, size_t size)
{
  FILE *stream = fopen(path, "wb");
  bool is_written = stream != NULL && fwrite(bytes, 1, size, stream) == size;
  if (stream != NULL && fclose(stream) != 0) is_written = false;
  if (is_written) return true;
  return shim_fail(__FILE__, __LINE__, "cannot write %s: %s", path, strerror(errno));
}

/* Reads stream from its position to its end. */
static char *stream_read(FILE *stream, size_t *size)
{
  size_t capacity = 4096, used = 0;
  char *text = malloc(capacity);
  while (text != NULL) {
    used += fread(text + used, 1, capacity - used, stream);
    if (used < capacity) break;
    capacity *= 2;
    char *larger = realloc(text, capacity);
    if (larger == NULL) free(text);
    text = larger;
  }
  if (text == NULL) abort();
  char *kept = shim_alloc(used + 1); /* zeroed, so it is terminated */
  memcpy(kept, text, used);
  free(text);
  if (size != NULL) *size = used;
  return kept;
}

char *shim_file_read(const char *path, size_t *size)
{
  FILE *stream = fopen(path, "rb");
  if (stream == NULL) return NULL;
  char *text = stream_read(stream, size);
  if (ferror(stream)) text = NULL;
  fclose(stream);
  return text;
}

static int entry_remove(const char *path, const struct stat *stat, int type, struct FTW *ftw)
{
  (void)stat;
  (void)type;
  (void)ftw;
  return remove(path);
}

void shim_scratch_clear(void)
{
  while (last_block != NULL) {
    shim_block *block = last_block;
    if (block->is_folder) nftw((const char *)block->bytes, entry_remove, 16, FTW_DEPTH | FTW_PHYS);
    last_block = block->next;
    free(block);
  }
}
