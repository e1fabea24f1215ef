/* `lightspine wire`: the order/degree problem, with the edge lists of the Graph Golf competition.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "clock.h"
#include "commands.h"
#include "crew.h"
#include "devices.h"
#include "json.h"
#include "session.h"
#include "stop.h"
#include "wire.h"

/* Nanoseconds of an evaluation on the CPU from which on a batch of them is worth its way to a GPU:
 * a guess, since a call costs some tens of microseconds and brings a dozen evaluations or more. */
#define DEVICE_COST_LEAST 1e4

/* Nodes times ports of nodes that breadth-first search from every node is bearable for. */
static const double check_steps_max = 4e10;

typedef struct wire_command {
  ls_arguments arguments;
  ls_session session; /* its backend alone */
  ls_wiring start;
  ls_wire_result found;
  ls_wiring_measure measure;
  int32_t thread_count;
  const volatile int *stop;
  double begin, seconds;
} wire_command;

/* ---- The answer ---- */

static const char *backend_name(const wire_command *self)
{
  return self->session.is_backend_forced ? ls_apsp_cuda.name : ls_backend_cpu.name;
}

/* Over ordered pairs. */
static double mean_of(const wire_command *self, int64_t sum)
{
  const double n = self->arguments.nodes;
  return (double)sum / (n * (n - 1));
}

static ls_status answer_json(const wire_command *self, ls_error *error)
{
  const ls_arguments *arguments = &self->arguments;
  const ls_moore bound = ls_moore_total(arguments->nodes, arguments->degree);
  const bool is_connected = !self->measure.unreachable;
  ls_json *object = ls_json_object();
  ls_json_set_int(object, "nodes", arguments->nodes);
  ls_json_set_int(object, "degree", arguments->degree);
  ls_json_set_int(object, "edges", self->found.wiring.edge_count);
  ls_json_set_bool(object, "connected", is_connected);
  if (is_connected) {
    ls_json_set_int(object, "diameter", self->measure.diameter);
    ls_json_set_int(object, "distance_sum", self->measure.distance_sum);
    ls_json_set_real(object, "aspl", mean_of(self, 2 * self->measure.distance_sum));
  } else {
    ls_json_set_null(object, "diameter");
    ls_json_set_null(object, "distance_sum");
    ls_json_set_null(object, "aspl");
  }
  ls_json_set_int(object, "diameter_bound", bound.diameter);
  ls_json_set_real(object, "aspl_bound", mean_of(self, bound.distance_sum));
  ls_json_set_int(object, "evaluations", self->found.evaluations);
  ls_json_set_real(object, "seconds", self->seconds);
  ls_json_set_int(object, "seed", arguments->seed);
  ls_json_set_text(object, "backend", backend_name(self));
  ls_json_set_text(object, "made_from", self->found.made_from);
  ls_json_set_text(object, "bounded_by", self->found.bounded_by);
  if (arguments->output_path) ls_json_set_text(object, "file", arguments->output_path);
  return ls_json_write(object, stdout, error);
}

static void answer_text(const wire_command *self)
{
  const ls_arguments *arguments = &self->arguments;
  const ls_moore bound = ls_moore_total(arguments->nodes, arguments->degree);
  const double least = mean_of(self, bound.distance_sum);
  const double mean = mean_of(self, 2 * self->measure.distance_sum);
  const int64_t edges = self->found.wiring.edge_count;
  printf("%d nodes of degree %d, %lld edge%s\n", arguments->nodes, arguments->degree,
         (long long)edges, edges == 1 ? "" : "s");
  if (self->measure.unreachable)
    printf("  not connected: %lld pairs without a path\n", (long long)self->measure.unreachable);
  printf("  average shortest path %.6f, bound %.6f, a gap of %.3f %%\n", mean, least,
         100 * (mean - least) / least);
  printf("  diameter %d, bound %d\n", self->measure.diameter, bound.diameter);
  printf("  from a %s, %lld evaluations, %.2f s on %s, seed %lld, bounded by %s\n",
         self->found.made_from, (long long)self->found.evaluations, self->seconds,
         backend_name(self), (long long)arguments->seed, self->found.bounded_by);
  if (arguments->output_path) printf("  edges in %s\n", arguments->output_path);
}

/* ---- The way there ---- */

static ls_status pair_check(const ls_arguments *arguments, ls_error *error)
{
  const double n = arguments->nodes;
  if (arguments->nodes == 1)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--nodes", "must be at least 2, got 1");
  if (!arguments->nodes || !arguments->degree)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, arguments->nodes ? "--degree" : "--nodes",
                        "is missing");
  if (arguments->radix)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--radix", "goes with --hosts");
  if (arguments->degree >= arguments->nodes)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--degree",
                        "must be less than the %d nodes, got %d", arguments->nodes,
                        arguments->degree);
  if (arguments->degree < 2 && arguments->nodes > 2)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--degree",
                        "must be at least 2 to connect %d nodes, got %d", arguments->nodes,
                        arguments->degree);
  if (n * n * arguments->degree > check_steps_max)
    return ls_error_set(
        error, LS_ERR_INPUT, NULL, 0, "--degree",
        "of %d makes %d nodes too many: nodes * nodes * degree must be at most %.0e",
        arguments->degree, arguments->nodes, check_steps_max);
  if (arguments->symmetry && arguments->nodes % arguments->symmetry)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--symmetry",
                        "must divide the %d nodes, got %d", arguments->nodes, arguments->symmetry);
  if (arguments->symmetry && arguments->start_path)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--symmetry",
                        "does not go with --start, which gives up symmetry");
  return LS_OK;
}

static ls_status start_read(wire_command *self, ls_error *error)
{
  const ls_arguments *arguments = &self->arguments;
  const char *path = arguments->start_path;
  ls_status status = ls_wiring_read(path, &self->start, error);
  if (status != LS_OK) return status;
  ls_wiring_normalize(&self->start);
  if (self->start.node_count > arguments->nodes)
    return ls_error_set(error, LS_ERR_INPUT, path, 0, NULL, "has nodes up to %d, --nodes says %d",
                        self->start.node_count - 1, arguments->nodes);
  status = ls_wiring_measure_all(&self->start, self->thread_count, &self->measure);
  if (status != LS_OK) return ls_error_set(error, status, path, 0, NULL, "no memory");
  if (self->measure.degree_max > arguments->degree)
    return ls_error_set(error, LS_ERR_INPUT, path, 0, NULL,
                        "has node %d with %d edges, --degree says %d", self->measure.degree_node,
                        self->measure.degree_max, arguments->degree);
  return LS_OK;
}

static ls_status inputs_read(int argc, char **argv, wire_command *self, ls_error *error)
{
  ls_status status = ls_arguments_read(argc, argv, LS_ARGUMENTS_WIRE | LS_ARGUMENTS_OUTPUT, 0, "",
                                       &self->arguments, error);
  if (status == LS_OK) status = pair_check(&self->arguments, error);
  if (status == LS_OK)
    status = ls_devices_threads(self->arguments.thread_count, &self->thread_count, error);
  if (status == LS_OK && self->arguments.start_path) status = start_read(self, error);
  return status;
}

/* What the check takes, about; of the time limit it gets a third at most. */
static double check_seconds(const wire_command *self)
{
  const double n = self->arguments.nodes, each = 2e-9 / fmin(self->thread_count, LS_CREW_MAX);
  return each * n * n * (self->arguments.degree + 1);
}

static double deadline_of(const wire_command *self)
{
  const double limit = self->arguments.time_limit, check = check_seconds(self);
  if (limit <= 0) return INFINITY;
  if (check > fmax(limit / 3, 1))
    fprintf(stderr,
            "lightspine: to check %d nodes takes some %.0f s, of which the limit leaves %.1f\n",
            self->arguments.nodes, check, limit / 3);
  return self->begin + limit - fmin(check, limit / 3);
}

/* A GPU is taken where it is asked for: what it gains nobody has measured. */
static ls_status graph_search(wire_command *self, ls_error *error)
{
  static const ls_wire_device device = {&ls_apsp_cuda, DEVICE_COST_LEAST};
  const ls_arguments *arguments = &self->arguments;
  self->stop = ls_stop_install();
  ls_wire_options options = {
      .nodes = arguments->nodes,
      .degree = arguments->degree,
      .symmetry = arguments->symmetry,
      .seed = (uint64_t)arguments->seed,
      .thread_count = self->thread_count,
      .evaluations = arguments->evaluations >= 0 ? arguments->evaluations : INT64_MAX,
      .seconds = arguments->time_limit > 0 ? arguments->time_limit : INFINITY,
      .deadline = deadline_of(self),
      .start = arguments->start_path ? &self->start : NULL,
      .stop = self->stop};
  ls_status status = LS_OK;
  if (strcmp(arguments->backend, "auto") != 0)
    status = ls_session_backend_choose(arguments, &self->session, error);
  if (self->session.is_backend_forced) options.device = &device;
  if (status == LS_OK) status = ls_wire_run(&options, &self->found, error);
  return status;
}

/* What the search says is not believed: breadth-first search measures its edges. */
static ls_status answer_check(wire_command *self, ls_error *error)
{
  const ls_status status =
      ls_wiring_measure_all(&self->found.wiring, self->thread_count, &self->measure);
  if (status != LS_OK) return ls_error_set(error, status, NULL, 0, NULL, "no memory");
  if (self->found.wiring.node_count != self->arguments.nodes ||
      self->measure.degree_max > self->arguments.degree)
    return ls_error_set(error, LS_ERR_INTERNAL, NULL, 0, "wire",
                        "found %d nodes of degree up to %d instead of %d of %d",
                        self->found.wiring.node_count, self->measure.degree_max,
                        self->arguments.nodes, self->arguments.degree);
  if (!self->measure.unreachable && self->measure.distance_sum != self->found.distance_sum)
    return ls_error_set(error, LS_ERR_INTERNAL, NULL, 0, "wire",
                        "the search says the distances sum to %lld, its edges say %lld",
                        (long long)self->found.distance_sum, (long long)self->measure.distance_sum);
  return LS_OK;
}

ls_status ls_command_wire(int argc, char **argv, ls_error *error)
{
  wire_command self = {.begin = ls_clock_seconds()};
  const char *path;
  for (int i = 1; i < argc; i++)
    if (strncmp(argv[i], "--hosts", 7) == 0) return ls_command_wire_hosts(argc, argv, error);
  ls_status status = inputs_read(argc, argv, &self, error);
  if (status == LS_OK) status = graph_search(&self, error);
  if (status == LS_OK) status = answer_check(&self, error);
  path = self.arguments.output_path;
  if (status == LS_OK && path) status = ls_wiring_write(path, &self.found.wiring, error);
  self.seconds = ls_clock_seconds() - self.begin;
  if (status == LS_OK && self.arguments.is_json)
    status = answer_json(&self, error);
  else if (status == LS_OK)
    answer_text(&self);
  if (status == LS_OK) status = ls_stop_status(self.stop);
  ls_wiring_destroy(&self.found.wiring);
  ls_wiring_destroy(&self.start);
  return status;
}
