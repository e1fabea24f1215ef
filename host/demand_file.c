/* Demand matrices as CSV: read with the place of every mistake, written whole or not at all. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demand.h"
#include "fields.h"
#include "files.h"

enum { WEIGHT_DIGITS = 6, WORD_MAX = 40 };

#define WEIGHT_MAX INT64_C(1000000000000000) /* 10^9 with six decimals */

typedef struct reader {
  const char *path;
  int line;
  ls_error *error;
  int32_t row_count;
  ls_demand *demand; /* NULL before the first row */
} reader;

static ls_status refuse(const reader *self, int32_t column, const char *expected, const char *found)
{
  char key[32];
  snprintf(key, sizeof key, "column %d", (int)column);
  return ls_error_set(self->error, LS_ERR_INPUT, self->path, self->line, column ? key : NULL,
                      "%s, got %s", expected, found);
}

/* The word without blanks around it, cut in place. */
static char *trimmed(char *word)
{
  word += strspn(word, " \t");
  size_t length = strlen(word);
  while (length > 0 && strchr(" \t\r\n", word[length - 1])) word[--length] = '\0';
  return word;
}

/* Printable and short, for a message. */
static const char *quoted(const char *word, char text[WORD_MAX])
{
  if (!word[0]) return "nothing";
  snprintf(text, WORD_MAX, "%s", word);
  for (char *c = text; *c; c++)
    if ((unsigned char)*c < 0x20 || (unsigned char)*c > 0x7e) *c = '?';
  return text;
}

static int32_t column_count(const char *line)
{
  int32_t count = 1;
  for (const char *c = line; *c; c++) count += *c == ',';
  return count;
}

/* The first row says how many blocks there are. */
static ls_status begin(reader *self, int32_t columns)
{
  char found[WORD_MAX];
  ls_demand *demand = calloc(1, sizeof *demand);
  if (!demand) return LS_ERR_MEMORY;
  self->demand = demand;
  snprintf(found, sizeof found, "%d", (int)columns);
  if (columns > LS_DEMAND_BLOCKS_MAX)
    return refuse(self, 0, "must have at most 4096 columns", found);
  demand->block_count = columns;
  demand->gpu_count = calloc((size_t)columns, sizeof *demand->gpu_count);
  demand->weight = calloc((size_t)columns * (size_t)columns, sizeof *demand->weight);
  return demand->gpu_count && demand->weight ? LS_OK : LS_ERR_MEMORY;
}

static ls_status read_row(reader *self, char *line)
{
  char expected[80], found[WORD_MAX];
  const int32_t columns = column_count(line);
  if (!self->demand) {
    ls_status status = begin(self, columns);
    if (status != LS_OK) return status;
  }
  const int32_t count = self->demand->block_count;
  snprintf(expected, sizeof expected, "must have %d columns, as the first row has", (int)count);
  snprintf(found, sizeof found, "%d", (int)columns);
  if (columns != count) return refuse(self, 0, expected, found);
  snprintf(expected, sizeof expected, "must be the last of %d rows, as there are columns",
           (int)count);
  if (self->row_count == count) return refuse(self, 0, expected, "one more");
  int64_t *weight = &self->demand->weight[(int64_t)self->row_count * count];
  char *rest = line;
  for (int32_t column = 0; column < count; column++) {
    char *word = trimmed(strsep(&rest, ","));
    int64_t value = -1;
    if (ls_decimal_read(word, WEIGHT_DIGITS, &value) != LS_OK || value < 0 || value > WEIGHT_MAX)
      return refuse(self, column + 1, "must be a decimal number 0..1000000000",
                    quoted(word, found));
    weight[column] = value;
  }
  self->row_count++;
  return LS_OK;
}

static ls_status read_rows(reader *self, FILE *stream)
{
  ls_status status = LS_OK;
  char *line = NULL;
  size_t capacity = 0;
  char found[WORD_MAX];
  for (ssize_t length; status == LS_OK && (length = getline(&line, &capacity, stream)) >= 0;) {
    self->line++;
    if (memchr(line, '\0', (size_t)length)) {
      status = refuse(self, 0, "must be a line of text", "a zero byte");
      break;
    }
    const char first = line[strspn(line, " \t\r\n")];
    if (first != '\0' && first != '#') status = read_row(self, line);
  }
  free(line);
  if (status != LS_OK) return status;
  if (ferror(stream)) return refuse(self, 0, "must be a file that can be read", strerror(errno));
  if (!self->demand) return refuse(self, 0, "must be a square matrix of numbers", "no row");
  snprintf(found, sizeof found, "%d", (int)self->row_count);
  if (self->row_count != self->demand->block_count)
    return refuse(self, 0, "must have as many rows as columns", found);
  return LS_OK;
}

ls_status ls_demand_read(const char *path, ls_demand **demand, ls_error *error)
{
  reader self = {.path = path, .error = error};
  FILE *stream = fopen(path, "r");
  if (!stream)
    return ls_error_set(error, LS_ERR_INPUT, path, 0, NULL, "cannot be read: %s", strerror(errno));
  ls_status status = read_rows(&self, stream);
  (void)fclose(stream);
  if (status == LS_OK)
    *demand = self.demand;
  else
    ls_demand_destroy(self.demand);
  return status;
}

ls_status ls_demand_write(const ls_demand *demand, const char *path, ls_error *error)
{
  ls_file_writer writer;
  ls_status status = ls_file_open(&writer, path, error);
  if (status != LS_OK) return status;
  for (int64_t i = 0; i < demand->block_count; i++)
    for (int64_t j = 0; j < demand->block_count; j++) {
      char text[32];
      ls_decimal_format(demand->weight[i * demand->block_count + j], WEIGHT_DIGITS, text);
      (void)fprintf(writer.stream, "%s%s", text, j + 1 < demand->block_count ? "," : "\n");
    }
  return ls_file_commit(&writer, error);
}
