/* The values of a spec's space: names of the catalog, vendors, ratios. Internal to the reader of
 * specs. */
#ifndef LS_SPEC_SPACE_H
#define LS_SPEC_SPACE_H

#include "fields.h"
#include "spec.h"

#ifdef __cplusplus
extern "C" {
#endif

/* JSON Schema of a ratio down:up. */
#define LS_RATIO_SCHEMA                                                                            \
  "{\"oneOf\": [{\"type\": \"number\", \"minimum\": 1, \"maximum\": 64}, "                         \
  "{\"type\": \"string\", \"pattern\": \"^[1-9][0-9]*:[1-9][0-9]*$\"}]}"

/* What the functions of the tables share (ls_field_reader.context). */
typedef struct ls_spec_context {
  const ls_catalog *catalog;
  ls_spec *spec;
  uint32_t excluded_mask[LS_CHOICE_COUNT]; /* entries of switches, optics, ocs, scale_up left out */
} ls_spec_context;

/* "3", "3:2" or "1.5", down:up of 1..64, as a reduced fraction; false: it is none. */
bool ls_ratio_parse(const char *text, int32_t *num, int32_t *den);

/* ls_field_function each; the masks are read into their uint32_t, vendors and regions into the
 * context,
 * oversubscription into context->spec. LS_ERR_INPUT. */
ls_status ls_spec_read_switches(ls_field_reader *reader, const ls_field *field,
                                const ls_yaml_node *node, void *target);
ls_status ls_spec_read_optics(ls_field_reader *reader, const ls_field *field,
                              const ls_yaml_node *node, void *target);
ls_status ls_spec_read_ocs(ls_field_reader *reader, const ls_field *field, const ls_yaml_node *node,
                           void *target);
ls_status ls_spec_read_scale_up_names(ls_field_reader *reader, const ls_field *field,
                                      const ls_yaml_node *node, void *target);
ls_status ls_spec_read_fibers(ls_field_reader *reader, const ls_field *field,
                              const ls_yaml_node *node, void *target);
ls_status ls_spec_read_vendors(ls_field_reader *reader, const ls_field *field,
                               const ls_yaml_node *node, void *target);
ls_status ls_spec_read_excluded_vendors(ls_field_reader *reader, const ls_field *field,
                                        const ls_yaml_node *node, void *target);
ls_status ls_spec_read_excluded_regions(ls_field_reader *reader, const ls_field *field,
                                        const ls_yaml_node *node, void *target);
ls_status ls_spec_read_oversubscription(ls_field_reader *reader, const ls_field *field,
                                        const ls_yaml_node *node, void *target);

/* Narrows the masks by vendors, regions and technologies; refuses a space that leaves nothing to
 * choose. */
ls_status ls_spec_check_space(ls_field_reader *reader, const ls_field *field,
                              const ls_yaml_node *node, void *target);

#ifdef __cplusplus
}
#endif
#endif
