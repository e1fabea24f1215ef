/* The rules that tie the keys of a catalog entry together: each is called by the key tables of
 * catalog.c once the entry has been read. Internal to the reader of catalogs. */
#ifndef LS_CATALOG_RULES_H
#define LS_CATALOG_RULES_H

#include "catalog.h"
#include "fields.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the functions of the tables share (ls_field_reader.context): the catalog so far, and what
 * the entry being read says about all its figures. */
typedef struct ls_catalog_context {
  ls_catalog *catalog;
  int32_t source, evidence;
} ls_catalog_context;

#define LS_SOURCE_UNSAID (-2)
#define LS_EVIDENCE_UNSAID (-1)

/* ls_field_function of figures, and of an entry's source, evidence and draws. LS_ERR_INPUT. */
ls_status ls_catalog_read_figure(ls_field_reader *reader, const ls_field *field,
                                 const ls_yaml_node *node, void *target);
ls_status ls_catalog_read_entry_source(ls_field_reader *reader, const ls_field *field,
                                       const ls_yaml_node *node, void *target);
ls_status ls_catalog_read_entry_evidence(ls_field_reader *reader, const ls_field *field,
                                         const ls_yaml_node *node, void *target);
ls_status ls_catalog_read_draws(ls_field_reader *reader, const ls_field *field,
                                const ls_yaml_node *node, void *target);

/* ls_field_function of a list's entries and of parts. LS_ERR_INPUT. */
ls_status ls_catalog_check_source(ls_field_reader *reader, const ls_field *field,
                                  const ls_yaml_node *node, void *target);
ls_status ls_catalog_check_switch(ls_field_reader *reader, const ls_field *field,
                                  const ls_yaml_node *node, void *target);
ls_status ls_catalog_check_optic(ls_field_reader *reader, const ls_field *field,
                                 const ls_yaml_node *node, void *target);
ls_status ls_catalog_check_ocs(ls_field_reader *reader, const ls_field *field,
                               const ls_yaml_node *node, void *target);
ls_status ls_catalog_check_resource(ls_field_reader *reader, const ls_field *field,
                                    const ls_yaml_node *node, void *target);
ls_status ls_catalog_check_scale_up(ls_field_reader *reader, const ls_field *field,
                                    const ls_yaml_node *node, void *target);
ls_status ls_catalog_check_fiber(ls_field_reader *reader, const ls_field *field,
                                 const ls_yaml_node *node, void *target);
ls_status ls_catalog_check_parts(ls_field_reader *reader, const ls_field *field,
                                 const ls_yaml_node *node, void *target);

/* The integrated optics of all switches, once the whole catalog has been read. LS_ERR_INPUT. */
ls_status ls_catalog_check_integrated(ls_field_reader *reader);

#ifdef __cplusplus
}
#endif
#endif
