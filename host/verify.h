/* Recomputes every claim of an exported design from its GraphML file alone, with igraph.
 * Shares no code with the optimizer: it includes neither kernels/ nor topology.h. */
#ifndef LS_VERIFY_H
#define LS_VERIFY_H

#include "error.h"
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LS_MISMATCH_MAX 64

typedef struct ls_mismatch {
  char where[96]; /* "graph", a node id, or an edge id */
  char what[64];  /* the attribute or property */
  char claimed[64], found[64];
} ls_mismatch;

typedef struct ls_verify_options {
  const char *catalog_path; /* NULL: unit prices and powers are taken from the file */
  bool is_deep;             /* exact edge connectivity whatever the size */
} ls_verify_options;

typedef struct ls_verify_report {
  bool is_ok, are_prices_checked;
  bool is_connectivity_exact; /* false: cuts around single switches alone, see docs/formats.md */
  int32_t node_count, edge_count, switch_count;
  int64_t link_count;
  int32_t diameter_hops;      /* switch graph, in links */
  double distance_mean_hops;  /* over pairs of leaves */
  int32_t articulation_count; /* of the switch graph */
  int64_t edge_connectivity;  /* links; least over cuts of the switch graph */
  double seconds;
  int32_t mismatch_count; /* all of them, of which the first are kept */
  ls_mismatch mismatches[LS_MISMATCH_MAX];
} ls_verify_report;

/* LS_OK with is_ok true, LS_ERR_NO with is_ok false and the mismatches, LS_ERR_INPUT when the
 * file cannot be read as one of ours (*error says why), LS_ERR_MEMORY. */
ls_status ls_verify_file(const char *path, const ls_verify_options *options,
                         ls_verify_report *report, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
