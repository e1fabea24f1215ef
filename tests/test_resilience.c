/* What is left with parts down: one failure against what its links are, more of them, threads. */
#include <stdlib.h>

#include "../host/resilience.h"
#include "exported.h"

static ls_resilience measured(const char *path, uint64_t seed, int32_t thread_count)
{
  const ls_resilience_options options = {.seed = seed,
                                         .draw_count = 3000,
                                         .row_count = 4,
                                         .failures = {1, 2, 8, 64},
                                         .thread_count = thread_count,
                                         .drawn = LS_FAILING_KIND_COUNT,
                                         .backend = &ls_backend_cpu};
  ls_resilience found;
  ls_error error = {0};
  EXPECT_STATUS(ls_resilience_measure(path, &options, &found, &error), LS_OK);
  return found;
}

static double claimed(const exported *made, const char *key)
{
  char value[128];
  return exported_value(made->text, key, value) ? atof(value) : 0;
}

LS_TEST(Resilience, a_spine_takes_its_share_of_one_plane)
{
  exported made;
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  const ls_resilience found = measured(made.path, 1, 1);
  const ls_resilience_single *chassis = &found.singles[LS_FAILING_CHASSIS];
  const double spines = claimed(&made, "g_spine_count"), leaves = claimed(&made, "g_leaf_count");
  EXPECT_NEAR(chassis->least, 1 - 1 / spines, 1e-8); /* of all spines in two planes */
  EXPECT_EQ_I64(chassis->count, (int64_t)(spines + leaves));
  EXPECT_EQ_I64(chassis->gpu_count, 0);
  EXPECT_EQ_I64(found.singles[LS_FAILING_OCS].count, 0);
}

LS_TEST(Resilience, a_leaf_takes_its_gpus_where_nothing_is_above_it)
{
  exported made;
  ASSERT_TRUE(exported_create((exported_wish){LS_CLOS1, false, 2, 32, -1, -1}, &made));
  const ls_resilience found = measured(made.path, 1, 1);
  EXPECT_EQ_I64(found.singles[LS_FAILING_CHASSIS].gpu_count, 32);
  EXPECT_TRUE(found.singles[LS_FAILING_CHASSIS].least == 1);
  EXPECT_TRUE(found.rows[3].least == 1);
}

LS_TEST(Resilience, an_ocs_takes_its_circuits)
{
  exported made;
  ASSERT_TRUE(exported_create(exported_mesh(), &made));
  const ls_resilience found = measured(made.path, 1, 1);
  EXPECT_NEAR(found.singles[LS_FAILING_OCS].least, 1 - 1 / claimed(&made, "g_ocs_count"), 1e-8);
}

LS_TEST(Resilience, more_failures_leave_less)
{
  static const exported_wish wishes[] = {{LS_CLOS3, false, 1, 256, -1, -1},
                                         {LS_OCS_CORE, false, 1, 256, -1, -1},
                                         {LS_DIRECT, false, 1, 128, -1, -1}};
  for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
    exported made;
    if (!exported_create(wishes[i], &made)) continue;
    const ls_resilience found = measured(made.path, 1, 1);
    for (int32_t row = 0; row < 4; row++) {
      const ls_resilience_row *at = &found.rows[row];
      EXPECT_TRUE(0 <= at->least && at->least <= at->worst_permille);
      EXPECT_TRUE(at->worst_permille <= at->worst_percent && at->worst_percent <= at->median);
      EXPECT_TRUE(at->median <= 1 && at->mean < 1);
      if (row) EXPECT_TRUE(at->mean < found.rows[row - 1].mean);
    }
  }
}

LS_TEST(Resilience, is_the_same_on_any_number_of_threads)
{
  exported made;
  ASSERT_TRUE(exported_create(exported_mesh(), &made));
  const ls_resilience one = measured(made.path, 7, 1), three = measured(made.path, 7, 3);
  const ls_resilience other = measured(made.path, 8, 1);
  for (int32_t i = 0; i < 4; i++) {
    EXPECT_TRUE(one.rows[i].mean == three.rows[i].mean);
    EXPECT_TRUE(one.rows[i].median == three.rows[i].median);
    EXPECT_TRUE(one.rows[i].least == three.rows[i].least);
    EXPECT_TRUE(one.rows[i].gpu_mean == three.rows[i].gpu_mean);
  }
  EXPECT_TRUE(one.rows[2].mean != other.rows[2].mean);
}

/* A row's tray holds every cord of the racks that stand there; nobody knows how often one is cut.
 */
LS_TEST(Resilience, trays_take_the_cords_that_lie_in_them)
{
  exported made;
  ASSERT_TRUE(exported_create(exported_mesh(), &made));
  ls_resilience_options options = {.seed = 3,
                                   .draw_count = 500,
                                   .row_count = 2,
                                   .failures = {1, 2},
                                   .thread_count = 1,
                                   .drawn = LS_FAILING_TRAY,
                                   .backend = &ls_backend_cpu};
  ls_resilience found;
  ls_error error = {0};
  EXPECT_STATUS(ls_resilience_measure(made.path, &options, &found, &error), LS_OK);
  const ls_resilience_single *tray = &found.singles[LS_FAILING_TRAY];
  EXPECT_LT_I64(0, tray->count);
  EXPECT_TRUE(tray->fit == 0);
  EXPECT_TRUE(tray->least < 1);
  EXPECT_EQ_I64(strncmp(tray->where, "row", 3), 0);
  EXPECT_TRUE(found.rows[0].least >= tray->least);
  EXPECT_TRUE(found.rows[1].mean <= found.rows[0].mean);
  options.drawn = LS_FAILING_LASER;
  EXPECT_STATUS(ls_resilience_measure(made.path, &options, &found, &error), LS_ERR_NO);
  EXPECT_CONTAINS(error.message, "no laser that can fail");
}

LS_TEST(Resilience, refuses_what_is_no_design)
{
  const char *path = shim_format("%s/no.graphml", shim_folder());
  const ls_resilience_options options = {
      .draw_count = 1, .row_count = 1, .thread_count = 1, .backend = &ls_backend_cpu};
  ls_resilience found;
  ls_error error = {0};
  shim_file_write(path, "no", 2);
  EXPECT_STATUS(ls_resilience_measure(path, &options, &found, &error), LS_ERR_INPUT);
  EXPECT_CONTAINS(error.file, "no.graphml");
}

LS_TEST(Resilience, a_leaf_of_no_plane_is_a_sentence)
{
  static const ls_resilience_options options = {.draw_count = 1,
                                                .row_count = 1,
                                                .failures = {1},
                                                .thread_count = 1,
                                                .backend = &ls_backend_cpu};
  exported made;
  char id[128];
  ls_resilience found;
  ls_error error = {0};
  ASSERT_TRUE(exported_create(exported_mesh(), &made));
  const char *leaf = exported_element(made.text, "<node ", ">leaf<", id);
  ASSERT_TRUE(leaf != NULL);
  const char *text = exported_set(made.text, leaf, "n_plane", "1000000000");
  const char *path = shim_format("%s/edited.graphml", shim_folder());
  shim_file_write(path, text, strlen(text));
  EXPECT_STATUS(ls_resilience_measure(path, &options, &found, &error), LS_ERR_INPUT);
  EXPECT_CONTAINS(error.message, id);
}
