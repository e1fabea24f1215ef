/* What a structure is made of beyond its keys: sizing, base cost (problem_structure.c), sides
 * (problem_sides.c), bounds on lengths (problem_lengths.c). Internal to problem building. */
#ifndef LS_PROBLEM_STRUCTURE_H
#define LS_PROBLEM_STRUCTURE_H

#include "spec.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ls_demand_cache;

/* What the site says about every structure. */
typedef struct ls_site {
  const ls_spec *spec;
  const ls_catalog *catalog;
  const ls_problem *problem;             /* its rows and constants are filled */
  int32_t *bound_max_mm, *bound_mean_mm; /* [reach_count] by distinct slots reached, owned */
  int32_t reach_count;
  int32_t gpu_rack_count, slot_count;
  /* Slots for network racks once those of GPUs stand; of those that may be one, liquid-cooled ones,
   * -1: every slot of the floor is, or none told. */
  int32_t network_slot_count, liquid_slot_count;
  struct ls_demand_cache *demands; /* owned */
  bool has_partial_rack;           /* the last GPU rack holds fewer servers */
} ls_site;

/* Fills *site; destroy frees its arrays, whatever the status. LS_ERR_MEMORY. */
ls_status ls_site_create(const ls_catalog *catalog, const ls_spec *spec, const ls_problem *problem,
                         ls_site *site);
void ls_site_destroy(ls_site *site);

/* The sides of a sized structure over all planes, and the cords of each tier. O(1). */
void ls_structure_sides(const ls_problem *problem, ls_structure *structure);

/* The least that the breaker of a chassis must bear. */
int64_t ls_breaker_mw(const ls_switch_row *chassis);

/* The most leaves that can stand in racks of GPUs that they reach. */
int64_t ls_leaves_in_gpu_racks(const ls_site *site, const ls_structure *structure);

/* Lower bounds on the lengths of a structure with sides, tier by tier. O(uplinks of a block). */
void ls_structure_lengths(const ls_site *site, ls_structure *structure);

/* Sizes the structure, whose keys are set, and fills all that follows from it, or its
 * violation_mask. LS_ERR_MEMORY. O(radix), and what the spec's demand costs once for each kind of
 * leaf. */
ls_status ls_structure_compute(const ls_site *site, ls_structure *structure);

#ifdef __cplusplus
}
#endif
#endif
