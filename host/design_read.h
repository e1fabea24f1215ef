/* A design file: one answer in words, as `optimize` and `sweep` print it under "design" (JSON is
 * YAML), or written by hand. Finds the rank it stands for. */
#ifndef LS_DESIGN_READ_H
#define LS_DESIGN_READ_H

#include "spec.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ls_design_file {
  char path[256];
  int32_t family; /* bit number of LS_CHOOSE_ */
  int32_t planes;
  int32_t block_kind; /* ls_block_kind */
  int32_t oversubscription_num, oversubscription_den;
  struct {
    char leaf[LS_ID_MAX], spine[LS_ID_MAX], core[LS_ID_MAX]; /* empty: none */
  } switches;
  char ocs[LS_ID_MAX], scale_up[LS_ID_MAX];
  int32_t link_count;
  struct ls_design_link {
    int32_t tier; /* LS_TIER_ */
    char optic_a[LS_ID_MAX], optic_b[LS_ID_MAX], fiber[LS_ID_MAX];
    int32_t circulators;
    int32_t line;
  } links[LS_TIER_MAX];
} ls_design_file;

/* LS_ERR_INPUT with file, line and key; *design is changed only on success. */
ls_status ls_design_read(const char *path, ls_design_file *design, ls_error *error);

/* Narrows the space of *spec to what the design names; co-packaged NICs are allowed then.
 * LS_ERR_INPUT when the catalog does not have a name, or planes do not divide the NIC's rate. */
ls_status ls_design_narrow(const ls_design_file *design, const ls_catalog *catalog, ls_spec *spec,
                           ls_error *error);

/* The rank of the design in a problem built from a spec narrowed to it. LS_ERR_INPUT when its
 * chassis or optics do not go together. */
ls_status ls_design_rank(const ls_design_file *design, const ls_catalog *catalog,
                         const ls_problem *problem, uint64_t *rank, ls_error *error);

/* The rank in a wider space of the design that has this one in a narrow space: the same structure
 * and options. LS_ERR_INPUT: the wider space does not have it. */
ls_status ls_design_rank_wide(const ls_design_file *design, const ls_catalog *catalog,
                              const ls_problem *narrow, uint64_t narrow_rank,
                              const ls_problem *wide, uint64_t *rank, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
