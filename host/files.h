/* Files that are whole or not there: write to a temporary name, fsync, rename. */
#ifndef LS_FILES_H
#define LS_FILES_H

#include "error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LS_PATH_MAX 4096

/* A file being written under a temporary name beside its final one. */
typedef struct ls_file_writer {
  FILE *stream;
  char path[LS_PATH_MAX], temporary[LS_PATH_MAX];
} ls_file_writer;

/* Opens the temporary file. LS_ERR_IO with *error. */
ls_status ls_file_open(ls_file_writer *writer, const char *path, ls_error *error);

/* Flushes, fsyncs, closes and renames; on any failure removes the temporary file and says so
 * (LS_ERR_IO): the final name then still holds what it held before. */
ls_status ls_file_commit(ls_file_writer *writer, ls_error *error);

/* After a write that failed: as ls_file_abandon, and says why it did. LS_ERR_IO. */
ls_status ls_file_fail(ls_file_writer *writer, ls_error *error);

/* Closes and removes the temporary file; harmless after a commit. */
void ls_file_abandon(ls_file_writer *writer);

/* LS_ERR_IO with the reason when the standard output cannot be written, or could not before. */
ls_status ls_stdout_flush(ls_error *error);

/* Reads a whole file of at most size_max bytes. *text is terminated and freed by the caller.
 * LS_ERR_INPUT when it is missing, unreadable, a folder or larger; LS_ERR_MEMORY. */
ls_status ls_file_read(const char *path, size_t size_max, char **text, size_t *size,
                       ls_error *error);

/* folder/name and a suffix. LS_ERR_INPUT: too long. */
ls_status ls_path_join(const char *folder, const char *name, const char *suffix,
                       char path[LS_PATH_MAX], ls_error *error);

/* SHA-256 in lower-case hexadecimal. */
void ls_sha256(const void *bytes, size_t size, char hex[65]);

/* In the folder of a run that goes on: what is to replace it, and beside the results of an older
 * run, the new one's folder. */
#define LS_FOLDER_EXPORT "export.tmp"
#define LS_FOLDER_UNFINISHED "unfinished"

/* Whether a folder may be written to path: it is missing, empty, or holds nothing but what its
 * manifest.json, one of ours, lists, and what is there while a run goes on. LS_ERR_INPUT says why
 * not. */
ls_status ls_folder_check(const char *path, ls_error *error);

/* A folder that appears whole: files are written into a temporary one. */
typedef struct ls_folder_writer {
  char path[LS_PATH_MAX], temporary[LS_PATH_MAX];
  bool is_inside;
} ls_folder_writer;

/* Creates the temporary sibling of path, and path's parents; siblings that killed processes left
 * are removed. LS_ERR_INPUT when ls_folder_check refuses path; LS_ERR_IO. */
ls_status ls_folder_open(ls_folder_writer *writer, const char *path, ls_error *error);

/* As ls_folder_open, with the temporary folder inside of a folder that is path or in it: whoever is
 * killed leaves nothing beside path. */
ls_status ls_folder_open_inside(ls_folder_writer *writer, const char *path, const char *inside,
                                ls_error *error);

/* Replaces path by the temporary folder, at one stroke where the file system can, and removes the
 * old. LS_ERR_IO. */
ls_status ls_folder_commit(ls_folder_writer *writer, ls_error *error);

/* Removes the temporary siblings of path that killed processes left, as opening a writer does. */
void ls_folder_leftovers_remove(const char *path);

/* Removes a folder of ours with all in it, as far as it can be. */
void ls_folder_remove(const char *path);

/* Removes the temporary folder; harmless after a commit. */
void ls_folder_abandon(ls_folder_writer *writer);

/* After something in it failed: as ls_folder_abandon, and *error, which may be NULL, names its file
 * by where it was to be. */
void ls_folder_fail(ls_folder_writer *writer, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
