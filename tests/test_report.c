/* report.html as bytes: the same on any number of threads, and no name of an input is markup in it.
 * What it shows is looked at in a browser by report_in_a_browser.mjs. */
#include <stdlib.h>
#include <string.h>

#include "../host/report_pictures.h"
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

/* Draws the pictures of two designs; returns what was written. */
static const char *pictures_draw(int32_t *count)
{
  static ls_verdicts verdicts;
  ls_result results[2] = {{.totals = {.capex_cents = 100000000, .optics_power_mw = 2000000}},
                          {.totals = {.capex_cents = 300000000, .optics_power_mw = 1000000}}};
  const ls_answer answer = {.level2 = {.front = results, .front_count = 2},
                            .named = {{.name = "cheapest", .result = results[0]},
                                      {.name = "least-power", .result = results[1]}},
                            .named_count = 2,
                            .pick_count = 2};
  const char *folder = shim_folder(), *path = shim_format("%s/pictures", folder);
  const ls_report report = {.answer = &answer, .verdicts = &verdicts, .folder = folder};
  ls_error error = {.line = 0};
  FILE *stream = fopen(path, "w");
  if (!stream) return NULL;
  const ls_status status = ls_report_pictures_write(&report, stream, count, &error);
  fclose(stream);
  EXPECT_STATUS(status, LS_OK);
  EXPECT_TRUE(shim_file_read(shim_format("%s/report.svg", folder), NULL) == NULL);
  return shim_file_read(path, NULL);
}

LS_TEST(Report, has_pictures_of_gnuplot_where_there_is_no_other_way)
{
  static const char *const ids[] = {"tradeoffs", "capex", "power", "tco", "throughput"};
  int32_t count = -1;
  if (system("command -v gnuplot >/dev/null") != 0)
    LS_TEST_SKIP("there is no gnuplot (Debian package gnuplot-nox)");
  const char *text = pictures_draw(&count);
  ASSERT_TRUE(text != NULL);
  EXPECT_EQ_I64(count, 5);
  for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
    EXPECT_CONTAINS(text, shim_format("<template id=\"picture-%s\"><svg", ids[i]));
  EXPECT_CONTAINS(text, "least-power");
}

LS_TEST(Report, does_without_gnuplot)
{
  const char *kept = shim_format("%s", getenv("PATH"));
  int32_t count = -1;
  setenv("PATH", shim_folder(), 1);
  const char *text = pictures_draw(&count);
  setenv("PATH", kept, 1);
  EXPECT_EQ_I64(count, 0);
  EXPECT_STREQ(text, "");
}
