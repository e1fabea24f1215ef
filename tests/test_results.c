/* What `results` tells of runs, from their stores. */
#include "resumed.h"

/* Two runs of one spec, of which one may build less, in a new folder: its path. */
static const char *two_runs(void)
{
  const char *root = shim_folder();
  const char *const first[] = {"optimize", RESUMED_SPEC("lab-64"), "-o",
                               shim_format("%s/whole", root), NULL};
  const char *const second[] = {
      "optimize", RESUMED_SPEC("lab-64"), "-o", shim_format("%s/brief", root), "--supply", "low",
      NULL};
  EXPECT_EQ_I64(resumed_run(first).exit_code, 0);
  EXPECT_EQ_I64(resumed_run(second).exit_code, 0);
  return root;
}

LS_TEST(Results, tell_of_one_all_and_two)
{
  const char *root = two_runs();
  const char *whole = shim_format("%s/whole", root), *brief = shim_format("%s/brief", root);
  const char *const show[] = {"results", "show", whole, NULL};
  const char *const list[] = {"results", "list", root, NULL};
  const char *const compare[] = {"results", "compare", whole, brief, "--json", NULL};
  const char *shown = resumed_run(show).out;
  EXPECT_CONTAINS(shown, "lab-64, seed 1, finished");
  EXPECT_CONTAINS(shown, "knee");
  EXPECT_CONTAINS(shown, "all-pluggable");
  const char *listed = resumed_run(list).out;
  EXPECT_CONTAINS(listed, whole);
  EXPECT_CONTAINS(listed, brief);
  const char *compared = resumed_run(compare).out;
  EXPECT_CONTAINS(compared, "\"same_spec\": true");
  EXPECT_CONTAINS(compared, "\"name\": \"cheapest\"");
  /* What the store says of the cheapest is what the table of the front does. */
  const char *table = shim_file_read(shim_format("%s/pareto.json", whole), NULL);
  const char *capex = strstr(compared, "\"capex_usd\": ");
  ASSERT_TRUE(capex != NULL && table != NULL);
  EXPECT_CONTAINS(table, shim_format("%.*s", (int)strcspn(capex, ",\n"), capex));
  EXPECT_EQ_I64(resumed_entries(whole), resumed_entries(brief)); /* nothing is left by looking */
}

LS_TEST(Results, tell_of_runs_that_are_killed_or_at_work)
{
  const char *root = shim_folder(), *folder = shim_format("%s/run", root);
  const char *const words[] = {"optimize", RESUMED_SPEC("pod-4k"), "-o", folder, NULL};
  const char *const show[] = {"results", "show", folder, NULL};
  const char *const list[] = {"results", "list", root, NULL};
  const pid_t child = resumed_start(words, NULL);
  ASSERT_TRUE(resumed_await(shim_format("%s/run.db-wal", folder)));
  resumed_sleep(100000); /* until it has the lock */
  const shim_result busy = resumed_run(list);
  kill(child, SIGKILL);
  resumed_wait(child);
  EXPECT_EQ_I64(busy.exit_code, 0);
  EXPECT_CONTAINS(busy.out, "another run is at work");
  const shim_result killed = resumed_run(show);
  EXPECT_EQ_I64(killed.exit_code, 0);
  EXPECT_CONTAINS(killed.out, "running");
  const char *const again[] = {"optimize", "--resume", folder, "--time-limit", "1", NULL};
  EXPECT_TRUE(resumed_run(again).exit_code != 2); /* looking harmed nothing */
}

LS_TEST(Results, mistakes_are_told)
{
  const char *root = shim_folder();
  const char *const nothing[] = {"results", "show", root, NULL};
  const char *const word[] = {"results", "tell", root, NULL};
  EXPECT_EQ_I64(resumed_run(nothing).exit_code, 2);
  EXPECT_CONTAINS(resumed_run(nothing).err, "holds no run");
  EXPECT_EQ_I64(resumed_run(word).exit_code, 2);
  EXPECT_CONTAINS(resumed_run(word).err, "list [FOLDER], show DIR or compare DIR DIR");
}
