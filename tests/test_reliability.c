/* Spares, first failures, availability and lost GPU-hours against known answers. */
#include "../host/reliability.h"
#include "../kernels/evaluate.h"

#include <string.h>

#include "../host/spec.h"
#include "../kernels/size.h"
#include "shim/shim.h"

static int64_t quantile(int64_t mu_nano, int32_t confidence_ppm)
{
  int64_t count = -1;
  EXPECT_STATUS(ls_poisson_quantile(mu_nano, confidence_ppm, &count), LS_OK);
  return count;
}

/* Quantiles as tabulated; those of large means from the distribution's logarithms in doubles. */
LS_TEST(Reliability, spares_follow_poisson)
{
  static const struct {
    int64_t mu_nano, half, most, nearly_all; /* 0.5, 0.99, 0.999 */
  } cases[] = {{0, 0, 0, 0},
               {10000000, 0, 0, 1}, /* P(0) = 0.99005 */
               {10100000, 0, 1, 1}, /* P(0) = 0.98995 */
               {500000000, 0, 3, 4},
               {1000000000, 1, 4, 5},
               {10000000000, 10, 18, 21},
               {100000000000, 100, 124, 132},
               {1000000000000, 1000, 1074, 1099},
               {1000000000000000, 1000000, 1002327, 1003092}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    EXPECT_EQ_I64(quantile(cases[i].mu_nano, 500000), cases[i].half);
    EXPECT_EQ_I64(quantile(cases[i].mu_nano, 990000), cases[i].most);
    EXPECT_EQ_I64(quantile(cases[i].mu_nano, 999000), cases[i].nearly_all);
  }
}

LS_TEST(Reliability, more_failures_never_need_fewer_spares)
{
  int64_t before = 0;
  for (int64_t mu_nano = 1; mu_nano < INT64_C(1000000000000000); mu_nano = mu_nano * 3 / 2 + 1) {
    const int64_t count = quantile(mu_nano, 990000);
    EXPECT_LE_I64(before, count);
    EXPECT_LE_I64(count, quantile(mu_nano, 999999));
    before = count;
  }
}

LS_TEST(Reliability, spares_of_a_fleet)
{
  /* 100,000 modules of 1,000 FIT for 30 days: 72 failures expected. */
  const ls_reliability options = {.spares_lead_days = 30, .spares_confidence_ppm = 990000};
  int64_t count = -1;
  ASSERT_STATUS(ls_spares_needed(100000, 1000, &options, &count), LS_OK);
  EXPECT_EQ_I64(count, quantile(72000000000, 990000));
  EXPECT_STATUS(ls_spares_needed(INT64_MAX, 1000, &options, &count), LS_ERR_INPUT);
  EXPECT_STATUS(ls_spares_needed(-1, 1000, &options, &count), LS_ERR_INPUT);
  EXPECT_STATUS(ls_poisson_quantile(1000, 1000000, &count), LS_ERR_INPUT);
  EXPECT_STATUS(ls_poisson_quantile(-1, 990000, &count), LS_ERR_INPUT);
}

LS_TEST(Reliability, first_failure_of_100000_optics)
{
  /* Five years between failures of one: the first of 100,000 fails after 26.3 minutes. */
  const int64_t fit = ls_fit_from_mtbf_hours(5 * LS_HOURS_PER_YEAR);
  EXPECT_EQ_I64(fit, 22831);
  EXPECT_NEAR((double)ls_first_failure_ms(100000, fit) / 60000, 26.3, 0.05);
  EXPECT_NEAR((double)ls_first_failure_ms(1, fit) / 3600000, 43800, 1);
}

LS_TEST(Reliability, failures_a_day_of_six_million_modules)
{
  EXPECT_EQ_I64(ls_failures_per_day_micro(6000000, ls_fit_from_mtbf_hours(500000)), 288000000);
  EXPECT_EQ_I64(ls_failures_per_day_micro(6000000, ls_fit_from_mtbf_hours(1000000)), 144000000);
}

LS_TEST(Reliability, availability_of_slices)
{
  int64_t all = 0, most = 0;
  const int64_t cube = ls_availability_series_ppt(999000000000, 16);
  EXPECT_NEAR((double)cube / 1e12, 0.98411944181563986, 1e-11);
  ASSERT_STATUS(ls_availability_k_of_n_ppt(cube, 64, 64, &all), LS_OK);
  ASSERT_STATUS(ls_availability_k_of_n_ppt(cube, 60, 64, &most), LS_OK);
  EXPECT_NEAR((double)all / 1e12, 0.359, 5e-4);
  EXPECT_NEAR((double)all / 1e12, (double)ls_availability_series_ppt(999000000000, 1024) / 1e12,
              1e-9);
  EXPECT_NEAR((double)most / 1e12, 0.99645839087, 1e-10);
}

LS_TEST(Reliability, availability_at_its_ends)
{
  int64_t result = -1;
  EXPECT_EQ_I64(ls_availability_ppt(0, 1000), LS_PPT_ONE);
  /* 1000 FIT and 10^6 hours to repair: half of the time. */
  EXPECT_EQ_I64(ls_availability_ppt(1000, 60000000), LS_PPT_ONE / 2);
  EXPECT_EQ_I64(ls_availability_series_ppt(LS_PPT_ONE, 1000000), LS_PPT_ONE);
  EXPECT_EQ_I64(ls_availability_series_ppt(123, 0), LS_PPT_ONE);
  EXPECT_STATUS(ls_availability_k_of_n_ppt(LS_PPT_ONE, 5, 5, &result), LS_OK);
  EXPECT_EQ_I64(result, LS_PPT_ONE);
  EXPECT_STATUS(ls_availability_k_of_n_ppt(0, 1, 5, &result), LS_OK);
  EXPECT_EQ_I64(result, 0);
  EXPECT_STATUS(ls_availability_k_of_n_ppt(0, 0, 5, &result), LS_OK);
  EXPECT_EQ_I64(result, LS_PPT_ONE);
  EXPECT_STATUS(ls_availability_k_of_n_ppt(LS_PPT_ONE / 2, 1, 2, &result), LS_OK);
  EXPECT_EQ_I64(result, LS_PPT_ONE / 4 * 3);
  EXPECT_STATUS(ls_availability_k_of_n_ppt(1, 6, 5, &result), LS_ERR_INPUT);
  EXPECT_STATUS(ls_availability_k_of_n_ppt(LS_PPT_ONE + 1, 1, 5, &result), LS_ERR_INPUT);
}

static ls_reliability round_options(void)
{
  return (ls_reliability){.detect_milli_min = 6000, /* 0.1 h, 0.2 h, 0.6 h */
                          .restart_milli_min = 12000,
                          .checkpoint_milli_min = 36000,
                          .p_kill_access_ppm = 500000,
                          .p_kill_trunk_ppm = 50000,
                          .communication_ppm = 300000};
}

LS_TEST(Reliability, planes_lower_what_a_failure_does)
{
  const ls_reliability options = round_options();
  EXPECT_EQ_I64(ls_p_kill_ppm(&options, true, 1), 500000);
  EXPECT_EQ_I64(ls_p_kill_ppm(&options, true, 4), 125000);
  EXPECT_EQ_I64(ls_p_kill_ppm(&options, false, 2), 25000);
  /* One of two planes down doubles the 0.3 of communication: 0.3 of 1.3. */
  EXPECT_EQ_I64(ls_job_slowdown_ppm(options.communication_ppm, 1, 2), 230769);
  /* One of four: 0.1 of 1.1. */
  EXPECT_EQ_I64(ls_job_slowdown_ppm(options.communication_ppm, 1, 4), 90909);
}

/* 16,384 GPUs saw 35 interruptions by the network in 54 days, 0.65 a day: with the defaults of a
 * spec and the FIT of pluggable modules that the catalog gives, low to high, the model must hold
 * that. Every end of every link is one. */
LS_TEST(Reliability, interruptions_of_a_job_of_16384_gpus)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_spec *spec = shim_alloc(sizeof *spec);
  ASSERT_STATUS(ls_catalog_read(LS_TEST_SOURCE_DIR "/topologies/catalog.yaml", catalog, NULL),
                LS_OK);
  ASSERT_STATUS(ls_spec_read(LS_TEST_SOURCE_DIR "/topologies/pod-512.yaml", catalog, spec, NULL),
                LS_OK);
  const int32_t index = ls_catalog_optic_find(catalog, "dsp-800g-dr8");
  ASSERT_TRUE(index >= 0);
  const ls_number *fit = &catalog->optics[index].failure_fit;
  const ls_size_request request = {.family = LS_CLOS3,
                                   .rail_count = 1,
                                   .endpoint_count = 16384,
                                   .radix = {64, 64, 64},
                                   .oversubscription_num = 1,
                                   .oversubscription_den = 1};
  ls_size size = {.down = 0};
  ASSERT_EQ_I64(ls_size_compute(&request, &size), 0);
  ls_failure_part parts[2] = {
      {.count = 2 * size.access_links, .p_kill_ppm = ls_p_kill_ppm(&spec->reliability, true, 1)},
      {.count = 2 * (size.leaf_spine_links + size.spine_core_links),
       .p_kill_ppm = ls_p_kill_ppm(&spec->reliability, false, 1)}};
  EXPECT_EQ_I64(parts[0].count + parts[1].count, 6 * 16384);
  parts[0].fit = parts[1].fit = fit->low;
  const int64_t low = ls_interruptions_per_day_micro(parts, 2);
  parts[0].fit = parts[1].fit = fit->high;
  const int64_t high = ls_interruptions_per_day_micro(parts, 2);
  EXPECT_LT_I64(low, 35 * 1000000 / 54);
  EXPECT_LT_I64(35 * 1000000 / 54, high);
  /* A range that holds everything would prove nothing. */
  EXPECT_LT_I64(high, 10 * low);
}
