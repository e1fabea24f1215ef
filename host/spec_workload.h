/* The keys of a spec that say what the cluster works on: cluster.scale_up, traffic, reliability.
 * Internal to the reader of specs. */
#ifndef LS_SPEC_WORKLOAD_H
#define LS_SPEC_WORKLOAD_H

#include "fields.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const ls_field ls_spec_scale_up_fields[];    /* into ls_spec_scale_up */
extern const ls_field ls_spec_traffic_fields[];     /* into ls_traffic */
extern const ls_field ls_spec_reliability_fields[]; /* into ls_reliability */

/* ls_field_function each. A domain of several GPUs needs its rate. */
ls_status ls_spec_check_scale_up(ls_field_reader *reader, const ls_field *field,
                                 const ls_yaml_node *node, void *target);

/* Notes whether there is traffic, derives what parallelism leaves out and refuses what does not
 * multiply to the GPUs; comes after cluster in the table. */
ls_status ls_spec_check_traffic(ls_field_reader *reader, const ls_field *field,
                                const ls_yaml_node *node, void *target);

#ifdef __cplusplus
}
#endif
#endif
