/* What a structure makes of the spec's traffic: demand between its blocks, what it delivers, step
 * time, and the share of GPU-hours that compute. docs/model.md section 4. */
#ifndef LS_STRUCTURE_WORKLOAD_H
#define LS_STRUCTURE_WORKLOAD_H

#include "demand.h"
#include "json.h"
#include "spec.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ls_workload {
  bool has_demand;       /* parallelism or a matrix is given, for at most 4096 blocks */
  int32_t block_count;   /* 0 without demand, and so the next */
  int32_t cut_share_ppm; /* of the demand, leaves its block */
  ls_theta_range theta;  /* share of the NIC rate, before routing; without demand the worst case */
  int32_t theta_ppm;     /* theta.low x routing efficiency: what step is computed with */
  ls_step_time step;     /* expected */
  ls_step_time step_low, step_high; /* with theta and routing at their best and worst */
} ls_workload;

/* The workload of a sized structure of the spec's problem, whose spec has traffic. matrix: what
 * traffic.matrix names, or NULL. latency_ps: NIC to NIC, one way. LS_ERR_FULL: a step takes longer
 * than 64 bits hold; LS_ERR_MEMORY. Costs what its demand does; O(1) without one. */
ls_status ls_workload_find(const ls_spec *spec, const ls_demand *matrix,
                           const ls_structure *structure, int64_t latency_ps,
                           ls_workload *workload);

/* Sets `workload`, and `demand` where there is one; nothing where the spec has no traffic. A step
 * that ls_workload_find cannot hold is null. */
void ls_workload_set(const ls_spec *spec, const ls_demand *matrix, const ls_structure *structure,
                     int64_t latency_ps, ls_json *object);

/* The same for people, each line after indent; nothing where the spec has no traffic. */
void ls_workload_print(const ls_spec *spec, const ls_demand *matrix, const ls_structure *structure,
                       int64_t latency_ps, const char *indent);

#ifdef __cplusplus
}
#endif
#endif
