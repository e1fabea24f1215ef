/* Documents say what the program does: functions that docs/model.md names exist, and the picks of
 * docs/years.md are those that the program prints. */
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "shim/shim.h"

static bool folder_has(const char *folder, const char *name)
{
  const char *path = shim_format("%s/%s", LS_TEST_SOURCE_DIR, folder);
  DIR *directory = opendir(path);
  bool is_found = false;
  for (struct dirent *entry; directory && !is_found && (entry = readdir(directory));) {
    const char *dot = strrchr(entry->d_name, '.');
    if (!dot || (strcmp(dot, ".c") != 0 && strcmp(dot, ".h") != 0)) continue;
    const char *text = shim_file_read(shim_format("%s/%s", path, entry->d_name), NULL);
    is_found = text && strstr(text, shim_format("%s(", name));
  }
  if (directory) closedir(directory);
  return is_found;
}

LS_TEST(Docs, functions_of_the_model_exist)
{
  const char *text = shim_file_read(LS_TEST_SOURCE_DIR "/docs/model.md", NULL);
  int32_t count = 0;
  ASSERT_TRUE(text != NULL);
  for (const char *at = text; (at = strstr(at, "`ls_")); count++) {
    const char *end = ++at;
    while (isalnum((unsigned char)*end) || *end == '_') end++;
    const char *name = shim_format("%.*s", (int)(end - at), at);
    if (!folder_has("kernels", name) && !folder_has("host", name))
      LS_TEST_FAIL("docs/model.md names %s, which is nowhere", name);
    at = end;
  }
  EXPECT_LT_I64(40, count);
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
