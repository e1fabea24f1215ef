/* report.html as bytes: the same on any number of threads, and no name of an input is markup in it.
 * What it shows is looked at in a browser by report_in_a_browser.mjs. */
#include <string.h>

#include "shim/shim.h"

#define LAB LS_TEST_SOURCE_DIR "/topologies/lab-64.yaml"
#define CATALOG LS_TEST_SOURCE_DIR "/topologies/catalog.yaml"

/* The report of lab-64 with a catalog; NULL where there is none. */
static const char *report_of(const char *catalog, const char *threads)
{
  const char *folder = shim_format("%s/run", shim_folder());
  const char *const argv[] = {LS_TEST_PROGRAM, "optimize",  LAB,     "--threads",
                              threads,         "--backend", "cpu",   "-o",
                              folder,          "--catalog", catalog, NULL};
  shim_result result;
  if (!shim_run(argv, NULL, &result) || result.exit_code) return NULL;
  return shim_file_read(shim_format("%s/report.html", folder), NULL);
}

static int32_t occurrences(const char *text, const char *word)
{
  int32_t count = 0;
  for (const char *at = text; (at = strstr(at, word)); at++) count++;
  return count;
}

LS_TEST(Report, has_the_same_bytes_on_any_number_of_threads)
{
  const char *one = report_of(CATALOG, "1"), *two = report_of(CATALOG, "2");
  ASSERT_TRUE(one != NULL && two != NULL);
  EXPECT_TRUE(strcmp(one, two) == 0);
  EXPECT_CONTAINS(one, "<title>");
  EXPECT_CONTAINS(one, "</html>");
}

LS_TEST(Report, takes_no_name_for_markup)
{
  const char *plain = report_of(CATALOG, "1");
  const char *text = shim_file_read(CATALOG, NULL);
  const char *catalog = shim_format("%s/hostile.yaml", shim_folder());
  ASSERT_TRUE(plain != NULL && text != NULL);
  const char *title = strstr(text, "'ipinfusion.com");
  ASSERT_TRUE(title != NULL);
  const char *hostile =
      shim_format("%.*s<!--</script><b>%s", (int)(title + 1 - text), text, title + 1);
  ASSERT_TRUE(shim_file_write(catalog, hostile, strlen(hostile)));
  const char *report = report_of(catalog, "1");
  ASSERT_TRUE(report != NULL);
  EXPECT_CONTAINS(report, "\\u003c!--\\u003c/script>\\u003cb>ipinfusion.com");
  EXPECT_EQ_I64(occurrences(report, "</script"), occurrences(plain, "</script"));
  EXPECT_EQ_I64(occurrences(report, "<!--"), occurrences(plain, "<!--"));
}
