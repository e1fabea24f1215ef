/* The key tables of the three kinds of input file: what reads them and what describes them. */
#ifndef LS_TABLES_H
#define LS_TABLES_H

#include "fields.h"
#include "spec.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const ls_field ls_catalog_fields[]; /* into ls_catalog */
extern const ls_field ls_spec_fields[];    /* into ls_spec */
extern const ls_field ls_design_fields[];  /* into ls_design_file */

/* Keys of a figure written as a mapping, in the units of field. */
#define LS_FIGURE_FIELD_COUNT 8
void ls_figure_fields(const ls_field *field, ls_field fields[LS_FIGURE_FIELD_COUNT + 1]);

/* ls_catalog_read and ls_spec_read from the parsed file on: the tests feed these from memory. */
ls_status ls_catalog_read_tree(const ls_yaml_tree *tree, ls_catalog *catalog, ls_error *error);
ls_status ls_spec_read_tree(const ls_yaml_tree *tree, const ls_catalog *catalog, ls_spec *spec,
                            ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
