/* The passes of apsp.h, one table per instruction set; avx512_count and, with vectors half as wide,
 * avx512_narrow count the bits of a vector in one instruction. */
#ifndef LS_APSP_STEPS_H
#define LS_APSP_STEPS_H

#include "apsp.h"

extern const ls_apsp_functions ls_apsp_steps_scalar, ls_apsp_steps_avx2, ls_apsp_steps_avx512,
    ls_apsp_steps_avx512_count, ls_apsp_steps_avx512_narrow;

#endif
