/* Golden pairs: tests/data/size/NAME.args holds the options of `lightspine size`, NAME.expected
 * lines "key value" that its JSON must show, or "exit code". Add a pair, and it is tested. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shim/shim.h"

enum { WORD_MAX = 32 };

static const char *const folder = LS_TEST_SOURCE_DIR "/tests/data/size";

static void pair_check(const char *name)
{
  char *args = shim_file_read(shim_format("%s/%s.args", folder, name), NULL);
  char *expected = shim_file_read(shim_format("%s/%s.expected", folder, name), NULL);
  ASSERT_TRUE(args && expected);
  const char *argv[WORD_MAX] = {LS_TEST_PROGRAM, "size", "--json"};
  int count = 3, exit_expected = 0;
  for (char *word = strtok(args, " \n"); word && count < WORD_MAX - 1; word = strtok(NULL, " \n"))
    argv[count++] = word;
  shim_result result;
  ASSERT_TRUE(shim_run(argv, NULL, &result));
  for (char *line = strtok(expected, "\n"); line; line = strtok(NULL, "\n")) {
    char key[64], value[64];
    if (sscanf(line, "exit %d", &exit_expected) == 1) continue;
    ASSERT_EQ_I64(sscanf(line, "%63s %63s", key, value), 2);
    const char *found = strstr(result.out, shim_format("\"%s\": ", key));
    if (!found || strncmp(found + strlen(key) + 4, value, strlen(value)) ||
        strchr("0123456789", found[strlen(key) + 4 + strlen(value)]))
      LS_TEST_FAIL("%s: expected %s %s, got %s", name, key, value, result.out);
  }
  EXPECT_EQ_I64(result.exit_code, exit_expected);
}

LS_TEST(Size, golden_pairs)
{
  DIR *directory = opendir(folder);
  ASSERT_TRUE(directory != NULL);
  int count = 0;
  for (struct dirent *entry; (entry = readdir(directory));) {
    char *dot = strstr(entry->d_name, ".args");
    if (!dot || dot[5]) continue;
    *dot = '\0';
    pair_check(entry->d_name);
    count++;
  }
  closedir(directory);
  EXPECT_LE_I64(27, count);
}

LS_TEST(Size, says_what_is_wrong_with_options)
{
  static const struct {
    const char *option, *value, *sentence;
  } cases[] = {{"--family", "torus", "--family must be clos1, clos2, clos3, clos4 or rail_only"},
               {"--gpus", "-8", "--gpus must be 1..4194304, got -8"},
               {"--gpus", "99999999999999999999", "--gpus must be 1..4194304"},
               {"--radix", "many", "--radix must be 1..65536, got many"},
               {"--oversubscription", "1:3", "must be down:up of at least 1:1"},
               {"--wiring", "ring", "--wiring must be plain or rail, got ring"},
               {"--colour", "red", "is not an option of `lightspine size`"},
               {"--threads", "2", "is not an option of `lightspine size`"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const char *argv[] = {LS_TEST_PROGRAM, "size", "--family",      "clos2",        "--gpus", "64",
                          "--radix",       "64",   cases[i].option, cases[i].value, NULL};
    shim_result result;
    ASSERT_TRUE(shim_run(argv, NULL, &result));
    EXPECT_EQ_I64(result.exit_code, 2);
    EXPECT_CONTAINS(result.err, cases[i].sentence);
  }
}
