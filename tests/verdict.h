/* What the verifier says of an export or of its edited text, for the tests of the verifier. */
#ifndef LS_TEST_VERDICT_H
#define LS_TEST_VERDICT_H

#include "exported.h"

#include "../host/verify.h"

typedef struct verdict {
  ls_status status;
  ls_verify_report *report;
  ls_error error;
} verdict;

static inline verdict verify_path(const char *path, const char *catalog_path)
{
  verdict made = {LS_OK, shim_alloc(sizeof *made.report), {"", 0, "", ""}};
  const ls_verify_options options = {catalog_path, false};
  made.status = ls_verify_file(path, &options, made.report, &made.error);
  return made;
}

static inline verdict verify_text(const char *text)
{
  const char *path = shim_format("%s/edited.graphml", shim_folder());
  shim_file_write(path, text, strlen(text));
  return verify_path(path, NULL);
}

static inline bool is_named(const verdict *made, const char *where, const char *what)
{
  for (int32_t i = 0; i < made->report->mismatch_count && i < LS_MISMATCH_MAX; i++)
    if (strcmp(made->report->mismatches[i].where, where) == 0 &&
        (what == NULL || strcmp(made->report->mismatches[i].what, what) == 0))
      return true;
  return false;
}

static inline void expect_ok(const verdict *made)
{
  EXPECT_STATUS(made->status, LS_OK);
  for (int32_t i = 0; i < made->report->mismatch_count && i < 3; i++)
    LS_TEST_FAIL("%s: %s claimed %s, found %s", made->report->mismatches[i].where,
                 made->report->mismatches[i].what, made->report->mismatches[i].claimed,
                 made->report->mismatches[i].found);
}

/* One figure of one element of a file, changed. */
typedef struct lie {
  const char *tag, *mark, *key, *value;
  const char *what; /* NULL: any mismatch of that element */
} lie;

/* The verifier names the element and what is wrong. */
static inline void expect_lie_named(const char *text, const lie *told)
{
  char id[128];
  const char *at = exported_element(text, told->tag, told->mark, id);
  char *edited = at == NULL ? NULL : exported_set(text, at, told->key, told->value);
  if (edited == NULL) return;
  const verdict found = verify_text(edited);
  EXPECT_STATUS(found.status, LS_ERR_NO);
  EXPECT_FALSE(found.report->is_ok);
  if (!is_named(&found, id, told->what))
    LS_TEST_FAIL("%s = %s of %s was not named", told->key, told->value, id);
}

#endif
