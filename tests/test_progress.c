/* What people and machines see of a run that goes on. */
#include <pty.h>

#include "../host/yaml_tree.h"
#include "resumed.h"

LS_TEST(Progress, every_line_of_the_log_is_an_object)
{
  const char *root = shim_folder(), *folder = shim_format("%s/run", root);
  const char *path = shim_format("%s/log.jsonl", root);
  const char *const words[] = {
      "optimize", RESUMED_SPEC("pod-512"), "-o", folder, "--log", path, "--quiet", NULL};
  const shim_result result = resumed_run(words);
  ASSERT_EQ_I64(result.exit_code, 0);
  EXPECT_STREQ(result.err, "");
  const char *log = shim_file_read(path, NULL);
  ASSERT_TRUE(log != NULL);
  int32_t count = 0;
  for (const char *line = log; *line; line += strcspn(line, "\n") + 1, count++) {
    const char *text = shim_format("%.*s", (int)strcspn(line, "\n"), line);
    ls_yaml_tree tree;
    ls_error error;
    ASSERT_STATUS(ls_yaml_parse(text, strlen(text), path, &tree, &error), LS_OK);
    EXPECT_TRUE(text[0] == '{' && strstr(text, "\"event\": ") && strstr(text, "\"seconds\": "));
    ls_yaml_destroy(&tree);
  }
  EXPECT_LT_I64(10, count);
  EXPECT_CONTAINS(log, "\"event\": \"start\"");
  EXPECT_CONTAINS(log, "\"phase\": \"level 2\"");
  EXPECT_CONTAINS(log, "\"incumbent\": ");
  EXPECT_CONTAINS(log, "\"state\": \"finished\"");
}

LS_TEST(Progress, a_log_that_cannot_be_written_is_said_at_once)
{
  const char *root = shim_folder();
  const char *const words[] = {"optimize", RESUMED_SPEC("lab-64"),
                               "-o",       shim_format("%s/run", root),
                               "--log",    shim_format("%s/no/log.jsonl", root),
                               NULL};
  const shim_result result = resumed_run(words);
  EXPECT_EQ_I64(result.exit_code, 3);
  EXPECT_CONTAINS(result.err, "--log");
  EXPECT_EQ_I64(resumed_entries(root), 0);
}

/* On a terminal one line is drawn again and again; elsewhere there are lines without control. */
LS_TEST(Progress, is_one_line_on_a_terminal)
{
  enum { CAPACITY = 1 << 16 };
  const char *folder = shim_format("%s/run", shim_folder());
  char *seen = shim_alloc(CAPACITY);
  int master = -1;
  const pid_t child = forkpty(&master, NULL, NULL, NULL);
  if (child == 0) {
    dup2(open("/dev/null", O_WRONLY), 1);
    alarm(240);
    execl(LS_TEST_PROGRAM, LS_TEST_PROGRAM, "optimize", RESUMED_SPEC("pod-512"), "-o", folder,
          (char *)NULL);
    _exit(127);
  }
  size_t size = 0;
  for (ssize_t count; (count = read(master, seen + size, CAPACITY - 1 - size)) > 0;)
    size += (size_t)count;
  EXPECT_EQ_I64(resumed_wait(child), 0);
  close(master);
  int32_t lines = 0, redraws = 0;
  for (size_t i = 0; i < size; i++) {
    lines += seen[i] == '\n';
    redraws += seen[i] == '\r' && seen[i + 1] != '\n' && seen[i + 1] != '\r';
  }
  EXPECT_LE_I64(lines, 2); /* what level 1 found, and why there is no GPU */
  EXPECT_LT_I64(2, redraws);
  EXPECT_CONTAINS(seen, "pod-512: level ");
  EXPECT_TRUE(size >= 4 && strcmp(seen + size - 4, "\r\033[K") == 0); /* and is gone at the end */

  const char *const words[] = {"optimize", RESUMED_SPEC("pod-512"), "-o", folder, NULL};
  const shim_result plain = resumed_run(words);
  EXPECT_TRUE(strchr(plain.err, '\r') == NULL && strchr(plain.err, '\033') == NULL);
  EXPECT_CONTAINS(plain.err, "million designs/s");
}

/* With a wide gap the first round is enough; the same on any threads. */
LS_TEST(Progress, a_gap_ends_the_search)
{
  const char *root = shim_folder();
  const char *one = shim_format("%s/one", root), *two = shim_format("%s/two", root);
  const char *const first[] = {
      "optimize", RESUMED_SPEC("pod-512"), "-o", one, "--gap", "0.5", "--threads", "1", NULL};
  const char *const second[] = {
      "optimize", RESUMED_SPEC("pod-512"), "-o", two, "--gap", "0.5", "--threads", "2", NULL};
  ASSERT_EQ_I64(resumed_run(first).exit_code, 0);
  ASSERT_EQ_I64(resumed_run(second).exit_code, 0);
  EXPECT_LT_I64(20, resumed_compare(one, two));
  EXPECT_CONTAINS(shim_file_read(shim_format("%s/pareto.json", one), NULL),
                  "\"level2_rounds\": 3,");
}
