#include "spec_workload.h"

#include <string.h>

#include "spec.h"
#include "spec_space.h"
#include "spec_tables.h"

static const char *const algorithm_names[] = {"ring", "tree", "in_network", NULL};

#define OWNER ls_spec_scale_up
const ls_field ls_spec_scale_up_fields[] = {
    NUMBER("domain_gpus", domain_gpus, 0, 1, 65536, "1", "GPUs of a scale-up domain"),
    NUMBER("gbps_per_gpu", gbps_per_gpu, 0, 1, 1000000, "",
           "scale-up bandwidth of a GPU, one way; needed where a domain has several GPUs"),
    END,
};
#undef OWNER

#define OWNER ls_parallelism
static const ls_field parallelism_fields[] = {
    NUMBER("data", data, 0, 1, 4194304, "",
           "replicas, with or without experts; default: what the others leave of the GPUs"),
    NUMBER("tensor", tensor, 0, 1, 65536, "1", "GPUs that share each layer, next to each other"),
    NUMBER("pipeline", pipeline, 0, 1, 65536, "1", "stages"),
    NUMBER("expert", expert, 0, 1, 4194304, "",
           "consecutive replicas that exchange tokens, a divisor of data; default: all of data"),
    END,
};
#undef OWNER

#define OWNER ls_traffic
static const ls_field routing_fields[] = {
    NUMBER("value", routing_ppm, 6, 10000, 1000000, "0.9", "expected"),
    NUMBER("low", routing_ppm_low, 6, 10000, 1000000, "0.6", "as with hashed flows that collide"),
    NUMBER("high", routing_ppm_high, 6, 10000, 1000000, "1", "as with sprayed packets"),
    END,
};

const ls_field ls_spec_traffic_fields[] = {
    NUMBER("compute_ms", compute_ps, 9, 0, INT64_C(1000000000000000), "0",
           "a step without any communication"),
    NUMBER("all_reduce_gb", all_reduce_bytes, 9, 0, INT64_C(1000000000000000), "0",
           "vector that is reduced over all replicas, in gigabytes a step"),
    NUMBER("all_to_all_gb", all_to_all_bytes, 9, 0, INT64_C(1000000000000000), "0",
           "what a GPU hands to its group of experts, itself included"),
    NUMBER("pipeline_gb", pipeline_bytes, 9, 0, INT64_C(1000000000000000), "0",
           "what a GPU sends to its neighbour stages, both together"),
    {.key = "algorithm",
     .doc = "of the all-reduce",
     .type = LS_FIELD_CHOICE,
     .offset = offsetof(OWNER, algorithm),
     .names = algorithm_names,
     .fallback = "ring"},
    NUMBER("overlap", overlap_ppm, 6, 0, 1000000, "0",
           "share of communication that hides behind computation"),
    NUMBER("alpha_ns", alpha_ps, 3, 0, INT64_C(1000000000000), "2000",
           "start of each step of a collective, in software and at the ends; assumed"),
    NUMBER("scale_up_load", scale_up_load_ppm, 6, 0, 990000, "0",
           "share of scale-up that tensor parallelism already uses"),
    {.key = "parallelism",
     .doc = "how the job is cut; default: all GPUs are one group",
     .type = LS_FIELD_MAP,
     .offset = offsetof(OWNER, parallelism),
     .fields = parallelism_fields,
     .fallback = ""},
    {.key = "matrix",
     .doc = "CSV of the demand between equal blocks of GPUs, beside the spec",
     .type = LS_FIELD_TEXT,
     .max = LS_MATRIX_PATH_MAX,
     .offset = offsetof(OWNER, matrix),
     .fallback = ""},
    {.key = "routing_efficiency",
     .doc = "share of what the topology could carry that routing reaches; assumed",
     .type = LS_FIELD_MAP,
     .fields = routing_fields,
     .fallback = ""},
    END,
};
#undef OWNER

#define OWNER ls_reliability
const ls_field ls_spec_reliability_fields[] = {
    NUMBER("job_gpus", job_gpus, 0, 1, 4194304, "", "GPUs that stop together; default: all"),
    NUMBER("detect_min", detect_milli_min, 3, 0, 1000000000, "2", "from failure to decision"),
    NUMBER("restart_min", restart_milli_min, 3, 0, 1000000000, "10", "until the next step"),
    NUMBER("checkpoint_interval_min", checkpoint_milli_min, 3, 0, 1000000000, "30",
           "between checkpoints; half of it is lost"),
    NUMBER("p_kill_access", p_kill_access_ppm, 6, 0, 1000000, "0.5",
           "chance that a failed link at a GPU ends the job, with one plane; assumed"),
    NUMBER("p_kill_trunk", p_kill_trunk_ppm, 6, 0, 1000000, "0.05",
           "chance that a failed link between switches ends the job; assumed"),
    NUMBER("flap_per_failure", flap_per_failure_milli, 3, 0, 1000000000, "10",
           "short losses of a link for each failure that stays; assumed"),
    NUMBER("flap_stall_s", flap_stall_ms, 3, 0, 1000000000, "5",
           "the job waits as long for one of them; assumed"),
    NUMBER("communication_share", communication_ppm, 6, 1, 1000000, "",
           "share of a step that the network decides; default: by traffic, else 0.3"),
    NUMBER("spares_lead_days", spares_lead_days, 0, 0, 3650, "30", "from order to spare part"),
    NUMBER("spares_confidence", spares_confidence_ppm, 6, 500000, 999999, "0.99",
           "chance that spares last until then"),
    END,
};
#undef OWNER

ls_status ls_spec_check_scale_up(ls_field_reader *reader, const ls_field *field,
                                 const ls_yaml_node *node, void *target)
{
  (void)field;
  const ls_spec_scale_up *scale_up = target;
  if (scale_up->domain_gpus > 1 && !scale_up->gbps_per_gpu)
    return ls_field_refuse(reader, node, "needs gbps_per_gpu for its domains of %d GPUs",
                           (int)scale_up->domain_gpus);
  return LS_OK;
}

/* Fills in data and expert; the groups must multiply to the GPUs. */
static ls_status complete_parallelism(ls_field_reader *reader, const ls_yaml_node *node,
                                      int32_t gpu_count, ls_parallelism *parallel)
{
  const int64_t others = (int64_t)parallel->tensor * parallel->pipeline;
  size_t length = ls_field_enter(reader, "parallelism");
  if (!parallel->data && gpu_count % others == 0) parallel->data = (int32_t)(gpu_count / others);
  if (!parallel->data || parallel->data * others != gpu_count)
    return ls_field_refuse(reader, node,
                           "must multiply to cluster.gpus: %d GPUs are not tensor %d x pipeline "
                           "%d x a whole number of data%s",
                           (int)gpu_count, (int)parallel->tensor, (int)parallel->pipeline,
                           parallel->data ? " as given" : "");
  if (!parallel->expert) parallel->expert = parallel->data;
  if (parallel->data % parallel->expert != 0)
    return ls_field_refuse(reader, node, "must have an expert that divides data: %d and %d do not",
                           (int)parallel->expert, (int)parallel->data);
  ls_field_leave(reader, length);
  return LS_OK;
}

ls_status ls_spec_check_traffic(ls_field_reader *reader, const ls_field *field,
                                const ls_yaml_node *node, void *target)
{
  (void)field;
  ls_traffic *traffic = target;
  const ls_spec_context *context = reader->context;
  const ls_yaml_node *parallelism = ls_yaml_find(node, "parallelism");
  traffic->is_given = node != NULL;
  if (traffic->routing_ppm_low > traffic->routing_ppm ||
      traffic->routing_ppm > traffic->routing_ppm_high) {
    (void)ls_field_enter(reader, "routing_efficiency");
    return ls_field_refuse(reader, ls_yaml_find(node, "routing_efficiency"),
                           "must have low <= value <= high");
  }
  /* A run copies it beside its copy of the spec, where it must not be another file of the run. */
  if (strchr(traffic->matrix, '/') || strcmp(traffic->matrix, "pareto.csv") == 0) {
    (void)ls_field_enter(reader, "matrix");
    return ls_field_refuse(reader, ls_yaml_find(node, "matrix"),
                           "must be the name of a file beside the spec, without a folder and not "
                           "pareto.csv, got %s",
                           traffic->matrix);
  }
  if (!parallelism) return LS_OK;
  return complete_parallelism(reader, parallelism, context->spec->cluster.gpu_count,
                              &traffic->parallelism);
}
