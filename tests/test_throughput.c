/* Routed throughput of exported designs against the closed forms that they claim. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "../host/throughput.h"
#include "exported.h"

static const ls_throughput_options steps = {
    .gap = 0.01, .steps = 2000, .work_max = 1 << 20, .thread_count = 1};
static const ls_throughput_options exactly = {
    .is_exact = true, .gap = 0.01, .steps = 1000, .work_max = 1 << 20, .thread_count = 1};

static ls_throughput measured(const char *path, const ls_throughput_options *options)
{
  ls_throughput found = {0};
  ls_error error = {0};
  EXPECT_STATUS(ls_throughput_measure(path, options, &found, &error), LS_OK);
  return found;
}

/* The intervals of worst traffic and of the formula overlap, and all-to-all is no worse. */
static void expect_agrees(const ls_throughput *found)
{
  EXPECT_TRUE(found->worst_low <= found->worst_high);
  EXPECT_TRUE(found->worst_low <= found->formula_high + 1e-6);
  EXPECT_TRUE(found->worst_high >= found->formula_low - 1e-6);
  EXPECT_TRUE(found->all_to_all_low <= found->all_to_all_high);
  EXPECT_TRUE(found->all_to_all_high >= found->worst_low);
  EXPECT_TRUE(found->ecmp <= found->all_to_all_high + 1e-9);
  EXPECT_TRUE(found->valiant <= found->all_to_all_high + 1e-9);
}

LS_TEST(Throughput, routed_holds_the_formula_in_every_family)
{
  static const exported_wish wishes[] = {
      {LS_CLOS1, false, 2, 32, -1, -1},     {LS_CLOS2, false, 1, 128, FABRIC_DR, 0},
      {LS_CLOS2, true, 1, 128, -1, -1},     {LS_CLOS3, false, 1, 256, -1, -1},
      {LS_RAIL_ONLY, true, 1, 128, -1, -1}, {LS_OCS_SPINE, false, 1, 128, FABRIC_BIDI, 0},
      {LS_OCS_CORE, false, 1, 256, -1, -1}, {LS_DIRECT, false, 1, 128, -1, -1},
  };
  for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
    exported made;
    if (!exported_create(wishes[i], &made)) continue;
    const ls_throughput found = measured(made.path, &steps);
    expect_agrees(&found);
  }
}

LS_TEST(Throughput, is_exact_within_its_bounds)
{
  exported made;
  ASSERT_TRUE(exported_create(exported_mesh(), &made));
  const ls_throughput near = measured(made.path, &steps), exact = measured(made.path, &exactly);
  EXPECT_TRUE(exact.all_to_all_low >= exact.all_to_all_high * (1 - 1e-8));
  EXPECT_TRUE(near.all_to_all_low <= exact.all_to_all_high * (1 + 1e-8));
  EXPECT_TRUE(near.all_to_all_high >= exact.all_to_all_low * (1 - 1e-8));
}

LS_TEST(Throughput, a_clos_carries_the_worst_as_the_formula_says)
{
  exported made;
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  const ls_throughput found = measured(made.path, &steps);
  EXPECT_NEAR(found.worst_low, found.formula_low, 1e-6);
  EXPECT_NEAR(found.worst_high, found.formula_high, 1e-6);
  EXPECT_EQ_I64(found.network_count, 2);
}

/* Links that are down carry nothing, and the same seed breaks the same ones. */
LS_TEST(Throughput, failures_take_from_a_clos)
{
  exported made;
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  ls_throughput_options options = steps;
  const ls_throughput whole = measured(made.path, &options);
  double last = whole.all_to_all_high;
  int32_t lower = 0;
  for (options.seed = 1; options.seed <= 3; options.seed++) {
    options.failures = 40;
    const ls_throughput broken = measured(made.path, &options);
    const ls_throughput again = measured(made.path, &options);
    EXPECT_TRUE(broken.all_to_all_low == again.all_to_all_low);
    EXPECT_TRUE(broken.all_to_all_low <= broken.all_to_all_high);
    EXPECT_TRUE(broken.ecmp <= whole.ecmp + 1e-9);
    lower += broken.worst_high < whole.worst_high - 1e-6;
    last = fmin(last, broken.all_to_all_low);
  }
  EXPECT_LT_I64(0, lower);
  EXPECT_TRUE(last > 0);
}

LS_TEST(Throughput, tells_in_json_and_refuses_what_is_not_ours)
{
  exported made;
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  const char *words[] = {LS_TEST_PROGRAM, "throughput", made.path, "--json", NULL};
  shim_result told;
  ASSERT_TRUE(shim_run(words, NULL, &told));
  EXPECT_EQ_I64(told.exit_code, 0);
  json_t *object = json_loads(told.out, 0, NULL);
  EXPECT_EQ_I64(json_integer_value(json_object_get(object, "networks")), 2);
  EXPECT_TRUE(json_is_real(json_object_get(json_object_get(object, "worst"), "low")));
  json_decref(object);
  shim_file_write(shim_format("%s/no.graphml", shim_folder()), "no", 2);
  const char *wrong[] = {LS_TEST_PROGRAM, "throughput", "no.graphml", NULL};
  ASSERT_TRUE(shim_run(wrong, NULL, &told));
  EXPECT_EQ_I64(told.exit_code, 2);
  const char *gap[] = {LS_TEST_PROGRAM, "throughput", made.path, "--gap", "2", NULL};
  ASSERT_TRUE(shim_run(gap, NULL, &told));
  EXPECT_EQ_I64(told.exit_code, 2);
  EXPECT_CONTAINS(told.err, "--gap");
}

/* What is said of the text of an export, edited. */
static ls_status edited(const char *text, ls_throughput *found, ls_error *error)
{
  const char *path = shim_format("%s/edited.graphml", shim_folder());
  shim_file_write(path, text, strlen(text));
  return ls_throughput_measure(path, &steps, found, error);
}

LS_TEST(Throughput, a_clos_with_unequal_trunks_is_not_taken_for_its_formula)
{
  exported made;
  char id[128], links[128];
  ls_throughput found;
  ls_error error = {0};
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  const char *trunk = exported_element(made.text, "<edge ", ">trunk<", id);
  ASSERT_TRUE(trunk && exported_value(trunk, "e_link_count", links) && atoi(links) > 1);
  const char *text = exported_set(made.text, trunk, "e_link_count", "1");
  ASSERT_STATUS(edited(text, &found, &error), LS_OK);
  EXPECT_TRUE(found.formula_low == 1 && found.worst_low < 1);
  EXPECT_TRUE(found.worst_low <= found.worst_high && found.worst_high <= found.all_to_all_high);
}

LS_TEST(Throughput, what_cannot_be_routed_is_a_sentence)
{
  static const struct {
    const char *tag, *mark, *key, *value, *said;
  } wrong[] = {{"<edge ", ">circuit<", "e_link_count", "0", "link_count"},
               {"<edge ", ">circuit<", "e_link_count", "-3", "at least 1"},
               {"<edge ", ">circuit<", "e_via", "none", "via"},
               {"<edge ", ">ocs_leg<", "e_strand_count", "-2", "strand_count"},
               {"<node ", ">leaf<", "n_plane", "1000000000", "plane"}};
  exported made;
  ASSERT_TRUE(exported_create(exported_mesh(), &made));
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    char id[128];
    ls_throughput found;
    ls_error error = {0};
    const char *at = exported_element(made.text, wrong[i].tag, wrong[i].mark, id);
    ASSERT_TRUE(at != NULL);
    const char *text = exported_set(made.text, at, wrong[i].key, wrong[i].value);
    EXPECT_STATUS(edited(text, &found, &error), LS_ERR_INPUT);
    EXPECT_CONTAINS(shim_format("%s %s", error.key, error.message), wrong[i].said);
    EXPECT_CONTAINS(error.message, id);
  }
}

LS_TEST(Throughput, what_is_too_large_is_told_before_its_demand_is_made)
{
  exported made;
  ls_throughput found;
  ls_error error = {0};
  ls_throughput_options little = steps;
  little.work_max = 1;
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  EXPECT_STATUS(ls_throughput_measure(made.path, &little, &found, &error), LS_ERR_FULL);
  EXPECT_CONTAINS(error.message, "too large");
}

LS_TEST(Throughput, intervals_are_printed_outwards)
{
  EXPECT_NEAR(ls_throughput_down(0.49999, 1e4), 0.4999, 1e-12);
  EXPECT_NEAR(ls_throughput_up(0.50001, 1e4), 0.5001, 1e-12);
}
