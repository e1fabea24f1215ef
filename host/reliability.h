/* What fails, how often, and what a failure costs the job: spares, first failures, availability,
 * lost GPU-hours. docs/model.md section 6.
 *
 * Rates are in FIT, failures in 10^9 hours; a year has 8760 hours. All arithmetic is of integers:
 * distributions are summed from their mode by ratios of neighbours, so that neither exp nor log of
 * a machine's library takes part and every machine gives the same answer. */
#ifndef LS_RELIABILITY_H
#define LS_RELIABILITY_H

#include "../kernels/status.h"
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_HOURS_PER_YEAR = 8760 };

/* Shares and probabilities in parts per trillion where products of many are formed. */
#define LS_PPT_ONE INT64_C(1000000000000)

/* Key `reliability` of a spec. */
typedef struct ls_reliability {
  int32_t job_gpus;               /* GPUs that stop together; 0: all */
  int32_t detect_milli_min;       /* from failure to decision, in thousandths of a minute */
  int32_t restart_milli_min;      /* from decision to the first new step */
  int32_t checkpoint_milli_min;   /* between checkpoints: half of it is lost on average */
  int32_t p_kill_access_ppm;      /* a failed access link ends the job, with one plane */
  int32_t p_kill_trunk_ppm;       /* a failed link between switches does */
  int32_t flap_per_failure_milli; /* flaps for each failure that stays */
  int32_t flap_stall_ms;          /* the job waits as long for one flap */
  int32_t communication_ppm;      /* share of a step that the network decides; 0: not given */
  int32_t spares_lead_days;       /* from order to spare part */
  int32_t spares_confidence_ppm;  /* that spares last as long */
} ls_reliability;

/* FIT of a mean time between failures, rounded; mtbf_hours >= 1. */
int64_t ls_fit_from_mtbf_hours(int64_t mtbf_hours);

/* Smallest n with Poisson(mu)(X <= n) >= confidence, where mu is nano-units: of parts that fail at
 * FIT for hours it is FIT x parts x hours exactly. 0 <= mu_nano <= 10^18 (a thousand million
 * failures), 1 <= confidence_ppm <= 999999; else LS_ERR_INPUT. The sum's relative error is below
 * 10^-13, so that only a confidence hit to 13 digits could be decided wrongly. O(sqrt(mu)). */
ls_status ls_poisson_quantile(int64_t mu_nano, int32_t confidence_ppm, int64_t *count);

/* Spares that last for lead_hours with the given confidence. LS_ERR_INPUT as above. */
ls_status ls_spares_needed(int64_t part_count, int64_t fit, const ls_reliability *options,
                           int64_t *count);

/* Mean time to the first failure of part_count parts, in milliseconds, rounded down; both >= 1. */
int64_t ls_first_failure_ms(int64_t part_count, int64_t fit);

/* Failures a day of all parts, in millionths. part_count x fit <= 10^15. */
int64_t ls_failures_per_day_micro(int64_t part_count, int64_t fit);

/* MTBF / (MTBF + MTTR) of one part. */
int64_t ls_availability_ppt(int64_t fit, int64_t repair_min);

/* availability^count: a chain that needs all of them. Error below count / 10^12. O(log count). */
int64_t ls_availability_series_ppt(int64_t availability_ppt, int64_t count);

/* At least k of n independent parts work; 0 <= k <= n <= 2^20, else LS_ERR_INPUT. O(n). */
ls_status ls_availability_k_of_n_ppt(int64_t availability_ppt, int32_t k, int32_t n,
                                     int64_t *result_ppt);

/* Parts of a fabric that fail in one way. */
typedef struct ls_failure_part {
  int64_t count;
  int64_t fit;        /* of one; flaps come on top */
  int32_t p_kill_ppm; /* a failure ends the job */
} ls_failure_part;

/* What ends the job when the access link, or a trunk, of one of plane_count planes fails: the flows
 * in flight on it are 1/planes of a NIC's, and so is the probability. */
int32_t ls_p_kill_ppm(const ls_reliability *options, bool is_access, int32_t plane_count);

/* Interruptions of the job a day, in millionths: failures that end it. */
int64_t ls_interruptions_per_day_micro(const ls_failure_part *parts, int32_t part_count);

#ifdef __cplusplus
}
#endif
#endif
