/* Compiled once per instruction set with LS_ISA_NAME set to scalar, avx2 or avx512. */
#include "qap_search.h"

#include <string.h>

#include "lanes_place.h"
#include "qap_rules.h"

#define JOIN_AGAIN(a, b) a##b
#define JOIN(a, b) JOIN_AGAIN(a, b)

/* Sums that may wrap on their way to one that fits. */
#define QAP_ADD(a, b) ((qap_sum)((qap_unsigned)(a) + (qap_unsigned)(b)))
#define QAP_SUBTRACT(a, b) ((qap_sum)((qap_unsigned)(a) - (qap_unsigned)(b)))
#define QAP_MULTIPLY(a, b) ((qap_sum)((qap_unsigned)(a) * (qap_unsigned)(b)))

enum {
  COLUMN_VECTORS = 4,    /* of products that are brought up to date together */
  PROPOSALS_ASKED = 1024 /* after so many a tempering run asks whether it is over */
};

#define QAP(name) name##_16
#define LANES(name) ls_lanes32##name
#define MASK(name) ls_mask32##name
#define LANE_COUNT LS_LANES32
#define SUM_MAX INT32_MAX
#define QAP_DATA_BYTES 2
#define QAP_LOAD ls_lanes32_widen
#define qap_data int16_t
#define qap_sum int32_t
#define qap_unsigned uint32_t
#include "qap_steps.h"
static const ls_qap_functions functions_16 = QAP_FUNCTIONS;

#undef QAP
#undef QAP_DATA_BYTES
#undef QAP_LOAD
#undef qap_data
#define QAP(name) name##_32
#define QAP_DATA_BYTES 4
#define QAP_LOAD ls_lanes32_load
#define qap_data int32_t
#include "qap_steps.h"
static const ls_qap_functions functions_32 = QAP_FUNCTIONS;

#undef QAP
#undef LANES
#undef MASK
#undef LANE_COUNT
#undef SUM_MAX
#undef QAP_DATA_BYTES
#undef QAP_LOAD
#undef qap_data
#undef qap_sum
#undef qap_unsigned
#define QAP(name) name##_64
#define LANES(name) ls_lanes64##name
#define MASK(name) ls_mask64##name
#define LANE_COUNT LS_LANES64
#define SUM_MAX INT64_MAX
#define QAP_DATA_BYTES 8
#define QAP_LOAD ls_lanes64_load
#define qap_data int64_t
#define qap_sum int64_t
#define qap_unsigned uint64_t
#include "qap_steps.h"
static const ls_qap_functions functions_64 = QAP_FUNCTIONS;

const ls_qap_functions *JOIN(ls_qap_search_, LS_ISA_NAME)(ls_qap_width width)
{
  static const ls_qap_functions *const functions[LS_QAP_WIDTH_COUNT] = {
      &functions_16, &functions_32, &functions_64};
  return functions[width];
}
