/* Places for switches and OCS that are better than those of the policy (floor.h).
 *
 * With all other devices where they are, the cords of a kind of device cost what each of its
 * devices pays at its place: a linear assignment problem, or a transportation problem, as a rack
 * has room for several and devices that are wired alike are equal. It is solved exactly, kind after
 * kind, until no kind finds anything better. Devices that are wired to others of their kind
 * (direct) pay each other's moves: what the assignment proposes is then taken only if the true
 * total falls, as everywhere. */
#ifndef LS_IMPROVE_H
#define LS_IMPROVE_H

#include "places.h"

/* The devices' places, by node: slot [nodes], in: the policy's; out: as good or better by
 * ls_place_total. Kinds whose table of costs would be too large keep theirs, or when is_thorough
 * move part by part. LS_ERR_MEMORY. */
ls_status ls_improve_places(const ls_places *places, bool is_thorough, int32_t *slot);

/* What no places can get the cords below, in cents. While the GPU racks stand where they do: the
 * assignment of leaves to slots by their cords to GPU racks alone, and for each device of the tiers
 * above the cheapest cords to as many slots as the devices below it need, at its best slot (the
 * rows of Gilmore and Lawler). With has_free_racks wherever the rules let GPU racks stand: leaves
 * are priced as the tiers above. slot: [nodes] any placement; it is not changed. LS_ERR_MEMORY. */
ls_status ls_improve_bound(const ls_places *places, bool has_free_racks, int32_t *slot,
                           int64_t *cents);

#endif
