/* Graphs with a group of symmetries, as voltage graphs, and the search that moves their darts.
 *
 * The group is Z_m x| Z_k, in which (a, c)(a', c') = (a + r^c a', c + c') with r^k = 1 mod m; k = 1
 * is the cyclic group. Vertices are (base vertex, element), and a dart of base vertex v that leads
 * to base vertex w with voltage x joins (v, g) with (w, g x) for every element g. Darts come in
 * pairs with inverse voltages; a dart whose voltage is its own inverse may be alone and leads back
 * to v; an unused dart leads nowhere. Multiplication from the left moves vertices and keeps edges.
 */
#ifndef LS_WIRE_LIFT_H
#define LS_WIRE_LIFT_H

#include "../kernels/apsp_backend.h"
#include "wiring.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ls_group {
  int32_t m, k, r;
} ls_group;

static inline int32_t ls_group_order(const ls_group *group) { return group->m * group->k; }

int32_t ls_group_inverse(const ls_group *group, int32_t element);
int32_t ls_group_product(const ls_group *group, int32_t x, int32_t y);

/* Elements that are their own inverse, but for the neutral one; returns how many, count_max at
 * most. */
int32_t ls_group_involutions(const ls_group *group, int32_t *involutions, int32_t count_max);

/* What is left when all the rest can be derived: copied from task to task. */
typedef struct ls_lift {
  ls_group group;
  int32_t base_count, degree;
  int64_t sum;      /* of distances from one vertex of each base vertex to all */
  int32_t *mate;    /* [base_count * degree] dart that leads back; its own: alone; -1: unused */
  int32_t *voltage; /* [base_count * degree] c * m + a */
} ls_lift;

/* All darts unused. LS_ERR_MEMORY. */
ls_status ls_lift_create(const ls_group *group, int32_t base_count, int32_t degree, ls_lift **lift);
void ls_lift_destroy(ls_lift *lift); /* NULL is fine */

/* Copies darts and sum between lifts of equal shape. */
void ls_lift_copy(ls_lift *to, const ls_lift *from);

/* Pairs all darts at random; one is alone or unused where their number is odd. */
void ls_lift_draw(ls_lift *lift, uint64_t seed, uint64_t stream);

/* The same graph under a subgroup: without the twist where there is one, else of order m / p for
 * the least prime p of m. LS_ERR_NO for the group of one element; LS_ERR_MEMORY. */
ls_status ls_lift_lower(const ls_lift *lift, ls_lift **lower);

/* The graph itself; loops and parallel edges are dropped. LS_ERR_MEMORY. */
ls_status ls_lift_expand(const ls_lift *lift, ls_wiring *wiring);

/* A graph as a lift over the group of one element. LS_ERR_NO when a node has more edges than
 * degree; LS_ERR_MEMORY. */
ls_status ls_lift_from(const ls_wiring *wiring, int32_t degree, ls_lift **lift);

typedef struct ls_lift_run {
  uint64_t seed, stream;
  int64_t evaluations;            /* at most */
  double hot, cold;               /* temperatures at begin and end, in units of sum; hot 0: as
                                     random moves suggest */
  int64_t target;                 /* a sum that ends the run */
  bool (*is_over)(void *context); /* asked now and then, ends the run */
  void *context;
  const ls_apsp_backend *backend; /* evaluates many moves at once, to the same end; NULL: none */
} ls_lift_run;

/* Anneals from *lift, which becomes the best seen. Returns the evaluations done, or less the
 * status: LS_ERR_MEMORY, LS_ERR_DEVICE. */
int64_t ls_lift_anneal(ls_lift *lift, const ls_lift_run *run);

#ifdef __cplusplus
}
#endif
#endif
