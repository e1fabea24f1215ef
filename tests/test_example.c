/* The committed example: it is what the program writes today, it verifies, and a change of one
 * weight, optic or length in it is named. After an intended change of results, write it anew:
 * build/lightspine optimize topologies/pod-512.yaml -o results/example-pod-512 */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "shim/shim.h"

static const char *const example = LS_TEST_SOURCE_DIR "/results/example-pod-512";

LS_TEST(Example, is_what_the_program_writes)
{
  const char *folder = shim_format("%s/out", shim_folder());
  const char *const argv[] = {
      LS_TEST_PROGRAM, "optimize", LS_TEST_SOURCE_DIR "/topologies/pod-512.yaml", "-o",
      folder,          NULL};
  shim_result result;
  ASSERT_TRUE(shim_run(argv, NULL, &result));
  ASSERT_EQ_I64(result.exit_code, 0);
  DIR *directory = opendir(folder);
  ASSERT_TRUE(directory != NULL);
  int32_t count = 0;
  for (struct dirent *entry; (entry = readdir(directory)); count++) {
    /* report.html holds the library of its charts, or none, as the program was built. */
    if (entry->d_name[0] == '.' || !strncmp(entry->d_name, "run.", 4) ||
        !strcmp(entry->d_name, "report.html"))
      continue;
    size_t size = 0, size_committed = 0;
    const char *written = shim_file_read(shim_format("%s/%s", folder, entry->d_name), &size);
    const char *committed =
        shim_file_read(shim_format("%s/%s", example, entry->d_name), &size_committed);
    if (!written || !committed || size != size_committed || memcmp(written, committed, size))
      LS_TEST_FAIL("%s differs from the committed example", entry->d_name);
  }
  closedir(directory);
  EXPECT_LT_I64(20, count);
}

static void verify(const char *path, shim_result *result)
{
  const char *const argv[] = {LS_TEST_PROGRAM, "verify", path, "--json", NULL};
  ASSERT_TRUE(shim_run(argv, NULL, result));
}

LS_TEST(Example, a_change_of_one_value_is_named)
{
  static const char *const keys[] = {"e_weight", "e_optic_a", "e_optic_b", "e_length_mm"};
  static const char *const files[] = {"knee", "cheapest", "fastest"};
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    const char *path = shim_format("%s/%s.graphml", example, files[i]);
    const char *text = shim_file_read(path, NULL);
    shim_result whole, changed;
    ASSERT_TRUE(text != NULL);
    verify(path, &whole);
    EXPECT_EQ_I64(whole.exit_code, 0);
    const char *edge = strstr(text, "<edge ");
    ASSERT_TRUE(edge != NULL);
    const char *id = shim_format("%.*s", (int)strcspn(edge + 10, "\""), edge + 10);
    for (size_t j = 0; j < sizeof keys / sizeof *keys; j++) {
      const char *value = strstr(edge, shim_format("<data key=\"%s\">", keys[j]));
      ASSERT_TRUE(value != NULL);
      value = strchr(value, '>') + 1;
      const char *bytes = shim_format("%.*s7%s", (int)(value - text), text, value);
      const char *copy = shim_format("%s/changed.graphml", shim_folder());
      ASSERT_TRUE(shim_file_write(copy, bytes, strlen(bytes)));
      verify(copy, &changed);
      EXPECT_EQ_I64(changed.exit_code, 1);
      EXPECT_CONTAINS(changed.out, id);
    }
  }
}
