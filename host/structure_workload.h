/* What a structure makes of the spec's traffic: demand between its blocks, what it delivers, step
 * time, and the share of GPU-hours that compute. docs/model.md section 7. */
#ifndef LS_STRUCTURE_WORKLOAD_H
#define LS_STRUCTURE_WORKLOAD_H

#include "block_graph.h"
#include "demand.h"
#include "json.h"
#include "spec.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The demand between a structure's blocks, and what it delivers. */
typedef struct ls_structure_demand {
  bool is_known;         /* parallelism or a matrix is given, for at most 4096 blocks */
  int32_t block_count;   /* 0 where it is not known, and so the next */
  int32_t cut_share_ppm; /* of the demand, leaves its block */
  ls_theta_range theta;  /* share of the NIC rate, before routing; not known: the worst case */
} ls_structure_demand;

typedef struct ls_workload {
  ls_structure_demand demand;
  int32_t theta_ppm;                /* theta.low x routing efficiency: what step is computed with */
  ls_step_time step;                /* expected */
  ls_step_time step_low, step_high; /* with theta and routing at their best and worst */
} ls_workload;

/* A matrix, or a parallelism that says who talks to whom. */
bool ls_spec_has_demand(const ls_spec *spec);

/* The demand of the spec between blocks of so many consecutive GPUs. LS_ERR_FULL, LS_ERR_MEMORY. */
ls_status ls_structure_block_demand(const ls_spec *spec, int32_t block_gpus, ls_demand **demand);

/* Of a sized structure of the spec's problem, whose spec has traffic. graph: that of sparse blocks;
 * NULL: what none can beat. LS_ERR_MEMORY. Costs what ls_demand_from_traffic, ls_demand_spread,
 * ls_demand_mesh_theta and ls_demand_graph_theta do; O(1) without a demand. */
ls_status ls_structure_demand_find(const ls_spec *spec, const ls_structure *structure,
                                   const ls_block_graph *graph, ls_structure_demand *demand);

/* The workload under that demand. latency_ps: NIC to NIC, one way. LS_ERR_FULL: a step takes longer
 * than 64 bits hold; *workload is then unchanged. O(1). */
ls_status ls_workload_compute(const ls_spec *spec, const ls_structure_demand *demand,
                              int64_t latency_ps, ls_workload *workload);

/* Both, of sparse blocks with the graph that is found. */
ls_status ls_workload_find(const ls_spec *spec, const ls_structure *structure, int64_t latency_ps,
                           ls_workload *workload);

/* Demands of structures that were met before: those that differ in chassis alone share one. */
typedef struct ls_demand_cache ls_demand_cache;

/* NULL: no memory. destroy takes NULL. */
ls_demand_cache *ls_demand_cache_create(void);
void ls_demand_cache_destroy(ls_demand_cache *cache);

/* ls_structure_demand_find, from the cache where it can. */
ls_status ls_demand_cache_find(ls_demand_cache *cache, const ls_spec *spec,
                               const ls_structure *structure, ls_structure_demand *demand);

/* Sets `workload`, and `demand` where there is one; nothing where the spec has no traffic. A step
 * that ls_workload_find cannot hold is null. */
void ls_workload_set(const ls_spec *spec, const ls_structure *structure, int64_t latency_ps,
                     ls_json *object);

/* The same for people, each line after indent; nothing where the spec has no traffic. */
void ls_workload_print(const ls_spec *spec, const ls_structure *structure, int64_t latency_ps,
                       const char *indent);

#ifdef __cplusplus
}
#endif
#endif
