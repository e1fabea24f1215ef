/* Step times against values computed by hand, their limits, and the keys that describe them. */
#include "../host/workload.h"

#include <string.h>

#include "../host/spec.h"
#include "shim/shim.h"

/* 64 GPUs in domains of 8, 7.2 Tb/s inside and 800 Gb/s outside: 1 GB of all-reduce, 0.64 GB of
 * all-to-all, 0.1 GB of pipeline. */
static ls_traffic some_traffic(void)
{
  return (ls_traffic){.is_given = true,
                      .all_reduce_bytes = 1000000000,
                      .all_to_all_bytes = 640000000,
                      .pipeline_bytes = 100000000};
}

static ls_step_request request_of(const ls_traffic *traffic)
{
  return (ls_step_request){.gpu_count = 64,
                           .domain_gpus = 8,
                           .scale_up_gbps = 7200,
                           .nic_gbps = 800,
                           .theta_ppm = 1000000,
                           .traffic = traffic};
}

static ls_step_time step(const ls_step_request *request)
{
  ls_step_time time = {.total_ps = -1};
  EXPECT_STATUS(ls_step_time_compute(request, &time), LS_OK);
  return time;
}

LS_TEST(Workload, each_term_is_as_computed_by_hand)
{
  const ls_traffic traffic = some_traffic();
  const ls_step_request request = request_of(&traffic);
  const ls_step_time time = step(&request);
  EXPECT_EQ_I64(time.all_reduce_up_ps, 1944444444);  /* 2 x 7/8 x 8 Gb / 7200 Gb/s */
  EXPECT_EQ_I64(time.all_reduce_out_ps, 2187500000); /* 2 x 7/8 x 1 Gb / 800 Gb/s */
  EXPECT_EQ_I64(time.all_to_all_up_ps, 77777778);    /* 7/64 x 5.12 Gb / 7200 Gb/s */
  EXPECT_EQ_I64(time.all_to_all_out_ps, 5600000000); /* 56/64 x 5.12 Gb / 800 Gb/s */
  EXPECT_EQ_I64(time.pipeline_ps, 1000000000);       /* 0.8 Gb / 800 Gb/s */
  EXPECT_EQ_I64(time.latency_ps, 0);
  EXPECT_EQ_I64(time.total_ps, 1944444444 + 2187500000 + 77777778 + 5600000000 + 1000000000);
  EXPECT_EQ_I64(ls_step_communication_ps(&time), time.total_ps);
}

LS_TEST(Workload, half_the_throughput_doubles_scale_out_alone)
{
  const ls_traffic traffic = some_traffic();
  ls_step_request request = request_of(&traffic);
  const ls_step_time whole = step(&request);
  request.theta_ppm = 500000;
  const ls_step_time half = step(&request);
  EXPECT_EQ_I64(half.all_reduce_up_ps, whole.all_reduce_up_ps);
  EXPECT_EQ_I64(half.all_reduce_out_ps, 2 * whole.all_reduce_out_ps);
  EXPECT_EQ_I64(half.all_to_all_up_ps, whole.all_to_all_up_ps);
  EXPECT_EQ_I64(half.all_to_all_out_ps, 2 * whole.all_to_all_out_ps);
  EXPECT_EQ_I64(half.pipeline_ps, 2 * whole.pipeline_ps);
}

LS_TEST(Workload, without_scale_up_all_goes_through_the_nic)
{
  const ls_traffic traffic = some_traffic();
  ls_step_request request = request_of(&traffic);
  request.domain_gpus = 1;
  request.scale_up_gbps = 0;
  const ls_step_time time = step(&request);
  EXPECT_EQ_I64(time.all_reduce_up_ps, 0);
  EXPECT_EQ_I64(time.all_reduce_out_ps, 19687500000); /* 2 x 63/64 x 8 Gb / 800 Gb/s */
  EXPECT_EQ_I64(time.all_to_all_up_ps, 0);
  EXPECT_EQ_I64(time.all_to_all_out_ps, 6300000000); /* 63/64 x 5.12 Gb / 800 Gb/s */
}

LS_TEST(Workload, inside_one_domain_nothing_goes_out)
{
  const ls_traffic traffic = some_traffic();
  ls_step_request request = request_of(&traffic);
  request.domain_gpus = 72; /* more than there are */
  const ls_step_time time = step(&request);
  EXPECT_EQ_I64(time.all_reduce_up_ps, 2187500000); /* 2 x 63/64 x 8 Gb / 7200 Gb/s */
  EXPECT_EQ_I64(time.all_reduce_out_ps, 0);
  EXPECT_EQ_I64(time.all_to_all_out_ps, 0);
  EXPECT_EQ_I64(time.pipeline_ps, 111111111); /* 0.8 Gb / 7200 Gb/s */
  request.theta_ppm = 1;
  EXPECT_EQ_I64(step(&request).total_ps, time.total_ps);
}

LS_TEST(Workload, one_gpu_talks_to_nobody)
{
  const ls_traffic traffic = some_traffic();
  ls_step_request request = request_of(&traffic);
  request.gpu_count = 1;
  EXPECT_EQ_I64(step(&request).total_ps, 0);
}

LS_TEST(Workload, a_loaded_scale_up_is_slower)
{
  ls_traffic traffic = some_traffic();
  const ls_step_request request = request_of(&traffic);
  traffic.scale_up_load_ppm = 500000;
  const ls_step_time time = step(&request);
  EXPECT_EQ_I64(time.all_reduce_up_ps, 3888888889);
  EXPECT_EQ_I64(time.all_reduce_out_ps, 2187500000);
}

LS_TEST(Workload, algorithms_differ_in_steps_and_reduction)
{
  /* Steps inside and outside of an all-reduce over 8 domains of 8; alpha 1 us, path 2 us. The
   * all-to-all and the pipeline add a step and a path each. */
  static const struct {
    int32_t algorithm;
    int64_t latency_us, out_ps;
  } cases[] = {{LS_ALL_REDUCE_RING, 14 + 14 + 2 * 14, 2187500000},
               {LS_ALL_REDUCE_TREE, 6 + 6 + 2 * 6, 2187500000},
               {LS_ALL_REDUCE_IN_NETWORK, 6 + 2 + 2 * 2, 1093750000}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ls_traffic traffic = some_traffic();
    traffic.algorithm = cases[i].algorithm;
    traffic.alpha_ps = 1000000;
    ls_step_request request = request_of(&traffic);
    request.path_latency_ps = 2000000;
    const ls_step_time time = step(&request);
    EXPECT_EQ_I64(time.latency_ps, (cases[i].latency_us + 6) * 1000000);
    EXPECT_EQ_I64(time.all_reduce_out_ps, cases[i].out_ps);
  }
}

LS_TEST(Workload, groups_of_a_parallel_job)
{
  ls_traffic traffic = some_traffic();
  const ls_step_request request = request_of(&traffic);
  traffic.parallelism = (ls_parallelism){.data = 8, .tensor = 4, .pipeline = 2, .expert = 4};
  const ls_step_time time = step(&request);          /* two data ranks share a domain */
  EXPECT_EQ_I64(time.all_reduce_up_ps, 1111111111);  /* 2 x 1/2 x 8 Gb / 7200 Gb/s */
  EXPECT_EQ_I64(time.all_reduce_out_ps, 7500000000); /* 2 x 6/8 x 4 Gb / 800 Gb/s */
  EXPECT_EQ_I64(time.all_to_all_up_ps, 177777778);   /* 1/4 x 5.12 Gb / 7200 Gb/s */
  EXPECT_EQ_I64(time.all_to_all_out_ps, 3200000000); /* 2/4 x 5.12 Gb / 800 Gb/s */
}

LS_TEST(Workload, computation_hides_communication)
{
  ls_traffic traffic = {.is_given = true, .pipeline_bytes = 1000000000, .compute_ps = 30000000000};
  const ls_step_request request = request_of(&traffic); /* 10 ms of communication */
  EXPECT_EQ_I64(step(&request).total_ps, 40000000000);
  ls_step_time time = step(&request);
  EXPECT_EQ_I64(ls_effective_fraction_ppm(&time), 750000);
  traffic.overlap_ppm = 600000;
  time = step(&request);
  EXPECT_EQ_I64(time.hidden_ps, 6000000000);
  EXPECT_EQ_I64(time.total_ps, 34000000000);
  traffic.overlap_ppm = 1000000;
  time = step(&request);
  EXPECT_EQ_I64(ls_effective_fraction_ppm(&time), 1000000);
  traffic.compute_ps = 1000000000; /* no more hides than there is to hide behind */
  time = step(&request);
  EXPECT_EQ_I64(time.hidden_ps, 1000000000);
  EXPECT_EQ_I64(time.total_ps, 10000000000);
  EXPECT_EQ_I64(ls_effective_fraction_ppm(&time), 100000);
  const ls_step_time nothing = {.total_ps = 0};
  EXPECT_EQ_I64(ls_effective_fraction_ppm(&nothing), 0);
}

LS_TEST(Workload, refuses_what_has_no_time)
{
  ls_traffic traffic = some_traffic();
  ls_step_request request = request_of(&traffic);
  ls_step_time time = {.total_ps = 7};
  request.theta_ppm = 0;
  EXPECT_STATUS(ls_step_time_compute(&request, &time), LS_ERR_INPUT);
  request = request_of(&traffic);
  request.nic_gbps = 0;
  EXPECT_STATUS(ls_step_time_compute(&request, &time), LS_ERR_INPUT);
  request = request_of(&traffic);
  request.scale_up_gbps = 0;
  EXPECT_STATUS(ls_step_time_compute(&request, &time), LS_ERR_INPUT);
  request = request_of(&traffic);
  traffic.parallelism = (ls_parallelism){.data = 8, .tensor = 4, .pipeline = 4, .expert = 4};
  EXPECT_STATUS(ls_step_time_compute(&request, &time), LS_ERR_INPUT);
  traffic = some_traffic();
  traffic.all_reduce_bytes = 1000000000000000;
  request.theta_ppm = 1;
  request.nic_gbps = 1;
  EXPECT_STATUS(ls_step_time_compute(&request, &time), LS_ERR_FULL);
  EXPECT_EQ_I64(time.total_ps, 7);
}

/* ---- the keys ---- */

static const char *const head = "year: 2026\nfloor: {rows: 4, racks_per_row: 8}\n"
                                "cluster: {gpus: 256, nic_gbps_per_gpu: 800%s}\n%s";

/* Reads a spec with these additions; returns its sentence, or "ok". */
static const char *spec_read(const char *cluster, const char *rest, ls_spec *spec)
{
  static ls_catalog catalog;
  ls_error error = {.line = 0};
  char text[600];
  const char *path = shim_format("%s/spec.yaml", shim_folder());
  const char *content = shim_format(head, cluster, rest);
  if (!shim_file_write(path, content, strlen(content))) return "not written";
  ls_status status =
      ls_catalog_read(LS_TEST_SOURCE_DIR "/topologies/catalog.yaml", &catalog, &error);
  if (status == LS_OK) status = ls_spec_read(path, &catalog, spec, &error);
  if (status == LS_OK) return "ok";
  ls_error_format(&error, text, sizeof text);
  const char *name = strstr(text, "spec.yaml:");
  return shim_format("%s", name ? name : text);
}

LS_TEST(Workload, traffic_is_read_in_stored_units)
{
  ls_spec *spec = shim_alloc(sizeof *spec);
  EXPECT_STREQ(spec_read(", scale_up: {domain_gpus: 8, gbps_per_gpu: 7200}",
                         "traffic:\n  compute_ms: 12.5\n  all_reduce_gb: 3.2\n"
                         "  all_to_all_gb: 0.5\n  pipeline_gb: 0.25\n  algorithm: in_network\n"
                         "  overlap: 0.4\n  alpha_ns: 1500\n  scale_up_load: 0.25\n"
                         "  parallelism: {tensor: 8, pipeline: 2, expert: 4}\n"
                         "  routing_efficiency: {value: 0.8, low: 0.5, high: 0.95}\n"
                         "  matrix: demand.csv\n",
                         spec),
               "ok");
  const ls_traffic *traffic = &spec->traffic;
  EXPECT_TRUE(traffic->is_given);
  EXPECT_EQ_I64(spec->cluster.scale_up.domain_gpus, 8);
  EXPECT_EQ_I64(spec->cluster.scale_up.gbps_per_gpu, 7200);
  EXPECT_EQ_I64(traffic->compute_ps, 12500000000);
  EXPECT_EQ_I64(traffic->all_reduce_bytes, 3200000000);
  EXPECT_EQ_I64(traffic->all_to_all_bytes, 500000000);
  EXPECT_EQ_I64(traffic->pipeline_bytes, 250000000);
  EXPECT_EQ_I64(traffic->algorithm, LS_ALL_REDUCE_IN_NETWORK);
  EXPECT_EQ_I64(traffic->overlap_ppm, 400000);
  EXPECT_EQ_I64(traffic->alpha_ps, 1500000);
  EXPECT_EQ_I64(traffic->scale_up_load_ppm, 250000);
  EXPECT_EQ_I64(traffic->parallelism.data, 16); /* 256 / (8 x 2) */
  EXPECT_EQ_I64(traffic->parallelism.expert, 4);
  EXPECT_EQ_I64(traffic->routing_ppm_low, 500000);
  EXPECT_EQ_I64(traffic->routing_ppm_high, 950000);
  EXPECT_STREQ(traffic->matrix, "demand.csv");
}

LS_TEST(Workload, without_traffic_there_is_no_workload)
{
  ls_spec *spec = shim_alloc(sizeof *spec);
  EXPECT_STREQ(spec_read("", "", spec), "ok");
  EXPECT_FALSE(spec->traffic.is_given);
  EXPECT_EQ_I64(spec->cluster.scale_up.domain_gpus, 1);
  EXPECT_EQ_I64(spec->traffic.parallelism.data, 0);
  EXPECT_EQ_I64(spec->reliability.restart_milli_min, 10000);
  EXPECT_EQ_I64(spec->reliability.spares_confidence_ppm, 990000);
}

LS_TEST(Workload, what_does_not_fit_together_is_refused)
{
  static const struct {
    const char *cluster, *rest, *sentence;
  } cases[] = {
      {", scale_up: {domain_gpus: 8}", "",
       "spec.yaml:3: cluster.scale_up needs gbps_per_gpu for its domains of 8 GPUs"},
      {"", "traffic:\n  parallelism: {tensor: 3}\n",
       "spec.yaml:5: traffic.parallelism must multiply to cluster.gpus: 256 GPUs are not tensor 3 "
       "x pipeline 1 x a whole number of data"},
      {"", "traffic:\n  parallelism: {data: 8, tensor: 8}\n",
       "spec.yaml:5: traffic.parallelism must multiply to cluster.gpus: 256 GPUs are not tensor 8 "
       "x pipeline 1 x a whole number of data as given"},
      {"", "traffic:\n  parallelism: {tensor: 8, expert: 5}\n",
       "spec.yaml:5: traffic.parallelism must have an expert that divides data: 5 and 32 do not"},
      {"", "traffic:\n  routing_efficiency: {low: 0.95}\n",
       "spec.yaml:5: traffic.routing_efficiency must have low <= value <= high"},
      {"", "traffic:\n  matrix: a/b.csv\n",
       "spec.yaml:5: traffic.matrix must be the name of a file beside the spec, without a folder "
       "and not pareto.csv, got a/b.csv"},
      {"", "traffic:\n  algorithm: star\n",
       "spec.yaml:5: traffic.algorithm must be one of ring, tree, in_network, got star"},
      {"", "traffic: {compute_ns: 5}\n",
       "spec.yaml:4: traffic.compute_ns is not a known key; the nearest one is compute_ms"},
      {"", "reliability: {p_kill_access: 2}\n",
       "spec.yaml:4: reliability.p_kill_access must be 0..1, got 2"},
  };
  ls_spec *spec = shim_alloc(sizeof *spec);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    EXPECT_STREQ(spec_read(cases[i].cluster, cases[i].rest, spec), cases[i].sentence);
}
