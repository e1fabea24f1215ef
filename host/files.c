/* Files and folders that are whole or not there. Owns temporary names, fsync and rename; the
 * only file that includes nettle. It never looks into what it writes.
 *
 * A temporary name is a sibling of the final one, ".NAME.PID-COUNTER.tmp", so that rename stays
 * inside one file system and is atomic. A symbolic link is followed first: what it points to is
 * replaced, not the link. */
#include "files.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <nettle/sha2.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_TRIES = 1000, MANIFEST_BYTES_MAX = 1 << 20 };

static ls_status io_error(ls_error *error, const char *path, const char *what)
{
  return ls_error_set(error, LS_ERR_IO, path, 0, NULL, "%s: %s", what, strerror(errno));
}

/* Why writes to a stream fail: of one that failed before the stream keeps a flag alone, and a byte
 * more, at the end of what is broken anyway, fails for the same reason. */
static int write_cause(FILE *stream) { return write(fileno(stream), "\n", 1) < 0 ? errno : EIO; }

ls_status ls_stdout_flush(ls_error *error)
{
  if (!ferror(stdout) && fflush(stdout) == 0) return LS_OK;
  return ls_error_set(error, LS_ERR_IO, NULL, 0, NULL, "standard output cannot be written: %s",
                      strerror(write_cause(stdout)));
}

/* Splits path into its folder ("." or ends with a slash) and its last name. */
static void path_split(const char *path, int *folder_length, const char **name)
{
  const char *slash = strrchr(path, '/');
  *name = slash != NULL ? slash + 1 : path;
  *folder_length = (int)(*name - path);
}

/* Whether a file may be replaced: there is none, or a regular one that neither standard output nor
 * standard error goes to, which would lose what is printed. name is what to call it. */
static ls_status target_check(const char *path, const char *name, ls_error *error)
{
  struct stat found, printed;
  if (stat(path, &found) != 0 || S_ISDIR(found.st_mode)) return LS_OK;
  if (!S_ISREG(found.st_mode))
    return ls_error_set(error, LS_ERR_IO, name, 0, NULL,
                        "cannot be written: it is no regular file");
  for (int file = STDOUT_FILENO; file <= STDERR_FILENO; file++)
    if (fstat(file, &printed) == 0 && printed.st_dev == found.st_dev &&
        printed.st_ino == found.st_ino)
      return ls_error_set(error, LS_ERR_IO, name, 0, NULL,
                          "cannot be written: standard %s goes there",
                          file == STDOUT_FILENO ? "output" : "error");
  return LS_OK;
}

/* Copies path without trailing slashes and with a final symbolic link resolved. */
static ls_status path_resolve(const char *path, char resolved[LS_PATH_MAX], ls_error *error)
{
  size_t length = strlen(path);
  while (length > 1 && path[length - 1] == '/') length--;
  const char *name = NULL;
  int folder_length = 0;
  if (length < LS_PATH_MAX) {
    memcpy(resolved, path, length);
    resolved[length] = '\0';
    path_split(resolved, &folder_length, &name);
  }
  /* Room for the longest ending of a temporary name is kept. */
  if (name == NULL || length + 64 > LS_PATH_MAX)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, NULL,
                        "a path of %zu bytes is too long, at most %d", length, LS_PATH_MAX - 64);
  if (name[0] == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
    return ls_error_set(error, LS_ERR_INPUT, path, 0, NULL,
                        "must end with the name of what is to be written");
  ls_status status = LS_OK;
  struct stat stat;
  if (lstat(resolved, &stat) == 0 && S_ISLNK(stat.st_mode)) {
    char target[PATH_MAX];
    status = target_check(resolved, path, error); /* of a pipe the path below leads nowhere */
    if (status != LS_OK) return status;
    if (realpath(resolved, target) == NULL)
      return io_error(error, path, "cannot follow the symbolic link");
    if (strlen(target) + 64 > LS_PATH_MAX) {
      errno = ENAMETOOLONG;
      return io_error(error, path, "cannot follow the symbolic link");
    }
    memcpy(resolved, target, strlen(target) + 1);
  }
  return LS_OK;
}

/* A name beside path which nobody else in this process or another has. */
static void sibling_name(const char *path, char sibling[LS_PATH_MAX])
{
  static atomic_uint counter;
  int folder_length = 0;
  const char *name = NULL;
  path_split(path, &folder_length, &name);
  snprintf(sibling, LS_PATH_MAX, "%.*s.%s.%ld-%u.tmp", folder_length, path, name, (long)getpid(),
           atomic_fetch_add(&counter, 1));
}

/* Makes a rename in path's folder last. Not every file system can; then nothing is lost but the
 * promise, so a refusal is no error. */
static void parent_sync(const char *path)
{
  char folder[LS_PATH_MAX];
  int folder_length = 0;
  const char *name = NULL;
  path_split(path, &folder_length, &name);
  snprintf(folder, sizeof folder, "%.*s", folder_length > 0 ? folder_length : 1,
           folder_length > 0 ? path : ".");
  int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  (void)fsync(file);
  close(file);
}

ls_status ls_path_join(const char *folder, const char *name, const char *suffix,
                       char path[LS_PATH_MAX], ls_error *error)
{
  if (snprintf(path, LS_PATH_MAX, "%s/%s%s", folder, name, suffix) < LS_PATH_MAX) return LS_OK;
  return ls_error_set(error, LS_ERR_INPUT, folder, 0, NULL, "is too long a path");
}

/* ---- Files ---- */

ls_status ls_file_open(ls_file_writer *writer, const char *path, ls_error *error)
{
  *writer = (ls_file_writer){0}; /* so that abandoning it is harmless after an error too */
  char resolved[LS_PATH_MAX], temporary[LS_PATH_MAX];
  ls_status status = path_resolve(path, resolved, error);
  if (status != LS_OK) return status;
  status = target_check(resolved, path, error);
  if (status != LS_OK) return status;
  struct stat stat_now;
  if (stat(resolved, &stat_now) == 0 && S_ISDIR(stat_now.st_mode))
    return ls_error_set(error, LS_ERR_IO, path, 0, NULL, "cannot be written: it is a folder");
  int file = -1;
  for (int i = 0; i < NAME_TRIES && file < 0; i++) {
    sibling_name(resolved, temporary);
    file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0 && errno != EEXIST) break;
  }
  if (file < 0) return io_error(error, path, "cannot be written");
  FILE *stream = fdopen(file, "wb");
  if (stream == NULL) {
    status = io_error(error, path, "cannot be written");
    close(file);
    unlink(temporary);
    return status;
  }
  writer->stream = stream;
  memcpy(writer->path, resolved, sizeof resolved);
  memcpy(writer->temporary, temporary, sizeof temporary);
  return LS_OK;
}

ls_status ls_file_commit(ls_file_writer *writer, ls_error *error)
{
  if (ferror(writer->stream) != 0) return ls_file_fail(writer, error);
  bool is_whole = fflush(writer->stream) == 0 && fsync(fileno(writer->stream)) == 0;
  int cause = errno;
  if (fclose(writer->stream) != 0 && is_whole) {
    is_whole = false;
    cause = errno;
  }
  writer->stream = NULL;
  if (is_whole && rename(writer->temporary, writer->path) != 0) {
    is_whole = false;
    cause = errno;
  }
  if (!is_whole) {
    ls_file_abandon(writer);
    errno = cause;
    return io_error(error, writer->path, "cannot be written");
  }
  writer->temporary[0] = '\0';
  parent_sync(writer->path);
  return LS_OK;
}

ls_status ls_file_fail(ls_file_writer *writer, ls_error *error)
{
  const int cause = write_cause(writer->stream);
  ls_file_abandon(writer);
  errno = cause;
  return io_error(error, writer->path, "cannot be written");
}

void ls_file_abandon(ls_file_writer *writer)
{
  if (writer->stream != NULL) (void)fclose(writer->stream);
  writer->stream = NULL;
  if (writer->temporary[0] != '\0') unlink(writer->temporary);
  writer->temporary[0] = '\0';
}

static ls_status too_large(ls_error *error, const char *path, size_t size_max)
{
  return ls_error_set(error, LS_ERR_INPUT, path, 0, NULL,
                      "is too large: at most %zu bytes are read", size_max);
}

/* Reads to the end, so that pipes and files that lie about their size are taken too. capacity
 * is a first guess. */
static ls_status descriptor_read(int file, const char *path, size_t size_max, size_t capacity,
                                 char **text, size_t *size, ls_error *error)
{
  size_t used = 0;
  char *bytes = NULL;
  for (;;) {
    if (bytes == NULL || used == capacity) {
      if (bytes != NULL) capacity = capacity > size_max / 2 ? size_max + 1 : capacity * 2;
      char *larger = realloc(bytes, capacity + 1);
      if (larger == NULL) {
        free(bytes);
        return ls_error_set(error, LS_ERR_MEMORY, path, 0, NULL, "no memory for %zu bytes",
                            capacity);
      }
      bytes = larger;
    }
    ssize_t count = read(file, bytes + used, capacity - used);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      free(bytes);
      return ls_error_set(error, LS_ERR_INPUT, path, 0, NULL, "cannot be read: %s",
                          strerror(errno));
    }
    if (count == 0) break;
    used += (size_t)count;
    if (used > size_max) {
      free(bytes);
      return too_large(error, path, size_max);
    }
  }
  bytes[used] = '\0';
  *text = bytes;
  *size = used;
  return LS_OK;
}

ls_status ls_file_read(const char *path, size_t size_max, char **text, size_t *size,
                       ls_error *error)
{
  int file = open(path, O_RDONLY | O_CLOEXEC);
  struct stat stat;
  if (file < 0 || fstat(file, &stat) != 0) {
    ls_status status =
        ls_error_set(error, LS_ERR_INPUT, path, 0, NULL, "cannot be read: %s", strerror(errno));
    if (file >= 0) close(file);
    return status;
  }
  ls_status status = LS_OK;
  if (S_ISDIR(stat.st_mode))
    status = ls_error_set(error, LS_ERR_INPUT, path, 0, NULL, "is a folder, not a file");
  else if (S_ISREG(stat.st_mode) && (uint64_t)stat.st_size > size_max)
    status = too_large(error, path, size_max);
  else {
    /* One byte more than it holds: the read that finds the end needs no larger buffer. */
    size_t guess = S_ISREG(stat.st_mode) ? (size_t)stat.st_size + 1 : 4096;
    status = descriptor_read(file, path, size_max, guess, text, size, error);
  }
  close(file);
  return status;
}

void ls_sha256(const void *bytes, size_t size, char hex[65])
{
  uint8_t digest[SHA256_DIGEST_SIZE];
  struct sha256_ctx context;
  sha256_init(&context);
  sha256_update(&context, size, bytes);
  sha256_digest(&context, sizeof digest, digest);
  for (int i = 0; i < SHA256_DIGEST_SIZE; i++) snprintf(hex + 2 * (size_t)i, 3, "%02x", digest[i]);
}

/* ---- Folders ---- */

static int entry_remove(const char *path, const struct stat *stat, int type, struct FTW *ftw)
{
  (void)stat;
  (void)type;
  (void)ftw;
  return remove(path);
}

/* Removes a folder and all in it; symbolic links are removed, not followed. */
static int tree_remove(const char *path)
{
  return nftw(path, entry_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* The text of the folder's manifest.json if it names this program, else NULL. Freed by caller. */
static char *manifest_read(const char *path)
{
  char manifest[LS_PATH_MAX], *text = NULL;
  size_t size = 0;
  if (snprintf(manifest, sizeof manifest, "%s/manifest.json", path) >= LS_PATH_MAX) return NULL;
  if (ls_file_read(manifest, MANIFEST_BYTES_MAX, &text, &size, NULL) != LS_OK) return NULL;
  if (strstr(text, "lightspine") != NULL) return text;
  free(text);
  return NULL;
}

/* Whether a manifest lists a file: its name stands there as a JSON text. Some are there only while
 * a run goes on. */
static bool is_listed(const char *manifest, const char *name)
{
  static const char *const passing[] = {"manifest.json", "run.db-wal", "run.db-shm",
                                        LS_FOLDER_UNFINISHED, LS_FOLDER_EXPORT};
  char quoted[NAME_MAX + 3];
  if (manifest == NULL) return false;
  for (size_t i = 0; i < sizeof passing / sizeof *passing; i++)
    if (strcmp(name, passing[i]) == 0) return true;
  snprintf(quoted, sizeof quoted, "\"%s\"", name);
  return strstr(manifest, quoted) != NULL;
}

ls_status ls_folder_check(const char *path, ls_error *error)
{
  DIR *folder = opendir(path);
  if (folder == NULL && errno == ENOENT) return LS_OK;
  if (folder == NULL && errno == ENOTDIR)
    return ls_error_set(error, LS_ERR_INPUT, path, 0, NULL, "is not a folder");
  if (folder == NULL)
    return ls_error_set(error, LS_ERR_INPUT, path, 0, NULL, "cannot be read: %s", strerror(errno));
  char *manifest = manifest_read(path), foreign[NAME_MAX + 1] = "";
  for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder))
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
        !is_listed(manifest, entry->d_name))
      snprintf(foreign, sizeof foreign, "%s", entry->d_name);
  closedir(folder);
  free(manifest);
  if (!foreign[0]) return LS_OK;
  return ls_error_set(error, LS_ERR_INPUT, path, 0, NULL,
                      "is a folder with other files in it, such as %s: only an empty one, or one "
                      "that holds nothing but what lightspine wrote, is replaced",
                      foreign);
}

/* Creates the folders above path that are missing. */
static ls_status parents_create(const char *path, ls_error *error)
{
  char folder[LS_PATH_MAX];
  snprintf(folder, sizeof folder, "%s", path);
  for (char *slash = strchr(folder + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    struct stat stat_now;
    const int cause = mkdir(folder, 0777) == 0 ? 0 : errno;
    if (cause != 0 && (stat(folder, &stat_now) != 0 || !S_ISDIR(stat_now.st_mode))) {
      errno = cause;
      return io_error(error, folder, "cannot be created as a folder");
    }
    *slash = '/';
  }
  return LS_OK;
}

/* Removes the temporary siblings of path whose process is no more: it was killed at work. */
static void leftovers_remove(const char *path)
{
  char folder[LS_PATH_MAX], found[LS_PATH_MAX], rest = '\0';
  int folder_length = 0;
  const char *name = NULL;
  long process = 0;
  unsigned counter = 0;
  path_split(path, &folder_length, &name);
  snprintf(folder, sizeof folder, "%.*s", folder_length > 0 ? folder_length : 1,
           folder_length > 0 ? path : ".");
  DIR *stream = opendir(folder);
  if (stream == NULL) return;
  const size_t length = strlen(name);
  for (struct dirent *entry = readdir(stream); entry != NULL; entry = readdir(stream)) {
    const char *ending = entry->d_name + 1 + length;
    if (entry->d_name[0] != '.' || strncmp(entry->d_name + 1, name, length) != 0 ||
        sscanf(ending, ".%ld-%u.tm%c", &process, &counter, &rest) != 3 || rest != 'p' ||
        process <= 0 || (kill((pid_t)process, 0) == 0 || errno != ESRCH))
      continue;
    if (snprintf(found, sizeof found, "%.*s%s", folder_length, path, entry->d_name) < LS_PATH_MAX)
      (void)tree_remove(found);
  }
  closedir(stream);
}

void ls_folder_leftovers_remove(const char *path)
{
  char resolved[LS_PATH_MAX];
  if (path_resolve(path, resolved, NULL) == LS_OK) leftovers_remove(resolved);
}

/* The part of opening that is the same wherever the temporary folder is. */
static ls_status folder_prepare(const char *path, char resolved[LS_PATH_MAX], ls_error *error)
{
  ls_status status = path_resolve(path, resolved, error);
  if (status == LS_OK) status = ls_folder_check(resolved, error);
  if (status == LS_OK) status = parents_create(resolved, error);
  if (status == LS_OK) leftovers_remove(resolved);
  return status;
}

ls_status ls_folder_open(ls_folder_writer *writer, const char *path, ls_error *error)
{
  *writer = (ls_folder_writer){0}; /* so that abandoning it is harmless after an error too */
  char resolved[LS_PATH_MAX], temporary[LS_PATH_MAX];
  const ls_status status = folder_prepare(path, resolved, error);
  if (status != LS_OK) return status;
  bool is_created = false;
  for (int i = 0; i < NAME_TRIES && !is_created; i++) {
    sibling_name(resolved, temporary);
    is_created = mkdir(temporary, 0777) == 0;
    if (!is_created && errno != EEXIST) break;
  }
  if (!is_created) return io_error(error, path, "cannot be created");
  memcpy(writer->path, resolved, sizeof resolved);
  memcpy(writer->temporary, temporary, sizeof temporary);
  return LS_OK;
}

ls_status ls_folder_open_inside(ls_folder_writer *writer, const char *path, const char *inside,
                                ls_error *error)
{
  *writer = (ls_folder_writer){0};
  char resolved[LS_PATH_MAX], temporary[LS_PATH_MAX];
  ls_status status = folder_prepare(path, resolved, error);
  if (status == LS_OK) status = ls_path_join(inside, LS_FOLDER_EXPORT, "", temporary, error);
  if (status != LS_OK) return status;
  (void)tree_remove(temporary); /* of a process that was killed at this */
  if (mkdir(temporary, 0777) != 0) return io_error(error, temporary, "cannot be created");
  memcpy(writer->path, resolved, sizeof resolved);
  memcpy(writer->temporary, temporary, sizeof temporary);
  writer->is_inside = true;
  return LS_OK;
}

/* Moves the finished folder to its name, over an empty folder or in place of an older one. */
static ls_status folder_replace(const ls_folder_writer *writer, ls_error *error)
{
  if (rename(writer->temporary, writer->path) == 0) return LS_OK;
  if (errno != ENOTEMPTY && errno != EEXIST)
    return io_error(error, writer->path, "cannot be replaced");
  /* What came to lie there since the folder was opened is not ours to remove. */
  ls_status status = ls_folder_check(writer->path, error);
  if (status != LS_OK) return LS_ERR_IO;
  char old[LS_PATH_MAX];
  sibling_name(writer->path, old);
  /* At one stroke, so that one of the two is there at any moment; where the file system cannot,
   * in two. */
  if (renameat2(AT_FDCWD, writer->temporary, AT_FDCWD, writer->path, RENAME_EXCHANGE) == 0) {
    if (tree_remove(writer->temporary) == 0) return LS_OK;
    return io_error(error, writer->temporary, "older results cannot be removed");
  }
  if (rename(writer->path, old) != 0) return io_error(error, writer->path, "cannot be replaced");
  if (rename(writer->temporary, writer->path) != 0) {
    status = io_error(error, writer->path, "cannot be replaced");
    if (rename(old, writer->path) != 0)
      status = ls_error_set(error, LS_ERR_IO, writer->path, 0, NULL,
                            "cannot be replaced, its older contents are now in %s", old);
    return status;
  }
  if (tree_remove(old) != 0) return io_error(error, old, "older results cannot be removed");
  return LS_OK;
}

/* Takes a temporary folder that is inside of what it replaces out of there. */
static ls_status folder_leave(ls_folder_writer *writer, ls_error *error)
{
  char sibling[LS_PATH_MAX];
  sibling_name(writer->path, sibling);
  if (rename(writer->temporary, sibling) != 0)
    return io_error(error, writer->path, "cannot be replaced");
  memcpy(writer->temporary, sibling, sizeof sibling);
  return LS_OK;
}

ls_status ls_folder_commit(ls_folder_writer *writer, ls_error *error)
{
  char inside[LS_PATH_MAX];
  snprintf(inside, sizeof inside, "%s/", writer->temporary);
  parent_sync(inside);
  ls_status status = writer->is_inside ? folder_leave(writer, error) : LS_OK;
  if (status == LS_OK) status = folder_replace(writer, error);
  ls_folder_abandon(writer); /* after a success there is nothing under the temporary name */
  if (status == LS_OK) parent_sync(writer->path);
  return status;
}

void ls_folder_abandon(ls_folder_writer *writer)
{
  if (writer->temporary[0] != '\0') (void)tree_remove(writer->temporary);
  writer->temporary[0] = '\0';
}

void ls_folder_fail(ls_folder_writer *writer, ls_error *error)
{
  const size_t length = strlen(writer->temporary);
  if (error != NULL && length > 0 && strncmp(error->file, writer->temporary, length) == 0) {
    char file[sizeof error->file];
    snprintf(file, sizeof file, "%s%s", writer->path, error->file + length);
    memcpy(error->file, file, sizeof file);
  }
  ls_folder_abandon(writer);
}

void ls_folder_remove(const char *path)
{
  if (ls_folder_check(path, NULL) == LS_OK) (void)tree_remove(path);
}
