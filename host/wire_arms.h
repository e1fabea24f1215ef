/* Which groups a search for wirings tries, and which it tries again: a bandit. */
#ifndef LS_WIRE_ARMS_H
#define LS_WIRE_ARMS_H

#include "wire_lift.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_WIRE_ARMS_MAX = 40 };

typedef struct ls_wire_arm {
  ls_group group;
  int32_t base_count;
  int32_t play_count;
  double best; /* average shortest path */
} ls_wire_arm;

typedef struct ls_wire_arms {
  int32_t count, nodes;
  ls_wire_arm arms[LS_WIRE_ARMS_MAX];
} ls_wire_arms;

/* The groups whose order divides nodes (is symmetry, where that is not 0) and under which every
 * node can have that degree, the likeliest first; base graphs of about 8 nodes proved best. */
void ls_wire_arms_find(int32_t nodes, int32_t degree, int32_t symmetry, ls_wire_arms *arms);

/* The next one to play: each once, then the lowest of what it reached less a bonus for having been
 * played little (after Auer, Cesa-Bianchi and Fischer, "Finite-time analysis of the multiarmed
 * bandit problem", Machine Learning 47, 2002, with the best in place of the mean). Counts the play.
 */
int32_t ls_wire_arms_choose(ls_wire_arms *arms);

/* Nanoseconds that an evaluation takes, about: bytes read at the rates of one machine. */
double ls_wire_cost(const ls_group *group, int32_t base_count, int32_t degree);

#ifdef __cplusplus
}
#endif
#endif
