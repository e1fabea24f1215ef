/* Documents say what the program does: functions that docs/model.md names exist, and the picks of
 * docs/years.md are those that the program prints. */
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "../kernels/apsp_backend.h"
#include "../kernels/evaluate.h"
#include "../kernels/killer_pool.h"
#include "../kernels/sweep_chunk.h"
#include "page.h"
#include "shim/shim.h"

/* Whether text has the name, as a whole word, before a bracket: a definition or a call. */
static bool has_function(const char *text, const char *name)
{
  const size_t length = strlen(name);
  for (const char *at = text; (at = strstr(at, name)); at += length) {
    const char before = at == text ? ' ' : at[-1];
    if (at[length] == '(' && !isalnum((unsigned char)before) && before != '_') return true;
  }
  return false;
}

static bool file_has(const char *path, const char *name)
{
  const char *text = shim_file_read(path, NULL);
  return text && has_function(text, name);
}

static bool has_text(const char *text, const char *part) { return strstr(text, part) != NULL; }

/* Whether a source of the folder has the name, by one of the above. */
static bool folder_has(const char *folder, const char *name,
                       bool (*has)(const char *text, const char *name))
{
  const char *path = shim_format("%s/%s", LS_TEST_SOURCE_DIR, folder);
  DIR *directory = opendir(path);
  bool is_found = false;
  for (struct dirent *entry; directory && !is_found && (entry = readdir(directory));) {
    const char *dot = strrchr(entry->d_name, '.');
    if (!dot || (strcmp(dot, ".c") != 0 && strcmp(dot, ".h") != 0)) continue;
    const char *text = shim_file_read(shim_format("%s/%s", path, entry->d_name), NULL);
    is_found = text && has(text, name);
  }
  if (directory) closedir(directory);
  return is_found;
}

/* `ls_name`, or `file.c:name` for what is static; other words are keys and files. */
static bool is_function(const char *word)
{
  return strncmp(word, "ls_", 3) == 0 || strstr(word, ".c:");
}

static bool function_exists(const char *word)
{
  const char *colon = strchr(word, ':');
  if (!colon)
    return folder_has("kernels", word, has_function) || folder_has("host", word, has_function);
  const int length = (int)(colon - word);
  return file_has(shim_format("%s/host/%.*s", LS_TEST_SOURCE_DIR, length, word), colon + 1);
}

/* Calls judge with every word in backquotes. */
static void words_visit(const char *text, void (*judge)(const char *word, int32_t *count),
                        int32_t *count)
{
  for (const char *at = text; (at = strchr(at, '`'));) {
    const char *end = strchr(++at, '`');
    if (!end) return;
    judge(shim_format("%.*s", (int)(end - at), at), count);
    at = end + 1;
  }
}

static void function_judge(const char *word, int32_t *count)
{
  if (!is_function(word)) return;
  ++*count;
  if (!function_exists(word)) LS_TEST_FAIL("docs/model.md names %s, which is nowhere", word);
}

LS_TEST(Docs, functions_of_the_model_exist)
{
  const char *text = shim_file_read(LS_TEST_SOURCE_DIR "/docs/model.md", NULL);
  int32_t count = 0;
  ASSERT_TRUE(text != NULL);
  words_visit(text, function_judge, &count);
  EXPECT_LT_I64(100, count);
}

/* A key of a spec with its block, as `economics.years`, or of a catalog, as `tx_dbm`. */
static bool is_key(const char *word)
{
  bool has_mark = false;
  for (const char *c = word; *c; c++) {
    if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != '_' && *c != '.')
      return false;
    has_mark |= *c == '_' || *c == '.';
  }
  const size_t length = strlen(word);
  const bool is_file = length > 2 && word[length - 2] == '.';
  return has_mark && !is_file && !is_function(word);
}

/* As a row of its block's table; a mapping by the rows of what is in it. */
static bool key_exists(const char *page, const char *word)
{
  const char *dot = strchr(word, '.');
  if (!dot) return strstr(page, shim_format("\n| `%s` |", word)) != NULL;
  const char *heading = shim_format("### `%.*s`", (int)(dot - word), word);
  const char *block = page_section(page, heading);
  return block && (strstr(block, shim_format("\n| `%s` |", dot + 1)) ||
                   strstr(block, shim_format("\n| `%s.", dot + 1)));
}

static void key_judge(const char *word, int32_t *count)
{
  const char *inputs = shim_file_read(LS_TEST_SOURCE_DIR "/docs/inputs.md", NULL);
  const char *formats = shim_file_read(LS_TEST_SOURCE_DIR "/docs/formats.md", NULL);
  if (!is_key(word)) return;
  ++*count;
  if (!inputs || !formats ||
      (!key_exists(inputs, word) && !strstr(formats, shim_format("`%s`", word))))
    LS_TEST_FAIL("docs/model.md names the key %s, which no other page explains", word);
}

LS_TEST(Docs, keys_of_the_model_exist)
{
  const char *text = shim_file_read(LS_TEST_SOURCE_DIR "/docs/model.md", NULL);
  int32_t count = 0;
  ASSERT_TRUE(text != NULL);
  words_visit(text, key_judge, &count);
  EXPECT_LT_I64(60, count);
}

/* The counts of docs/kernels.md rest on these sizes: where one of them changes, so does the page.
 */
LS_TEST(Docs, sizes_of_the_kernels_page_are_those_of_the_code)
{
  const char *page = shim_file_read(LS_TEST_SOURCE_DIR "/docs/kernels.md", NULL);
  ASSERT_TRUE(page != NULL);
  EXPECT_CONTAINS(page, shim_format("(`ls_tier_row`) is %d bytes: %d metrics",
                                    (int)sizeof(ls_tier_row), LS_METRIC_COUNT));
  EXPECT_CONTAINS(page, shim_format("and %d resources", LS_RESOURCE_MAX));
  EXPECT_CONTAINS(page,
                  shim_format("(`ls_problem`) is %d,%03d bytes", (int)(sizeof(ls_problem) / 1000),
                              (int)(sizeof(ls_problem) % 1000)));
  EXPECT_CONTAINS(page, shim_format("global memory, %d bytes each", (int)sizeof(ls_front_member)));
  EXPECT_CONTAINS(page, shim_format("lately dominated others (%d of them)", LS_POOL_SIZE));
  EXPECT_CONTAINS(page, shim_format("chunks of %d ", LS_CHUNK_MAX));
  EXPECT_CONTAINS(page, shim_format("candidate (`ls_apsp_candidate`) of %d bytes; its answer "
                                    "(`ls_apsp_sum`) is %d bytes",
                                    (int)sizeof(ls_apsp_candidate), (int)sizeof(ls_apsp_sum)));
  EXPECT_CONTAINS(page, shim_format("tables of darts of %d bytes", (int)sizeof(ls_apsp_dart)));
}

/* Of section 10: `Suite.test`. */
static void test_judge(const char *word, int32_t *count)
{
  const char *dot = strchr(word, '.');
  if (!isupper((unsigned char)word[0]) || !dot) return;
  ++*count;
  const char *test = shim_format("LS_TEST(%.*s, %s)", (int)(dot - word), word, dot + 1);
  if (!folder_has("tests", test, has_text))
    LS_TEST_FAIL("docs/model.md names %s, which is nowhere", word);
}

LS_TEST(Docs, tests_of_the_known_answers_exist)
{
  const char *text = shim_file_read(LS_TEST_SOURCE_DIR "/docs/model.md", NULL);
  const char *section = text ? strstr(text, "## 10. Known answers") : NULL;
  int32_t count = 0;
  ASSERT_TRUE(section != NULL);
  words_visit(section, test_judge, &count);
  EXPECT_LT_I64(15, count);
}

/* After an intended change of results write the page anew, with the command it names. */
LS_TEST(Docs, the_picks_of_the_years_are_what_the_program_prints)
{
  static const char *const runs[][2] = {
      {"pod-4k", "2026:2026"}, {"pod-4k", "2030:2030"}, {"scale-up-2k", "2026:2032"}};
  const char *page = shim_file_read(LS_TEST_SOURCE_DIR "/docs/years.md", NULL);
  ASSERT_TRUE(page != NULL);
  for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
    const char *const argv[] = {LS_TEST_PROGRAM,
                                "sweep",
                                shim_format(LS_TEST_SOURCE_DIR "/topologies/%s.yaml", runs[i][0]),
                                "--years",
                                runs[i][1],
                                NULL};
    shim_result result;
    ASSERT_TRUE(shim_run(argv, NULL, &result));
    EXPECT_EQ_I64(result.exit_code, 0);
    if (!strstr(page, result.out))
      LS_TEST_FAIL("docs/years.md does not have what is printed for %s %s", runs[i][0], runs[i][1]);
  }
}
