/* Random values of catalog figures, within what is known of them. Counter-based (Philox): a value
 * depends on seed, draw and figure alone, not on what was drawn before.
 *
 * A figure is triangular between its low and high, its value the mode. Figures of one group move
 * together: each takes the group's random number instead of its own with the probability
 * sqrt(rho), so that the rank correlation of any two of a group is rho. */
#ifndef LS_DRAW_H
#define LS_DRAW_H

#include "catalog_figures.h"

#ifdef __cplusplus
extern "C" {
#endif

/* rho = 0.5, in millionths: 1e6 * 0.5. */
enum { LS_DRAW_CORRELATION_PPM = 500000 };

/* Which random numbers a figure takes: hashes of its place and of its group. */
typedef struct ls_draw_key {
  uint64_t own, group;
} ls_draw_key;

/* The group: the list, the technology of the entry (optics and OCS by kind, switches by whether
 * their optics are integrated) and the key; all first years of a technology are one group. */
ls_draw_key ls_draw_key_of(const ls_catalog *catalog, const ls_figure *figure);

/* A random number of the whole range of 32 bits. */
uint32_t ls_draw_uniform(uint64_t seed, uint64_t draw, const ls_draw_key *key);

/* The value at this quantile of a triangular figure: low at 0, high at UINT32_MAX. */
int64_t ls_draw_triangular(const ls_number *number, uint32_t quantile);

#ifdef __cplusplus
}
#endif
#endif
