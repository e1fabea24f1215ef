/* What can be bought at all: shared resources of the catalog, and the share of the money that one
 * vendor may get. docs/model.md, section 5. */
#ifndef LS_PROBLEM_SUPPLY_H
#define LS_PROBLEM_SUPPLY_H

#include "evaluation.h"
#include "json.h"
#include "session.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Units of a resource that one buyer can get in the catalog's year; INT64_MAX: any number. */
int64_t ls_resource_available(const ls_catalog_resource *resource);

/* Fills resource_count, vendor_first, resource_limit and the draws of all rows. A resource of
 * which no design of the spec can need as much as there is is left out, so that sweeps stay fast;
 * vendors are left out without spec->vendor_share_max, and those that sell nothing of the space.
 * What ls_problem_check_vendors refuses has more vendors than there is room for. */
void ls_problem_fill_supply(const ls_catalog *catalog, const ls_spec *spec, ls_problem *problem);

/* LS_ERR_INPUT with *error: limits.vendor_share_max would have to be held for more vendors than
 * there is room for beside all resources of the catalog that can run short, which a draw of its
 * figures may bring in. */
ls_status ls_problem_check_vendors(const ls_catalog *catalog, const ls_spec *spec, ls_error *error);

/* Where a catalog lists what is bought. */
typedef enum ls_part_list { LS_PART_SWITCH, LS_PART_OPTIC, LS_PART_OCS } ls_part_list;

/* What a design buys of one entry of the catalog for one place in the fabric. */
typedef struct ls_part {
  ls_part_list list;
  int32_t index; /* in its list */
  int64_t count; /* chassis; modules, of integrated optics ports */
} ls_part;

enum { LS_PARTS_MAX = 3 * LS_TIER_MAX + 1 };

/* The switches, optics and OCS of a sized design by place: an entry may come several times. Returns
 * how many places there are. */
int32_t ls_supply_parts(const ls_problem *problem, const ls_evaluation *evaluation,
                        ls_part parts[LS_PARTS_MAX]);

enum { LS_ENTRIES_MAX = LS_SWITCH_MAX + LS_OPTIC_MAX + LS_OCS_MAX };

/* The same of a graph, by what its devices are and its faces hold: each entry once. Returns how
 * many there are. O(nodes). */
int32_t ls_supply_graph_parts(const ls_topology *topology, ls_part parts[LS_ENTRIES_MAX]);

/* Units of each resource in one of the part's entry: [LS_SUPPLY_MAX] of the catalog. NULL: none,
 * since integrated optics are counted with their chassis. */
const int32_t *ls_supply_draw(const ls_catalog *catalog, const ls_part *part);

/* What a sized design needs of each resource of the catalog. needed: [LS_RESOURCE_MAX]. */
void ls_supply_needed(const ls_catalog *catalog, const ls_problem *problem,
                      const ls_evaluation *evaluation, int64_t *needed);

/* Sets `supply`: a list of {resource, needed, available} of what the design draws on. */
void ls_supply_set(const ls_session *session, const ls_evaluation *evaluation, ls_json *object);

#ifdef __cplusplus
}
#endif
#endif
