/* What random placements are drawn from and priced by, made once: which slots a device may take and
 * what its cords to GPU racks, which stay, cost there; and trunks, gathered so that devices above
 * with the same devices below are priced slot by slot. */
#ifndef LS_RANDOM_LISTS_H
#define LS_RANDOM_LISTS_H

#include "places.h"

/* A slot that a class of devices may take. */
typedef struct ls_random_choice {
  int32_t slot, longest_mm;
  int64_t cents, fiber_mm; /* of the cords of one device to GPU racks */
  bool is_broken;
} ls_random_choice;

/* Devices above whose cords lead to the same devices below. */
typedef struct ls_random_bundle {
  int32_t tier;
  int32_t upper_first, upper_count; /* in uppers */
  int32_t lower_first, lower_count; /* in lowers and links */
} ls_random_bundle;

typedef struct ls_random_lists {
  const ls_places *places;
  int32_t first, count;      /* nodes of the devices */
  int32_t class_count;       /* classes of devices that may stand and pay alike */
  int32_t *class_of;         /* [count] */
  int64_t *choice_first;     /* [class_count + 1] */
  ls_random_choice *choices; /* by class and slot */
  int32_t *by_size;          /* [count] the ones that need most rack units first */
  int32_t *uppers;           /* nodes */
  int32_t *lowers, *links;   /* nodes, links of a cord to each */
  ls_random_bundle *bundles; /* [bundle_count] */
  int32_t bundle_count, lower_count_max;
} ls_random_lists;

/* Destroy it whatever the status. LS_ERR_MEMORY. O(edges log nodes + classes * slots). */
ls_status ls_random_lists_create(const ls_places *places, ls_random_lists *lists);
void ls_random_lists_destroy(ls_random_lists *lists);

/* What the cords of a device to GPU racks cost in a slot. */
void ls_random_choice_price(const ls_places *places, int32_t node, int32_t slot,
                            ls_random_choice *choice);

/* The choice of a class at a slot, or NULL. */
const ls_random_choice *ls_random_choice_find(const ls_random_lists *lists, int32_t class_index,
                                              int32_t slot);

#endif
