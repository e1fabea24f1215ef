#include "inputs_copy.h"

#include <stdlib.h>
#include <string.h>

#include "files.h"

/* Copies an input as it was read: its hash must still be the same. */
static ls_status input_copy(const char *from, const char *sha256, const char *folder,
                            const char *name, ls_error *error)
{
  char path[LS_PATH_MAX];
  char *text = NULL;
  size_t size;
  ls_file_writer writer;
  char sha256_now[65];
  ls_status status = ls_file_read(from, (size_t)1 << 24, &text, &size, error);
  if (status == LS_OK) {
    ls_sha256(text, size, sha256_now);
    if (strcmp(sha256, sha256_now) != 0)
      status = ls_error_set(error, LS_ERR_INPUT, from, 0, NULL,
                            "has changed since it was read; it must be a file that stays");
  }
  if (status == LS_OK) status = ls_path_join(folder, name, "", path, error);
  if (status == LS_OK) status = ls_file_open(&writer, path, error);
  if (status == LS_OK) {
    (void)fwrite(text, 1, size, writer.stream);
    status = ls_file_commit(&writer, error);
  }
  free(text);
  return status;
}

/* The demand that was read, under the name by which the spec beside it finds it. */
static ls_status matrix_copy(const ls_session *session, const char *folder, ls_error *error)
{
  char path[LS_PATH_MAX];
  if (!session->matrix) return LS_OK;
  const ls_status status = ls_path_join(folder, session->spec->traffic.matrix, "", path, error);
  return status == LS_OK ? ls_demand_write(session->matrix, path, error) : status;
}

ls_status ls_inputs_copy(const ls_session *session, const char *spec_path, const char *catalog_path,
                         const char *folder, ls_error *error)
{
  ls_status status = input_copy(spec_path, session->spec->sha256, folder, "spec.yaml", error);
  if (status == LS_OK)
    status = input_copy(catalog_path, session->catalog->sha256, folder, "catalog.yaml", error);
  return status == LS_OK ? matrix_copy(session, folder, error) : status;
}
