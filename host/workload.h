/* Step time of a synchronous training job: computation, all-reduce, all-to-all and pipeline
 * traffic over scale-up (inside a domain of GPUs) and scale-out (the network that is designed).
 *
 * Formulas, docs/model.md section 7, with G members of a group, i of them in one scale-up domain,
 * D, A, P bytes per GPU and step, B_su = scale-up rate less its load, B_so = NIC rate times theta:
 *
 *     all-reduce, inside    2 (i-1)/i D / B_su              (reduce-scatter and all-gather)
 *     all-reduce, outside   2 (G-i)/G (D/i) / B_so          = 2 (n-1)/n (D/i) with n = G/i;
 *                           half of it where switches reduce (in_network)
 *     all-to-all            (i-1)/G A / B_su + (G-i)/G A / B_so
 *     pipeline              P / B_so, or P / B_su where all GPUs share one domain
 *     latency               alpha for each step that waits for the one before it, and the path
 *                           of the network for each of them outside: with n = ceil(G/i)
 *                               ring        2 (i-1) inside, 2 (n-1) outside
 *                               tree        2 ceil(log2 i) inside, 2 ceil(log2 n) outside
 *                               in_network  2 ceil(log2 i) inside, 2 outside
 *                           one step for the all-to-all, whose messages are posted together, and
 *                           one for the pipeline
 *     total = compute + communication - hidden; hidden = overlap * communication, at most compute
 *
 * Each term is rounded to whole picoseconds once; all arithmetic is of integers. */
#ifndef LS_WORKLOAD_H
#define LS_WORKLOAD_H

#include "../kernels/status.h"
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ls_all_reduce {
  LS_ALL_REDUCE_RING,
  LS_ALL_REDUCE_TREE,
  LS_ALL_REDUCE_IN_NETWORK
} ls_all_reduce;

/* How a job is cut into groups. GPU = tensor + T (data + D pipeline): tensor ranks are next to each
 * other, then data ranks, then stages; experts are spread over `expert` consecutive data ranks.
 * T * D * P is the number of GPUs and expert divides D. data 0: not given, all GPUs are one group
 * of every kind. */
typedef struct ls_parallelism {
  int32_t data, tensor, pipeline, expert;
} ls_parallelism;

enum { LS_MATRIX_PATH_MAX = 200 };

typedef struct ls_traffic {
  bool is_given;             /* false: the spec says nothing of traffic */
  int64_t compute_ps;        /* of a step without communication; 0: not given */
  int64_t all_reduce_bytes;  /* per GPU and step: the vector that is reduced; 0..10^15 */
  int64_t all_to_all_bytes;  /* what a GPU sends to all members of its group, itself included */
  int64_t pipeline_bytes;    /* what a GPU sends to its neighbour stages */
  int32_t algorithm;         /* ls_all_reduce */
  int32_t overlap_ppm;       /* share of communication that computation can hide */
  int32_t scale_up_load_ppm; /* share of scale-up that tensor parallelism already uses, < 10^6 */
  int64_t alpha_ps;          /* start of one step of a collective, software and endpoints */
  ls_parallelism parallelism;
  char matrix[LS_MATRIX_PATH_MAX + 1]; /* CSV of block-to-block demand; empty: none */
  int32_t routing_ppm, routing_ppm_low, routing_ppm_high; /* of what the topology could deliver */
} ls_traffic;

typedef struct ls_step_request {
  int32_t gpu_count;       /* 1.. */
  int32_t domain_gpus;     /* GPUs of a scale-up domain; 1: there is no scale-up */
  int32_t scale_up_gbps;   /* of one GPU, one way; not read where domain_gpus is 1 */
  int32_t nic_gbps;        /* of one GPU, one way, all planes */
  int32_t theta_ppm;       /* share of the NIC rate that the network delivers, 1..10^6 */
  int64_t path_latency_ps; /* NIC to NIC, one way */
  const ls_traffic *traffic;
} ls_step_request;

typedef struct ls_step_time {
  int64_t compute_ps;
  int64_t all_reduce_up_ps, all_reduce_out_ps; /* inside and outside of scale-up domains */
  int64_t all_to_all_up_ps, all_to_all_out_ps;
  int64_t pipeline_ps;
  int64_t latency_ps; /* all steps of all collectives */
  int64_t hidden_ps;  /* communication behind computation */
  int64_t total_ps;
} ls_step_time;

/* Fills *time. LS_ERR_INPUT: a rate, count or theta is not positive, or the groups do not multiply
 * to gpu_count; LS_ERR_FULL: a time exceeds 64 bits (106 days). *time is then unchanged. O(1). */
ls_status ls_step_time_compute(const ls_step_request *request, ls_step_time *time);

/* All terms but compute, before anything is hidden, in ps. */
int64_t ls_step_communication_ps(const ls_step_time *time);

/* Share of a step in which GPUs compute: compute / total, rounded down, in ppm; 0 for a step
 * without computation. USD per effective GPU-hour divides by it. */
int32_t ls_effective_fraction_ppm(const ls_step_time *time);

#ifdef __cplusplus
}
#endif
#endif
