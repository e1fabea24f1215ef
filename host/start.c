#include "start.h"

#include <stdlib.h>
#include <string.h>

#include "../kernels/evaluate.h"
#include "design_read.h"
#include "files.h"
#include "variant.h"

/* The value of a key of the graph in the text of an exported file. */
static void value_find(const char *text, const char *key, char *value, size_t capacity)
{
  char mark[64];
  snprintf(mark, sizeof mark, "<data key=\"%s\">", key);
  const char *found = strstr(text, mark);
  value[0] = '\0';
  if (!found) return;
  found += strlen(mark);
  snprintf(value, capacity, "%.*s", (int)strcspn(found, "<"), found);
}

/* An exported file has the rank, which means the same where spec and catalog are the same. */
static ls_status graphml_read(const ls_session *session, const char *path, uint64_t *rank,
                              ls_error *error)
{
  char *text, spec[65], catalog[65], number[24], *end;
  size_t size;
  const ls_status status = ls_file_read(path, (size_t)1 << 31, &text, &size, error);
  if (status != LS_OK) return status;
  value_find(text, "g_spec_sha256", spec, sizeof spec);
  value_find(text, "g_catalog_sha256", catalog, sizeof catalog);
  value_find(text, "g_rank", number, sizeof number);
  free(text);
  *rank = strtoull(number, &end, 10);
  if (strcmp(spec, session->spec->sha256) == 0 && strcmp(catalog, session->catalog->sha256) == 0 &&
      number[0] && !*end && *rank < session->problem->space_size)
    return LS_OK;
  return ls_error_set(error, LS_ERR_INPUT, path, 0, "--start",
                      "is no design of this spec and catalog; of another spec give the design in "
                      "words, as under `design` in its pareto.json");
}

/* A design in words is found in the narrow space that it names, and then in this one. */
static ls_status words_read(const ls_session *session, const char *path, uint64_t *rank,
                            ls_error *error)
{
  ls_design_file design;
  ls_session narrow = {0};
  uint64_t narrow_rank = 0;
  ls_status status = ls_design_read(path, &design, error);
  if (status != LS_OK) return status;
  status = ls_variant_create(session, &narrow, error);
  if (status != LS_OK) return status;
  status = ls_design_narrow(&design, narrow.catalog, narrow.spec, error);
  if (status == LS_OK) status = ls_variant_build(&narrow, error);
  if (status == LS_OK)
    status = ls_design_rank(&design, narrow.catalog, narrow.problem, &narrow_rank, error);
  if (status == LS_OK)
    status = ls_design_rank_wide(&design, session->catalog, narrow.problem, narrow_rank,
                                 session->problem, rank, error);
  ls_variant_destroy(&narrow);
  return status;
}

ls_status ls_start_read(ls_session *session, const char *path, ls_error *error)
{
  const char *ending = strrchr(path, '.');
  const bool is_graphml = ending && strcmp(ending, ".graphml") == 0;
  const ls_status status = is_graphml ? graphml_read(session, path, &session->start_rank, error)
                                      : words_read(session, path, &session->start_rank, error);
  session->has_start = status == LS_OK;
  return status;
}
