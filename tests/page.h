/* Pages of docs/ as tests look at them: one section at a time. */
#ifndef LS_TEST_PAGE_H
#define LS_TEST_PAGE_H

#include <string.h>

#include "shim/shim.h"

/* From the line that is heading ("## ..." or "### ...") to the next one of its rank or a higher
 * one; NULL: there is none. */
static inline char *page_section(const char *text, const char *heading)
{
  const char *start = strstr(text, shim_format("\n%s\n", heading));
  if (!start) return NULL;
  const char *same = heading[2] == '#' ? strstr(start + 1, "\n### ") : NULL;
  const char *end = strstr(start + 1, "\n## ");
  if (!end || (same && same < end)) end = same ? same : end;
  return end ? shim_format("%.*s", (int)(end - start), start) : shim_format("%s", start);
}

#endif
