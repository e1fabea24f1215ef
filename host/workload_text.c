/* Workloads for people and for programs: text and JSON of what structure_workload.c finds. */
#include <stddef.h>
#include <stdio.h>

#include "structure_workload.h"

/* The terms of a step in the order of their time. */
static const struct {
  const char *key, *name;
  size_t offset;
} terms[] = {{"compute", "compute", offsetof(ls_step_time, compute_ps)},
             {"all_reduce_up", "all-reduce inside", offsetof(ls_step_time, all_reduce_up_ps)},
             {"all_reduce_out", "outside", offsetof(ls_step_time, all_reduce_out_ps)},
             {"all_to_all_up", "all-to-all inside", offsetof(ls_step_time, all_to_all_up_ps)},
             {"all_to_all_out", "outside", offsetof(ls_step_time, all_to_all_out_ps)},
             {"pipeline", "pipeline", offsetof(ls_step_time, pipeline_ps)},
             {"latency", "latency", offsetof(ls_step_time, latency_ps)},
             {"hidden", "less hidden", offsetof(ls_step_time, hidden_ps)}};

enum { TERM_COUNT = sizeof terms / sizeof *terms };

static double term_ms(const ls_step_time *step, int32_t index)
{
  return (double)*(const int64_t *)(const void *)((const char *)step + terms[index].offset) / 1e9;
}

static ls_json *workload_json(const ls_workload *workload)
{
  ls_json *object = ls_json_object(), *breakdown = ls_json_object();
  ls_json_set_real(object, "step_time_ms", (double)workload->step.total_ps / 1e9);
  ls_json_set_real(object, "step_time_ms_low", (double)workload->step_low.total_ps / 1e9);
  ls_json_set_real(object, "step_time_ms_high", (double)workload->step_high.total_ps / 1e9);
  for (int32_t i = 0; i < TERM_COUNT; i++)
    ls_json_set_real(breakdown, terms[i].key, term_ms(&workload->step, i));
  ls_json_set(object, "breakdown_ms", breakdown);
  ls_json_set_real(object, "theta", workload->theta_ppm / 1e6);
  if (workload->step.compute_ps)
    ls_json_set_real(object, "effective_fraction",
                     ls_effective_fraction_ppm(&workload->step) / 1e6);
  else
    ls_json_set_null(object, "effective_fraction");
  return object;
}

static ls_json *demand_json(const ls_workload *workload)
{
  ls_json *object = ls_json_object();
  ls_json_set_int(object, "blocks", workload->demand.block_count);
  ls_json_set_real(object, "cut_share", workload->demand.cut_share_ppm / 1e6);
  ls_json_set_real(object, "theta_low", workload->demand.theta.low_ppm / 1e6);
  ls_json_set_real(object, "theta_high", workload->demand.theta.high_ppm / 1e6);
  return object;
}

void ls_workload_set(const ls_spec *spec, const ls_structure *structure, int64_t latency_ps,
                     ls_json *object)
{
  ls_workload workload;
  if (!spec->traffic.is_given) return;
  const ls_status status = ls_workload_find(spec, structure, latency_ps, &workload);
  if (status == LS_ERR_FULL) {
    ls_json_set_null(object, "workload");
    return;
  }
  /* NULL, for want of memory, is passed on to whoever writes the object. */
  ls_json_set(object, "workload", status == LS_OK ? workload_json(&workload) : NULL);
  if (status == LS_OK && workload.demand.is_known)
    ls_json_set(object, "demand", demand_json(&workload));
}

void ls_workload_print(const ls_spec *spec, const ls_structure *structure, int64_t latency_ps,
                       const char *indent)
{
  ls_workload workload;
  if (!spec->traffic.is_given) return;
  const ls_status status = ls_workload_find(spec, structure, latency_ps, &workload);
  if (status != LS_OK) {
    printf("%sstep time: %s\n", indent,
           status == LS_ERR_FULL ? "more than a hundred days" : "not found, no memory is left");
    return;
  }
  printf("%sstep %.3f ms (%.3f to %.3f)", indent, (double)workload.step.total_ps / 1e9,
         (double)workload.step_low.total_ps / 1e9, (double)workload.step_high.total_ps / 1e9);
  for (int32_t i = 0; i < TERM_COUNT; i++)
    printf("%s %s %.3f", i ? "," : ":", terms[i].name, term_ms(&workload.step, i));
  printf("\n");
  if (workload.step.compute_ps)
    printf("%s%.1f %% of a GPU-hour computes\n", indent,
           ls_effective_fraction_ppm(&workload.step) / 1e4);
  if (workload.demand.is_known)
    printf("%sdemand of %d blocks: %.1f %% leaves its block, %.3f to %.3f of the NIC rate is "
           "carried\n",
           indent, workload.demand.block_count, workload.demand.cut_share_ppm / 1e4,
           workload.demand.theta.low_ppm / 1e6, workload.demand.theta.high_ppm / 1e6);
}
