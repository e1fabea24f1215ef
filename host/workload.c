#include "workload.h"

#include "wide.h"

/* Members of a collective, and how many of them share a scale-up domain. */
typedef struct group {
  int64_t count, inside;
} group;

/* num / den of bytes over share_ppm of gbps, in ps: 8 bits, 1000 ps each at 1 Gb/s. Largest
 * product: 2^23 x 10^15 x 8 10^9 = 7e31. */
static ls_wide transfer_ps(int64_t bytes, ls_wide num, ls_wide den, int64_t gbps, int64_t share_ppm)
{
  return ls_wide_divide(num * bytes * 8000 * 1000000, den * gbps * share_ppm);
}

static int64_t log2_ceil(int64_t count)
{
  int64_t steps = 0;
  while ((int64_t)1 << steps < count) steps++;
  return steps;
}

/* A group with one member every `stride` GPUs: those of a domain are as many as strides fit. */
static group group_of(const ls_step_request *request, int64_t count, int64_t stride)
{
  int64_t inside = request->domain_gpus / stride;
  if (inside < 1) inside = 1;
  return (group){count, inside < count ? inside : count};
}

static group data_group(const ls_step_request *request)
{
  const ls_parallelism *parallel = &request->traffic->parallelism;
  return parallel->data ? group_of(request, parallel->data, parallel->tensor)
                        : group_of(request, request->gpu_count, 1);
}

static group expert_group(const ls_step_request *request)
{
  const ls_parallelism *parallel = &request->traffic->parallelism;
  return parallel->data ? group_of(request, parallel->expert, parallel->tensor)
                        : group_of(request, request->gpu_count, 1);
}

/* Steps of an all-reduce that wait for each other. */
static void all_reduce_steps(int32_t algorithm, group members, int64_t *inside, int64_t *outside)
{
  const int64_t domains = (members.count + members.inside - 1) / members.inside;
  const bool is_ring = algorithm == LS_ALL_REDUCE_RING;
  *inside = 2 * (is_ring ? members.inside - 1 : log2_ceil(members.inside));
  *outside = 2 * (is_ring ? domains - 1 : log2_ceil(domains));
  if (algorithm == LS_ALL_REDUCE_IN_NETWORK && domains > 1) *outside = 2;
}

static bool is_valid(const ls_step_request *request)
{
  const ls_traffic *traffic = request->traffic;
  const ls_parallelism *parallel = &traffic->parallelism;
  if (request->gpu_count < 1 || request->domain_gpus < 1 || request->nic_gbps < 1) return false;
  if (request->domain_gpus > 1 && request->scale_up_gbps < 1) return false;
  if (request->theta_ppm < 1 || request->theta_ppm > 1000000) return false;
  if (request->path_latency_ps < 0 || traffic->scale_up_load_ppm >= 1000000) return false;
  if (!parallel->data) return true;
  return parallel->data > 0 && parallel->tensor > 0 && parallel->pipeline > 0 &&
         parallel->expert > 0 && parallel->data % parallel->expert == 0 &&
         (int64_t)parallel->data * parallel->tensor * parallel->pipeline == request->gpu_count;
}

/* The terms, in the order of the struct's members. */
enum { REDUCE_UP, REDUCE_OUT, EXCHANGE_UP, EXCHANGE_OUT, STAGES, LATENCY, TERM_COUNT };

static void terms_compute(const ls_step_request *request, ls_wide term[TERM_COUNT])
{
  const ls_traffic *traffic = request->traffic;
  const group reduce = data_group(request), exchange = expert_group(request);
  const int64_t up_gbps = request->domain_gpus > 1 ? request->scale_up_gbps : 1;
  const int64_t up_ppm = 1000000 - traffic->scale_up_load_ppm;
  const int64_t out_gbps = request->nic_gbps, out_ppm = request->theta_ppm;
  const int64_t halves = traffic->algorithm == LS_ALL_REDUCE_IN_NETWORK ? 1 : 2;
  const bool is_one_domain = request->gpu_count <= request->domain_gpus;
  int64_t steps = 0, steps_out = 0;
  term[REDUCE_UP] = transfer_ps(traffic->all_reduce_bytes, 2 * (reduce.inside - 1), reduce.inside,
                                up_gbps, up_ppm);
  term[REDUCE_OUT] = transfer_ps(traffic->all_reduce_bytes, halves * (reduce.count - reduce.inside),
                                 (ls_wide)reduce.count * reduce.inside, out_gbps, out_ppm);
  term[EXCHANGE_UP] =
      transfer_ps(traffic->all_to_all_bytes, exchange.inside - 1, exchange.count, up_gbps, up_ppm);
  term[EXCHANGE_OUT] = transfer_ps(traffic->all_to_all_bytes, exchange.count - exchange.inside,
                                   exchange.count, out_gbps, out_ppm);
  term[STAGES] = transfer_ps(traffic->pipeline_bytes, 1, 1, is_one_domain ? up_gbps : out_gbps,
                             is_one_domain ? up_ppm : out_ppm);
  if (request->gpu_count == 1) term[STAGES] = 0; /* there is no neighbour */
  if (traffic->all_reduce_bytes) all_reduce_steps(traffic->algorithm, reduce, &steps, &steps_out);
  steps += steps_out;
  if (term[EXCHANGE_UP] + term[EXCHANGE_OUT]) steps++;
  if (term[EXCHANGE_OUT]) steps_out++;
  if (term[STAGES]) steps++;
  if (term[STAGES] && !is_one_domain) steps_out++;
  term[LATENCY] =
      (ls_wide)steps * traffic->alpha_ps + (ls_wide)steps_out * request->path_latency_ps;
}

ls_status ls_step_time_compute(const ls_step_request *request, ls_step_time *time)
{
  ls_wide term[TERM_COUNT], communication = 0;
  ls_step_time result = {.compute_ps = request->traffic->compute_ps};
  if (!is_valid(request)) return LS_ERR_INPUT;
  terms_compute(request, term);
  for (int32_t i = 0; i < TERM_COUNT; i++) communication += term[i];
  const ls_wide hidden = ls_wide_divide(communication * request->traffic->overlap_ppm, 1000000);
  const ls_wide hidden_most = hidden < result.compute_ps ? hidden : result.compute_ps;
  /* No term exceeds communication: where that fits, all do. */
  if (communication > INT64_MAX) return LS_ERR_FULL;
  if (ls_wide_narrow(result.compute_ps + communication - hidden_most, &result.total_ps) != LS_OK)
    return LS_ERR_FULL;
  result.all_reduce_up_ps = (int64_t)term[REDUCE_UP];
  result.all_reduce_out_ps = (int64_t)term[REDUCE_OUT];
  result.all_to_all_up_ps = (int64_t)term[EXCHANGE_UP];
  result.all_to_all_out_ps = (int64_t)term[EXCHANGE_OUT];
  result.pipeline_ps = (int64_t)term[STAGES];
  result.latency_ps = (int64_t)term[LATENCY];
  result.hidden_ps = (int64_t)hidden_most;
  *time = result;
  return LS_OK;
}

int64_t ls_step_communication_ps(const ls_step_time *time)
{
  return time->all_reduce_up_ps + time->all_reduce_out_ps + time->all_to_all_up_ps +
         time->all_to_all_out_ps + time->pipeline_ps + time->latency_ps;
}

int32_t ls_effective_fraction_ppm(const ls_step_time *time)
{
  return time->total_ps > 0 ? (int32_t)((ls_wide)time->compute_ps * 1000000 / time->total_ps) : 0;
}
