/* Shared resources and vendors' shares: a design is barred exactly where it needs too much. */
#include <string.h>

#include "../host/problem_supply.h"
#include "../kernels/evaluate.h"
#include "fabric.h"
#include "sweep_space.h"

typedef struct supply_space {
  ls_catalog *catalog;
  ls_spec *spec;
  ls_problem *problem;
} supply_space;

/* 64 GPUs on one box with 128 modules in all, each with 8 of the resource. */
static void supply_read(supply_space *self, int64_t units_per_year)
{
  *self = (supply_space){shim_alloc(sizeof(ls_catalog)), shim_alloc(sizeof(ls_spec)), NULL};
  fabric_catalog(self->catalog);
  fabric_spec(self->catalog, 64, self->spec);
  self->catalog->resource_count = 1;
  self->catalog->resources[0] = (ls_catalog_resource){.id = "lasers"};
  self->catalog->resources[0].units_per_year = fabric_number(units_per_year);
  self->catalog->resources[0].buyer_share_ppm = fabric_number(250000);
  self->catalog->optics[FABRIC_DR].draw[0] = 8;
  self->spec->space.family_mask = LS_CHOOSE_CLOS1;
  self->spec->space.switch_mask = 1u << FABRIC_BOX;
  self->spec->space.optic_mask = 1u << FABRIC_DR;
  self->spec->space.plane_count = self->spec->space.oversubscription_count = 1;
}

/* Violations of the only design. */
static uint32_t supply_judge(supply_space *self)
{
  ls_error error = {.line = 0};
  ls_score score;
  if (ls_problem_create(self->catalog, self->spec, &self->problem, &error) != LS_OK) {
    shim_fail(__FILE__, __LINE__, "%s", error.message);
    return UINT32_MAX;
  }
  const uint32_t mask = ls_rank_score(self->problem, 0, &score);
  ls_evaluation *evaluation = shim_alloc(sizeof *evaluation);
  int64_t needed[LS_RESOURCE_MAX];
  ls_evaluation_init(self->problem, self->catalog, 0, evaluation);
  ls_supply_needed(self->catalog, self->problem, evaluation, needed);
  if (self->catalog->resource_count) EXPECT_EQ_I64(needed[0], 1024);
  ls_problem_destroy(self->problem);
  return mask;
}

/* 1,024 are needed; a buyer gets a quarter of what is made. */
LS_TEST(Supply, a_resource_binds_to_the_unit)
{
  supply_space space;
  supply_read(&space, 4096);
  EXPECT_EQ_I64(supply_judge(&space), 0);
  supply_read(&space, 4095);
  EXPECT_EQ_I64(supply_judge(&space), LS_VIOLATES_SUPPLY);
}

/* What no design can need is not looked at. */
LS_TEST(Supply, what_cannot_bind_is_left_out)
{
  supply_space space;
  ls_error error = {.line = 0};
  supply_read(&space, 1000000000);
  ASSERT_TRUE(ls_problem_create(space.catalog, space.spec, &space.problem, &error) == LS_OK);
  EXPECT_EQ_I64(space.problem->resource_count, 0);
  ls_problem_destroy(space.problem);
}

/* A box for 40,000.01 USD of one vendor, and 128 modules for 1,100.01 of another: 77.9 % go to the
 * latter, 140,801.28 of 180,801.29. */
LS_TEST(Supply, a_vendor_gets_no_more_than_its_share)
{
  static const struct {
    int64_t share_ppm;
    uint32_t mask;
  } cases[] = {{0, 0}, {770000, LS_VIOLATES_VENDOR}, {778700, LS_VIOLATES_VENDOR}, {778900, 0}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    supply_space space;
    supply_read(&space, 4096);
    snprintf(space.catalog->switches[FABRIC_BOX].vendor, LS_ID_MAX, "boxes");
    snprintf(space.catalog->optics[FABRIC_DR].vendor, LS_ID_MAX, "light");
    space.spec->vendor_share_ppm_max = cases[i].share_ppm;
    EXPECT_EQ_I64(supply_judge(&space), cases[i].mask);
  }
}

/* Fifteen vendors of optics beside one resource fit, sixteen do not: the one too many is named,
 * unless the space leaves it out or there is no share to watch. */
LS_TEST(Supply, a_vendor_too_many_is_named)
{
  supply_space space;
  ls_error error = {.line = 0};
  supply_read(&space, 4096);
  space.catalog->optic_count = LS_RESOURCE_MAX;
  for (int32_t i = 0; i < LS_RESOURCE_MAX; i++)
    snprintf(space.catalog->optics[i].vendor, LS_ID_MAX, "vendor-%d", (int)i);
  space.spec->space.optic_mask = (1u << LS_RESOURCE_MAX) - 1;
  EXPECT_EQ_I64(ls_problem_check_vendors(space.catalog, space.spec, &error), LS_OK);
  space.spec->vendor_share_ppm_max = 500000;
  EXPECT_EQ_I64(ls_problem_create(space.catalog, space.spec, &space.problem, &error), LS_ERR_INPUT);
  EXPECT_STREQ(error.key, "limits.vendor_share_max");
  EXPECT_CONTAINS(error.message, "vendor-15 is one more");
  space.spec->space.optic_mask >>= 1;
  EXPECT_EQ_I64(ls_problem_check_vendors(space.catalog, space.spec, &error), LS_OK);
}
