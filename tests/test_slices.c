/* Slices of cubes: known answers, closed forms and what must hold. */
#include <math.h>
#include <string.h>

#include "../host/reliability.h"
#include "../host/slices.h"
#include "shim/shim.h"

static ls_slices computed(int32_t cubes, int32_t of_slice, int64_t cube_ppt)
{
  ls_slices slices = {0};
  EXPECT_STATUS(ls_slices_compute(cubes, of_slice, cube_ppt, &slices), LS_OK);
  return slices;
}

/* 64 cubes of 16 hosts that are up 99.9 % of the time. */
LS_TEST(Slices, are_what_is_known_of_64_cubes)
{
  const int64_t cube = ls_availability_series_ppt(999000000000, 16);
  const ls_slices all = computed(64, 64, cube), most = computed(64, 60, cube);
  EXPECT_NEAR((double)all.wired.one_ppt / 1e12, 0.359, 5e-4);
  EXPECT_NEAR((double)all.switched.one_ppt / 1e12, 0.359, 5e-4);
  EXPECT_NEAR((double)most.switched.one_ppt / 1e12, 0.99645839087, 1e-10);
  EXPECT_EQ_I64(all.wired.sure_count, 0);
  EXPECT_EQ_I64(most.switched.sure_count, 1);
}

/* Of single cubes both ways are one: n a of them on average. Of pairs of three cubes by hand. */
LS_TEST(Slices, have_the_means_of_closed_forms)
{
  const ls_slices single = computed(100, 1, LS_PPT_ONE / 2);
  EXPECT_EQ_I64(single.wired.mean_micro, 50000000);
  EXPECT_EQ_I64(single.switched.mean_micro, 50000000);
  EXPECT_EQ_I64(single.wired.sure_count, single.switched.sure_count);
  const ls_slices pairs = computed(3, 2, 900000000000);
  EXPECT_EQ_I64(pairs.slices_max, 1);
  EXPECT_NEAR((double)pairs.wired.one_ppt / 1e12, 0.81, 1e-11);
  EXPECT_NEAR((double)pairs.wired.mean_micro / 1e6, 0.81, 1e-6);
  EXPECT_NEAR((double)pairs.switched.one_ppt / 1e12, 3 * 0.81 * 0.1 + 0.729, 1e-11);
}

LS_TEST(Slices, by_circuits_are_never_fewer)
{
  for (int32_t of_slice = 1; of_slice <= 48; of_slice++) {
    const ls_slices slices = computed(48, of_slice, 980000000000);
    EXPECT_TRUE(slices.switched.one_ppt >= slices.wired.one_ppt - 48);
    EXPECT_TRUE(slices.switched.mean_micro >= slices.wired.mean_micro - 1);
    EXPECT_TRUE(slices.switched.sure_count >= slices.wired.sure_count);
    EXPECT_TRUE(slices.switched.sure_count <= slices.slices_max);
  }
  const ls_slices certain = computed(48, 5, LS_PPT_ONE), none = computed(48, 5, 0);
  EXPECT_EQ_I64(certain.wired.sure_count, 9);
  EXPECT_EQ_I64(certain.switched.mean_micro, 9000000);
  EXPECT_EQ_I64(none.switched.mean_micro, 0);
}

LS_TEST(Slices, refuse_what_there_is_not)
{
  ls_slices slices;
  EXPECT_STATUS(ls_slices_compute(4, 5, LS_PPT_ONE, &slices), LS_ERR_INPUT);
  EXPECT_STATUS(ls_slices_compute(4, 0, LS_PPT_ONE, &slices), LS_ERR_INPUT);
  EXPECT_STATUS(ls_slices_compute(4, 1, LS_PPT_ONE + 1, &slices), LS_ERR_INPUT);
  EXPECT_STATUS(ls_slices_compute(LS_SLICES_CUBES_MAX + 1, 1, 1, &slices), LS_ERR_INPUT);
}

LS_TEST(Slices, are_a_command)
{
  const char *const table[] = {LS_TEST_PROGRAM, "slices", "--cubes", "64", NULL};
  const char *const large[] = {LS_TEST_PROGRAM, "slices", "--cubes", "64", "--slice", "65", NULL};
  const char *const wrong[] = {LS_TEST_PROGRAM,  "slices", "--cubes", "64",
                               "--availability", "1.5",    NULL};
  shim_result result;
  ASSERT_TRUE(shim_run(table, NULL, &result));
  EXPECT_EQ_I64(result.exit_code, 0);
  EXPECT_CONTAINS(result.out, "64 cubes, each up 0.984119 of the time");
  EXPECT_CONTAINS(result.out, "0.358971");
  ASSERT_TRUE(shim_run(large, NULL, &result));
  EXPECT_EQ_I64(result.exit_code, 2);
  EXPECT_CONTAINS(result.err, "--slice must be 1..64");
  ASSERT_TRUE(shim_run(wrong, NULL, &result));
  EXPECT_EQ_I64(result.exit_code, 2);
  EXPECT_CONTAINS(result.err, "--availability must be a share");
}
