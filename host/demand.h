/* Who talks to whom: the demand between blocks (leaves) of GPUs, from the parallelism of a job or
 * from a CSV file, and what a topology delivers under it.
 *
 * Only proportions of a demand count. It is scaled until the busiest block sends or receives at
 * the full rate of its NICs; theta is the share of that which the network carries. What stays in a
 * scale-up domain does not touch a NIC and is not in the matrix; what stays in a block is, on the
 * diagonal, for it uses NICs though no uplink. */
#ifndef LS_DEMAND_H
#define LS_DEMAND_H

#include "block_graph.h"
#include "error.h"
#include "workload.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_DEMAND_BLOCKS_MAX = 4096 };

/* Where GPUs are: with one rail, block b holds block_gpus consecutive ones; with R rails GPU i of
 * each server, i = gpu mod R, is in the blocks of rail i, which hold block_gpus servers' each. The
 * last block, of each rail, may be partial. */
typedef struct ls_block_layout {
  int32_t gpu_count;  /* 1..2^22 */
  int32_t block_gpus; /* 1.. */
  int32_t rail_count; /* 1.. */
} ls_block_layout;

typedef struct ls_demand {
  int32_t block_count;
  int64_t *gpu_count; /* [block_count] */
  int64_t *weight;    /* [block_count][block_count] from row to column; a row's and a column's sum
                         fit 63 bits */
} ls_demand;

/* Share of the NIC rate, in ppm: at least low is carried by a routing that is known, more than high
 * is impossible. */
typedef struct ls_theta_range {
  int32_t low_ppm, high_ppm;
} ls_theta_range;

int64_t ls_block_count(const ls_block_layout *layout);
int64_t ls_block_of_gpu(const ls_block_layout *layout, int64_t gpu);

/* The demand of a job whose traffic has a parallelism, in a cluster of scale-up domains of
 * consecutive GPUs; traffic per GPU and step:
 *     all-reduce   members of a data group in one domain reduce among themselves; then each domain
 *                  sends 2 (n-1)/n of the vector to the next of n, spread over its members
 * (in_network half of it); a tree is laid along the same neighbours all-to-all   each member of an
 * expert group sends an equal part to every other one pipeline     half to the next stage, half to
 * the previous one Tensor parallelism stays in the domain. LS_ERR_FULL: more than
 * LS_DEMAND_BLOCKS_MAX blocks; LS_ERR_INPUT: no parallelism; LS_ERR_MEMORY. O(GPUs + groups x
 * blocks of a group^2 + blocks^2). */
ls_status ls_demand_from_traffic(const ls_traffic *traffic, int32_t domain_gpus,
                                 const ls_block_layout *layout, ls_demand **demand);

/* A square matrix of decimals, at least 0 and at most 10^9, separated by commas, a row a line;
 * lines that are empty or start with # are skipped. Its blocks have no GPUs yet: see
 * ls_demand_spread. LS_ERR_INPUT with file, line, column, what was expected and found;
 * LS_ERR_MEMORY. */
ls_status ls_demand_read(const char *path, ls_demand **demand, ls_error *error);

/* Writes what ls_demand_read reads, six decimals a weight; the file is whole or not there.
 * LS_ERR_IO. Weights read from a file come back as they were. */
ls_status ls_demand_write(const ls_demand *demand, const char *path, ls_error *error);

/* The demand between the blocks of layout, of GPUs that send as matrix says of equal runs of
 * consecutive GPUs, evenly inside a run. LS_ERR_INPUT: more runs than GPUs; LS_ERR_FULL: too many
 * blocks; LS_ERR_MEMORY. */
ls_status ls_demand_spread(const ls_demand *matrix, const ls_block_layout *layout,
                           ls_demand **demand);

/* Sends what crosses rails through scale-up first, to the GPU of the receiver's rail in the
 * sender's server, as a fabric of separate rails must: afterwards each rail talks to itself alone.
 * Blocks are those of a layout with rail_count rails. O(blocks^2). */
void ls_demand_keep_rails(ls_demand *demand, int32_t rail_count);

void ls_demand_destroy(ls_demand *demand); /* NULL is fine */

/* Share of all demand that leaves its block, in ppm; 0 without demand. O(blocks^2). */
int32_t ls_demand_cut_share_ppm(const ls_demand *demand);

/* theta of a Clos in which each block has uplink_count links, each as fast as a GPU's share of the
 * plane, and everything above is non-blocking: least over blocks of uplinks / demand that crosses
 * them, at most 10^6, in ppm. O(blocks^2). */
int32_t ls_demand_clos_theta_ppm(const ls_demand *demand, int32_t uplink_count);

/* theta of a mesh whose blocks divide uplink_count links evenly among all other blocks. Low: part
 * of each pair's demand goes over its own trunk, the rest evenly by way of all other blocks, which
 * is never worse than (uplinks/GPUs) B / (2 (B-1)) for B blocks; links beyond a whole number a pair
 * are not used. High: what crosses all trunks at most, when demand beyond a direct trunk takes two
 * hops. LS_ERR_MEMORY. O(blocks^2 x 400). */
ls_status ls_demand_mesh_theta(const ls_demand *demand, int32_t uplink_count,
                               ls_theta_range *theta);

/* weight: [blocks][blocks] what goes between different blocks, in billionths of a NIC, when the
 * busiest block uses all of its own; diagonal 0. O(blocks^2). */
void ls_demand_scale(const ls_demand *demand, int64_t *weight);

/* theta over the graph of the blocks. Low: each demand split at every block over its shortest ways;
 * high: hops over links, and uplinks over what crosses them. LS_ERR_MEMORY. O(blocks * links). */
ls_status ls_demand_graph_theta(const ls_demand *demand, const ls_block_graph *graph,
                                ls_theta_range *theta);

#ifdef __cplusplus
}
#endif
#endif
