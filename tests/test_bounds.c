/* Level 1 bounds level 2 on real catalogs and odd floors: no metric of a built design is below its
 * level-1 score, and no length constraint that level 1 sees broken holds on the floor. */
#include "../host/topology.h"
#include "../kernels/evaluate.h"
#include "sweep_space.h"

enum { LENGTH_BITS = LS_VIOLATES_REACH | LS_VIOLATES_BUDGET | LS_VIOLATES_OVERLOAD, SAMPLES = 160 };

/* Builds one design and compares; returns whether it fits the floor. */
static bool design_check(const sweep_space *space, uint64_t rank)
{
  const ls_structure *structure =
      &space->problem->structures[ls_rank_structure(space->problem, rank)];
  ls_topology topology;
  ls_error error = {.line = 0};
  ls_score bound, built;
  if (structure->violation_mask & ~(uint32_t)LS_VIOLATES_YEAR) return false;
  const uint32_t mask = ls_rank_score(space->problem, rank, &bound);
  if (mask & (LS_VIOLATES_OCS_PORTS | LS_VIOLATES_PORT_RATE)) return false;
  if (ls_topology_create(space->problem, space->catalog, space->spec, rank, &topology, &error))
    return false;
  ls_topology_score(&topology, &built);
  for (int32_t i = 0; i < LS_METRIC_COUNT; i++)
    if (built.metric[i] < bound.metric[i])
      LS_TEST_FAIL("rank %llu: metric %d is %lld built, %lld bound", (unsigned long long)rank, i,
                   (long long)built.metric[i], (long long)bound.metric[i]);
  const uint32_t broken = mask & LENGTH_BITS & ~(uint32_t)topology.totals.violation_mask;
  if (broken)
    LS_TEST_FAIL("rank %llu: level 1 excludes it by 0x%x, the floor does not",
                 (unsigned long long)rank, broken);
  ls_topology_destroy(&topology);
  return true;
}

static void space_check(sweep_space *space)
{
  int32_t fits = 0;
  ASSERT_TRUE(sweep_space_build(space));
  const uint64_t count = space->problem->structure_count;
  for (uint64_t i = 0; i < SAMPLES && !shim_has_failed(); i++) {
    const ls_structure *structure =
        &space->problem->structures[i * 7919 * (count / SAMPLES + 1) % count];
    fits += design_check(space, structure->rank_first + i * 7919 % structure->rank_count);
  }
  EXPECT_LT_I64(5, fits);
  sweep_space_destroy(space);
}

LS_TEST(Bounds, hold_on_the_shipped_specs)
{
  static const char *const specs[] = {"lab-64", "pod-512", "pod-4k", "two-halls"};
  for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
    sweep_space space;
    ASSERT_TRUE(sweep_space_read(&space, specs[i]));
    space_check(&space);
  }
}

/* A circuit may have one leg in the rack of its OCS, with two matings there and four outside. */
LS_TEST(Bounds, hold_with_structured_cabling_and_ocs)
{
  sweep_space space;
  ASSERT_TRUE(sweep_space_read(&space, "pod-512"));
  space.spec->floor.is_structured = true;
  space.spec->space.family_mask = LS_CHOOSE_OCS_SPINE;
  space_check(&space);
}

/* Cords between racks may be shorter than those within one. */
LS_TEST(Bounds, hold_where_cords_within_a_rack_are_long)
{
  static const int32_t families[] = {LS_CHOOSE_OCS_SPINE, LS_CHOOSE_CLOS2, LS_CHOOSE_CLOS3};
  for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
    sweep_space space;
    ASSERT_TRUE(sweep_space_read(&space, "pod-512"));
    space.spec->floor.in_rack_mm = 10000;
    space.spec->floor.tray_height_mm = 0;
    space.spec->floor.drop_mm_per_end = 0;
    space.spec->floor.slack_fixed_mm = 0;
    space.spec->space.family_mask = (uint32_t)families[i];
    space_check(&space);
  }
}

/* Switches of one fabric speak one protocol, and a NIC is not co-packaged. */
LS_TEST(Bounds, no_design_mixes_protocols)
{
  sweep_space space;
  ASSERT_TRUE(sweep_space_read(&space, "pod-4k") && sweep_space_build(&space));
  const ls_problem *problem = space.problem;
  for (uint32_t i = 0; i < problem->structure_count; i++) {
    const ls_structure *structure = &problem->structures[i];
    const int32_t spoken = problem->switches[structure->switch_index[0]].protocol;
    for (int32_t tier = 1; tier < structure->tier_count; tier++)
      if (structure->switch_index[tier] >= 0)
        EXPECT_EQ_I64(problem->switches[structure->switch_index[tier]].protocol, spoken);
    for (uint32_t j = 0; j < structure->option_count[0]; j++) {
      const ls_link_row *link = &problem->links[problem->options[structure->option_first[0] + j]];
      EXPECT_FALSE(ls_optic_is_integrated(problem->optics[link->optic_a].kind));
    }
  }
  sweep_space_destroy(&space);
}
