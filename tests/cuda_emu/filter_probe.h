/* The filter kernel alone, for tests in C. */
#ifndef LS_EMU_FILTER_PROBE_H
#define LS_EMU_FILTER_PROBE_H

#include "../../kernels/front.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Filters members [count] against strong [strong_count] and each other, with block_count blocks.
 * kept: [count], in any order. Returns how many are kept, or -1 where a call fails. */
int32_t ls_emu_filter(const int64_t objective_mask[LS_METRIC_COUNT], const ls_front_member *members,
                      int32_t count, const ls_front_member *strong, int32_t strong_count,
                      uint32_t block_count, ls_front_member *kept);

#ifdef __cplusplus
}
#endif
#endif
