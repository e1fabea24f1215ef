/* The rules of the searches of qap.h that every backend keeps to the letter, so that all walk the
 * same way: which pair is next, what is accepted, how long a move is forbidden. */
#ifndef LS_QAP_RULES_H
#define LS_QAP_RULES_H

#include "philox.h"
#include "qap.h"

/* What a sum over whole rows lacks of the change by a swap of u and v, since it took the pair's own
 * places as if they were others'. a_uv is A[u][v], b_uv is B'[u][v]; of the type of a sum. */
#define LS_QAP_SHARED(parts, a_uv, a_vu, b_uv, b_vu)                                               \
  ((parts) == 1 ? (a_uv) * (b_uv) + (a_vu) * (b_vu)                                                \
                : 2 * ((a_uv) * (b_uv) + (a_vu) * (b_vu)) + ((a_uv) - (a_vu)) * ((b_vu) - (b_uv)))

/* ---- Metropolis ---- */

/* Pairs come in turn. */
LS_HD void ls_qap_pair_next(int32_t n, int32_t *u, int32_t *v)
{
  if (++*v < n) return;
  *u = *u + 2 < n ? *u + 1 : 0;
  *v = *u + 1;
}

/* Where the pairs start: v is that before the first. */
LS_HD int32_t ls_qap_pair_first(uint64_t seed, uint64_t stream, int32_t n)
{
  return ls_philox_below(ls_philox(seed, stream, 0).v[0], n - 1);
}

/* The words of proposals 4 * index to 4 * index + 3, one each. */
LS_HD ls_philox_words ls_qap_words(uint64_t seed, uint64_t stream, uint64_t index)
{
  return ls_philox(seed, stream, 1 + index);
}

/* The largest change that a proposal's word accepts at a temperature. */
LS_HD int64_t ls_qap_accepted(int64_t temperature, const int32_t *logarithms, uint32_t word)
{
  const int64_t whole = temperature >> LS_QAP_LOGARITHM_BITS;
  const int64_t part = temperature & ((1 << LS_QAP_LOGARITHM_BITS) - 1);
  const int64_t logarithm = logarithms[word % LS_QAP_LOGARITHMS];
  return (whole * logarithm + (part * logarithm >> LS_QAP_LOGARITHM_BITS)) >> LS_QAP_LOGARITHM_BITS;
}

/* ---- Robust tabu ---- */

/* For how many moves a thing may not return: [0.9 n, 1.1 n]. */
LS_HD int32_t ls_qap_tenure(int32_t n, uint32_t word)
{
  const int32_t least = n * 9 / 10, span = n * 11 / 10 - least + 1;
  return least + ls_philox_below(word, span);
}

#endif
