/* The words for families and constraints, one place for specs, JSON, tables and GraphML. */
#ifndef LS_NAMES_H
#define LS_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "../kernels/problem.h"

#ifdef __cplusplus
extern "C" {
#endif

/* "clos2", "ocs_spine", ...; with is_rail "clos2_rail" and so on. */
const char *ls_family_name(int32_t family, bool is_rail);

/* The family of a name without wiring, or -1. */
int32_t ls_family_find(const char *name);

/* "uniform", "mixed": by ls_variant_kind. */
extern const char *const ls_variant_names[];

/* "found", "torus_2d", "torus_3d", "demand", "demand_half": by ls_block_kind; NULL ends them. */
extern const char *const ls_block_kind_names[];

/* "leaf", "spine", "super" (super-spine, in clos4) or "core": the chassis of a tier. */
const char *ls_chassis_name(int32_t family, int32_t tier);

/* The links of a tier, as "leaf_spine"; "leaf_leaf" and "spine_spine" of a mesh. */
const char *ls_tier_name(int32_t family, int32_t tier);

/* What a tier's cords are called in a ledger: "access", then by the chassis above. */
const char *ls_cord_place(int32_t family, int32_t tier);

/* Name of constraint bit 0 .. LS_VIOLATION_COUNT - 1, as "optical_budget". */
const char *ls_violation_name(int32_t bit);

/* What a constraint says, in a few words for a person. */
const char *ls_violation_meaning(int32_t bit);

#ifdef __cplusplus
}
#endif
#endif
