/* A run that is killed and resumed ends with the bytes of one that never was; one that is stopped
 * leaves what it found. */
#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>

#include "resumed.h"

/* Everything in a store but times: facts, front, named designs, and which steps are kept. */
static const char *store_dump(const char *folder)
{
  static const char *const queries[] = {
      "SELECT name || '=' || value FROM fact ORDER BY name",
      "SELECT rank || variant || family || planes || oversubscription || chassis || optics || "
      "capex_cents || ',' || power_mw || ',' || throughput_loss_ppm || ',' || latency_ps_max || "
      "',' "
      "|| risk_bps || ',' || tco_cents || ',' || lost_mgpuh || ',' || gpu_hour_micro_usd FROM "
      "front",
      "SELECT position || name || meaning || is_baseline || rank || variant || capex_cents || ',' "
      "|| "
      "power_mw FROM named ORDER BY position",
      "SELECT kind || key FROM step ORDER BY kind, key"};
  sqlite3 *database = NULL;
  char *text = shim_format("%s", "");
  if (sqlite3_open_v2(shim_format("%s/run.db", folder), &database, SQLITE_OPEN_READONLY, NULL)) {
    sqlite3_close(database);
    return NULL;
  }
  for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
    sqlite3_stmt *rows = NULL;
    if (sqlite3_prepare_v2(database, queries[i], -1, &rows, NULL) != SQLITE_OK)
      LS_TEST_FAIL("%s: %s", queries[i], sqlite3_errmsg(database));
    while (sqlite3_step(rows) == SQLITE_ROW)
      text = shim_format("%s\n%s", text, (const char *)sqlite3_column_text(rows, 0));
    sqlite3_finalize(rows);
  }
  sqlite3_close(database);
  return text;
}

/* A sequence of seeded numbers below a limit. */
static int64_t below(uint64_t *state, int64_t limit)
{
  *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
  return (int64_t)(*state >> 33) % limit;
}

LS_TEST(Resume, killed_at_random_moments_ends_with_the_same_bytes)
{
  enum { KILLS = 20 };
  const char *root = shim_folder(), *spec = RESUMED_SPEC("pod-512");
  const char *whole = shim_format("%s/whole", root), *folder = shim_format("%s/run", root);
  const char *const reference[] = {"optimize", spec, "-o", whole, NULL};
  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  ASSERT_EQ_I64(resumed_wait(resumed_start(reference, NULL)), 0);
  clock_gettime(CLOCK_MONOTONIC, &end);
  const int64_t us = (end.tv_sec - start.tv_sec) * 1000000 + (end.tv_nsec - start.tv_nsec) / 1000;
  const char *dump = store_dump(whole);
  ASSERT_TRUE(dump != NULL);
  uint64_t state = 20261126;
  /* Until this many kills have hit, resumed and killed again, and from the start once finished. */
  int32_t kills = 0, finished = 0;
  while (kills < KILLS && !shim_has_failed()) {
    const char *const words[] = {"optimize", spec, "--resume", folder, NULL};
    const pid_t child = resumed_start(words, NULL);
    resumed_sleep(below(&state, us + us / 10));
    kill(child, SIGKILL);
    const int code = resumed_wait(child);
    kills += code == 128 + SIGKILL;
    if (code != 128 + SIGKILL) EXPECT_EQ_I64(code, 0);
    if (code != 0) continue;
    finished++;
    resumed_compare(whole, folder);
    EXPECT_STREQ(dump, store_dump(folder));
    const char *const away[] = {"rm", "-r", folder, NULL};
    shim_result result;
    ASSERT_TRUE(shim_run(away, NULL, &result));
  }
  const char *const last[] = {"optimize", spec, "--resume", folder, NULL};
  EXPECT_EQ_I64(resumed_wait(resumed_start(last, NULL)), 0);
  EXPECT_LT_I64(20, resumed_compare(whole, folder));
  EXPECT_STREQ(dump, store_dump(folder));
  EXPECT_EQ_I64(resumed_entries(root), 2); /* nothing lies about beside the two */
}

/* Without a spec: the copies in the folder are read, whatever became of the originals. */
LS_TEST(Resume, reads_the_copies_of_the_inputs)
{
  const char *root = shim_folder(), *folder = shim_format("%s/run", root);
  const char *whole = shim_format("%s/whole", root), *spec = shim_format("%s/small.yaml", root);
  const char *text = shim_file_read(RESUMED_SPEC("pod-512"), NULL);
  ASSERT_TRUE(text != NULL && shim_file_write(spec, text, strlen(text)));
  const char *const reference[] = {"optimize", spec, "-o", whole, "--supply", "low", NULL};
  ASSERT_EQ_I64(resumed_run(reference).exit_code, 0);
  const char *const words[] = {"optimize", spec, "-o", folder, "--supply", "low", NULL};
  const pid_t child = resumed_start(words, NULL);
  ASSERT_TRUE(resumed_await(shim_format("%s/run.db", folder)));
  EXPECT_EQ_I64(access(shim_format("%s/spec.yaml", folder), F_OK), 0);
  EXPECT_EQ_I64(access(shim_format("%s/catalog.yaml", folder), F_OK), 0);
  kill(child, SIGKILL);
  ASSERT_EQ_I64(resumed_wait(child), 128 + SIGKILL);
  ASSERT_EQ_I64(unlink(spec), 0);
  const char *const again[] = {"optimize", "--resume", folder, "--threads", "1", NULL};
  EXPECT_EQ_I64(resumed_run(again).exit_code, 0);
  EXPECT_LT_I64(20, resumed_compare(whole, folder));
}

LS_TEST(Resume, a_finished_run_stays_as_it_is)
{
  const char *root = shim_folder(), *folder = shim_format("%s/run", root);
  const char *const words[] = {"optimize", RESUMED_SPEC("lab-64"), "-o", folder, NULL};
  const char *const again[] = {"optimize", "--resume", folder, "--json", NULL};
  const char *const other[] = {"optimize", RESUMED_SPEC("pod-512"), "--resume", folder, NULL};
  ASSERT_EQ_I64(resumed_run(words).exit_code, 0);
  const char *before = shim_file_read(shim_format("%s/run.json", folder), NULL);
  size_t size_before = 0, size_after = 0;
  const char *store_before = shim_file_read(shim_format("%s/run.db", folder), &size_before);
  const shim_result result = resumed_run(again);
  EXPECT_EQ_I64(result.exit_code, 0);
  EXPECT_CONTAINS(result.out, "\"finished\": true");
  EXPECT_STREQ(shim_file_read(shim_format("%s/run.json", folder), NULL), before);
  const char *store_after = shim_file_read(shim_format("%s/run.db", folder), &size_after);
  ASSERT_TRUE(store_before && store_after && size_after == size_before);
  EXPECT_EQ_I64(memcmp(store_before, store_after, size_before), 0);
  const shim_result refused = resumed_run(other);
  EXPECT_EQ_I64(refused.exit_code, 2);
  EXPECT_CONTAINS(refused.err, "was started with another spec");
}

LS_TEST(Resume, refuses_what_is_no_run_or_another)
{
  const char *root = shim_folder(), *folder = shim_format("%s/run", root);
  const char *const nothing[] = {"optimize", "--resume", folder, NULL};
  const char *const both[] = {"optimize", "--resume", folder, "-o", folder, NULL};
  const char *const foreign[] = {"optimize", "--resume", root, NULL};
  EXPECT_CONTAINS(resumed_run(nothing).err, "holds no run to go on with");
  EXPECT_CONTAINS(resumed_run(both).err, "does not go with --resume");
  ASSERT_TRUE(shim_file_write(shim_format("%s/run.db", root), "not a store, but text", 21));
  const shim_result result = resumed_run(foreign);
  EXPECT_EQ_I64(result.exit_code, 2);
  EXPECT_CONTAINS(result.err, "is no run store");
}

/* A run that is at work keeps its folder; a second one is told so. */
LS_TEST(Resume, one_run_at_a_time)
{
  const char *root = shim_folder(), *folder = shim_format("%s/run", root);
  const char *const words[] = {"optimize", RESUMED_SPEC("pod-4k"), "-o", folder, NULL};
  const pid_t child = resumed_start(words, NULL);
  ASSERT_TRUE(resumed_await(shim_format("%s/run.db", folder)));
  const shim_result second = resumed_run(words);
  kill(child, SIGKILL);
  resumed_wait(child);
  EXPECT_EQ_I64(second.exit_code, 2);
  EXPECT_CONTAINS(second.err, "another run is at work");
}

/* Older results stay until the new ones are whole. */
LS_TEST(Resume, older_results_stay_until_the_end)
{
  const char *root = shim_folder(), *folder = shim_format("%s/run", root);
  const char *const older[] = {"optimize", RESUMED_SPEC("lab-64"), "-o", folder, NULL};
  const char *const newer[] = {"optimize", RESUMED_SPEC("pod-512"), "-o", folder, NULL};
  const char *const again[] = {"optimize", "--resume", folder, NULL};
  ASSERT_EQ_I64(resumed_run(older).exit_code, 0);
  const char *before = shim_file_read(shim_format("%s/pareto.csv", folder), NULL);
  const pid_t child = resumed_start(newer, NULL);
  ASSERT_TRUE(resumed_await(shim_format("%s/unfinished/run.db", folder)));
  kill(child, SIGKILL);
  resumed_wait(child);
  EXPECT_STREQ(shim_file_read(shim_format("%s/pareto.csv", folder), NULL), before);
  EXPECT_EQ_I64(resumed_run(again).exit_code, 0);
  EXPECT_CONTAINS(shim_file_read(shim_format("%s/pareto.json", folder), NULL), "\"pod-512\"");
  EXPECT_NE_I64(access(shim_format("%s/unfinished", folder), F_OK), 0);
  EXPECT_EQ_I64(resumed_entries(root), 1);
}

/* What was killed while it began or ended beside older results is cleared away. */
LS_TEST(Resume, what_is_left_inside_of_results_is_in_nobodys_way)
{
  const char *root = shim_folder(), *folder = shim_format("%s/run", root);
  const char *const words[] = {"optimize", RESUMED_SPEC("lab-64"), "-o", folder, NULL};
  ASSERT_EQ_I64(resumed_run(words).exit_code, 0);
  const pid_t child = fork();
  if (!child) _exit(0);
  resumed_wait(child);
  const char *left = shim_format("%s/.unfinished.%ld-0.tmp", folder, (long)child);
  ASSERT_EQ_I64(mkdir(left, 0700), 0);
  EXPECT_EQ_I64(resumed_run(words).exit_code, 0);
  EXPECT_NE_I64(access(left, F_OK), 0);
}

/* Ctrl-C once it builds designs: what was found is exported and verifies; resumed, it is whole. A
 * new run leaves the folder to the one that goes on in it. */
LS_TEST(Resume, stopped_once_it_leaves_what_it_found)
{
  const char *root = shim_folder(), *folder = shim_format("%s/run", root);
  const char *told = shim_format("%s/told", root);
  const char *const words[] = {"optimize", RESUMED_SPEC("pod-4k"), "-o", folder, NULL};
  const pid_t child = resumed_start(words, told);
  /* Until some dozens of designs are built, each with a few pages of the log. */
  ASSERT_TRUE(resumed_await(shim_format("%s/run.db", folder)));
  struct stat log;
  for (int32_t i = 0; i < 60000; i++) {
    if (stat(shim_format("%s/run.db-wal", folder), &log) == 0 && log.st_size > 400000) break;
    resumed_sleep(1000);
  }
  kill(child, SIGINT);
  EXPECT_EQ_I64(resumed_wait(child), 130);
  EXPECT_CONTAINS(shim_file_read(told, NULL), "the search was stopped");
  EXPECT_CONTAINS(shim_file_read(told, NULL), "--resume");
  EXPECT_CONTAINS(shim_file_read(shim_format("%s/manifest.json", folder), NULL),
                  "\"stopped\": true");
  EXPECT_CONTAINS(shim_file_read(shim_format("%s/pareto.json", folder), NULL),
                  "\"unproved_count\": null");
  const char *const verify[] = {"verify", shim_format("%s/knee.graphml", folder), NULL};
  EXPECT_EQ_I64(resumed_run(verify).exit_code, 0);
}

/* With a whole run of many designs, for which a sanitizer of threads takes too long. */
LS_TEST(Resume, goes_on_where_a_time_limit_stopped_it)
{
  const char *root = shim_folder(), *folder = shim_format("%s/run", root);
  const char *const words[] = {
      "optimize", RESUMED_SPEC("pod-4k"), "-o", folder, "--time-limit", "1", NULL};
  const char *const again[] = {"optimize", "--resume", folder, NULL};
  const shim_result result = resumed_run(words);
  /* On a machine that builds nothing in a second there is nothing to go on with. */
  if (result.exit_code == 3) LS_TEST_SKIP("this machine is too slow");
  ASSERT_EQ_I64(result.exit_code, 0);
  const pid_t resumed = resumed_start(again, NULL);
  ASSERT_TRUE(resumed_await(shim_format("%s/run.db-wal", folder)));
  const shim_result other = resumed_run(again);
  EXPECT_EQ_I64(other.exit_code, 2);
  EXPECT_CONTAINS(other.err, "another run is at work");
  EXPECT_EQ_I64(resumed_wait(resumed), 0);
  const char *manifest = shim_file_read(shim_format("%s/manifest.json", folder), NULL);
  ASSERT_TRUE(manifest != NULL);
  EXPECT_TRUE(strstr(manifest, "stopped") == NULL);
  EXPECT_CONTAINS(shim_file_read(shim_format("%s/pareto.json", folder), NULL),
                  "\"level2_settled\": true");
}

/* Twice: at once, and nothing is half-written. */
LS_TEST(Resume, stopped_twice_it_leaves_a_run_to_go_on_with)
{
  const char *root = shim_folder(), *folder = shim_format("%s/run", root);
  const char *const words[] = {"optimize", RESUMED_SPEC("pod-512"), "-o", folder, NULL};
  const pid_t child = resumed_start(words, NULL);
  ASSERT_TRUE(resumed_await(shim_format("%s/run.db", folder)));
  kill(child, SIGINT);
  kill(child, SIGTERM); /* two of one kind may count as one */
  EXPECT_EQ_I64(resumed_wait(child), 130);
  EXPECT_EQ_I64(resumed_entries(root), 1);
  const char *const again[] = {"optimize", "--resume", folder, NULL};
  EXPECT_EQ_I64(resumed_run(again).exit_code, 0);
  EXPECT_CONTAINS(shim_file_read(shim_format("%s/pareto.json", folder), NULL),
                  "\"level2_settled\": true");
  EXPECT_EQ_I64(resumed_entries(root), 1);
}

/* Designs, not time, bound a run: the same bytes on any threads. */
LS_TEST(Resume, evaluations_bound_a_run)
{
  const char *root = shim_folder();
  const char *one = shim_format("%s/one", root), *two = shim_format("%s/two", root);
  const char *const first[] = {
      "optimize", RESUMED_SPEC("pod-512"), "-o", one, "--evaluations", "30", "--threads", "1",
      NULL};
  const char *const second[] = {
      "optimize", RESUMED_SPEC("pod-512"), "-o", two, "--evaluations", "30", "--threads", "2",
      NULL};
  ASSERT_EQ_I64(resumed_run(first).exit_code, 0);
  ASSERT_EQ_I64(resumed_run(second).exit_code, 0);
  EXPECT_LT_I64(20, resumed_compare(one, two));
  const char *json = shim_file_read(shim_format("%s/pareto.json", one), NULL);
  EXPECT_CONTAINS(json, "\"level2_built\": 30");
}

LS_TEST(Resume, a_time_limit_is_no_failure)
{
  const char *root = shim_folder(), *folder = shim_format("%s/run", root);
  const char *const words[] = {
      "optimize", RESUMED_SPEC("pod-4k"), "-o", folder, "--time-limit", "1", NULL};
  const shim_result result = resumed_run(words);
  /* On a machine that builds nothing in a second there is nothing to tell. */
  if (result.exit_code == 3) LS_TEST_SKIP("this machine is too slow");
  EXPECT_EQ_I64(result.exit_code, 0);
  EXPECT_CONTAINS(result.err, "--resume");
  EXPECT_CONTAINS(shim_file_read(shim_format("%s/manifest.json", folder), NULL),
                  "\"stopped\": true");
}

/* Before anything is found: no signal ended it, and the run is not at work any more. */
LS_TEST(Resume, a_time_limit_that_finds_nothing_says_so)
{
  const char *root = shim_folder(), *folder = shim_format("%s/run", root);
  const char *const words[] = {
      "optimize", RESUMED_SPEC("pod-4k"), "-o", folder, "--time-limit", "0.000001", NULL};
  const char *const show[] = {"results", "show", folder, "--json", NULL};
  const shim_result result = resumed_run(words);
  EXPECT_EQ_I64(result.exit_code, 3);
  EXPECT_CONTAINS(result.err, "--time-limit ended the search before a design was found");
  EXPECT_CONTAINS(result.err, shim_format("`lightspine optimize --resume %s`", folder));
  EXPECT_CONTAINS(resumed_run(show).out, "\"state\": \"stopped\"");
}
