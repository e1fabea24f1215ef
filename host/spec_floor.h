/* The keys of a spec's floor: slots, geometry, and the zones of halls, feeds and cooling. Internal
 * to the reader of specs. */
#ifndef LS_SPEC_FLOOR_H
#define LS_SPEC_FLOOR_H

#include "fields.h"
#include "spec.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const ls_field ls_spec_floor_fields[]; /* into ls_spec_floor */

/* Slots of the whole grid, blocked ones too. */
int32_t ls_spec_slot_count(const ls_spec_floor *layout);

/* ls_field_function: too many slots; halls that do not hold every row. */
ls_status ls_spec_check_floor(ls_field_reader *reader, const ls_field *field,
                              const ls_yaml_node *node, void *target);

#ifdef __cplusplus
}
#endif
#endif
