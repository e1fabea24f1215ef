/* What one design saves or costs against another, metric by metric, in words. */
#ifndef LS_DIFFERENCES_H
#define LS_DIFFERENCES_H

#include "../kernels/problem.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ls_difference {
  int32_t metric;
  int64_t amount; /* above 0, in the metric's unit */
  double share;   /* of what the other has; of the throughput: of the NIC rate */
} ls_difference;

/* Fills found with what design saves against other (sign 1), or costs (sign -1), in the order of
 * a report; returns how many. Less than a hundredth of a per cent is none. */
int32_t ls_differences_find(const ls_score *design, const ls_score *other, int sign,
                            ls_difference found[LS_METRIC_COUNT]);

/* Orders them by share, the largest first. */
void ls_differences_sort(ls_difference *found, int32_t count);

/* "$1.20 M (5.1 %)", "12.5 % of NIC rate", ... */
enum { LS_DIFFERENCE_TEXT_MAX = 64 };
const char *ls_difference_text(const ls_difference *difference, char text[LS_DIFFERENCE_TEXT_MAX]);

/* GPUs that the power which design saves against other would run, each with its share of a server
 * and of the design's network; below 0: that many fewer. gpu_power_mw: of a GPU, above 0. */
int64_t ls_gpus_gained(const ls_score *design, const ls_score *other, int64_t gpu_power_mw,
                       int64_t gpu_count);

#ifdef __cplusplus
}
#endif
#endif
