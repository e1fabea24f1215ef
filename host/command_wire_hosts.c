/* `lightspine wire --hosts`: the order/radix problem. In the edge list hosts come first, then the
 * switches. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "arguments.h"
#include "clock.h"
#include "commands.h"
#include "devices.h"
#include "json.h"
#include "stop.h"
#include "wire_hosts.h"

typedef struct hosts_command {
  ls_arguments arguments;
  ls_hosts_result found;
  ls_wiring_measure measure; /* of pairs of hosts */
  int32_t thread_count;
  const volatile int *stop;
  double begin, seconds;
} hosts_command;

/* ---- The answer ---- */

static double mean_of(const hosts_command *self)
{
  const double n = self->arguments.host_count;
  return 2 * (double)self->measure.distance_sum / (n * (n - 1));
}

static double bound_of(const hosts_command *self, ls_moore *bound)
{
  *bound = ls_hosts_bound(self->arguments.host_count, self->arguments.radix);
  return (double)bound->distance_sum / (self->arguments.host_count - 1);
}

static ls_status answer_json(const hosts_command *self, ls_error *error)
{
  const ls_arguments *arguments = &self->arguments;
  ls_moore bound;
  const double least = bound_of(self, &bound);
  ls_json *object = ls_json_object();
  ls_json_set_int(object, "hosts", arguments->host_count);
  ls_json_set_int(object, "radix", arguments->radix);
  ls_json_set_int(object, "switch_count", self->found.switch_count);
  ls_json_set_int(object, "nodes", self->found.wiring.node_count);
  ls_json_set_int(object, "edges", self->found.wiring.edge_count);
  ls_json_set_bool(object, "connected", true);
  ls_json_set_int(object, "diameter", self->measure.diameter);
  ls_json_set_int(object, "distance_sum", self->measure.distance_sum);
  ls_json_set_real(object, "haspl", mean_of(self));
  ls_json_set_int(object, "diameter_bound", bound.diameter);
  ls_json_set_real(object, "haspl_bound", least);
  ls_json_set_int(object, "evaluations", self->found.evaluations);
  ls_json_set_real(object, "seconds", self->seconds);
  ls_json_set_int(object, "seed", arguments->seed);
  ls_json_set_text(object, "bounded_by", self->found.bounded_by);
  if (arguments->output_path) ls_json_set_text(object, "file", arguments->output_path);
  return ls_json_write(object, stdout, error);
}

static void answer_text(const hosts_command *self)
{
  const ls_arguments *arguments = &self->arguments;
  ls_moore bound;
  const double least = bound_of(self, &bound), mean = mean_of(self);
  const int32_t switches = self->found.switch_count;
  const int64_t links = self->found.wiring.edge_count - arguments->host_count;
  printf("%d hosts on %d switch%s of %d ports, %lld link%s of switches\n", arguments->host_count,
         switches, switches == 1 ? "" : "es", arguments->radix, (long long)links,
         links == 1 ? "" : "s");
  printf("  average shortest path of hosts %.6f, bound %.6f, a gap of %.3f %%\n", mean, least,
         100 * (mean - least) / least);
  printf("  diameter %d, bound %d\n", self->measure.diameter, bound.diameter);
  printf("  %lld evaluations, %.2f s, seed %lld, bounded by %s\n",
         (long long)self->found.evaluations, self->seconds, (long long)arguments->seed,
         self->found.bounded_by);
  if (arguments->output_path) printf("  edges in %s\n", arguments->output_path);
}

/* ---- The way there ---- */

static ls_status inputs_read(int argc, char **argv, hosts_command *self, ls_error *error)
{
  const ls_arguments *arguments = &self->arguments;
  const ls_status status = ls_arguments_read(argc, argv, LS_ARGUMENTS_WIRE | LS_ARGUMENTS_OUTPUT, 0,
                                             "", &self->arguments, error);
  if (status != LS_OK) return status;
  const char *other = arguments->nodes                          ? "--nodes"
                      : arguments->degree                       ? "--degree"
                      : arguments->symmetry                     ? "--symmetry"
                      : arguments->start_path                   ? "--start"
                      : strcmp(arguments->backend, "auto") != 0 ? "--backend"
                                                                : NULL;
  if (other) return ls_error_set(error, LS_ERR_INPUT, NULL, 0, other, "does not go with --hosts");
  if (!arguments->radix) return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--radix", "is missing");
  if (arguments->host_count < 2)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--hosts", "must be at least 2, got %d",
                        arguments->host_count);
  if (arguments->radix < 3 || arguments->radix > LS_HOSTS_RADIX_MAX)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--radix", "must be 3..%d, got %d",
                        LS_HOSTS_RADIX_MAX, arguments->radix);
  return LS_OK;
}

/* What the check takes, about, and at most a third of the time: from each host all others, each
 * over a link of its own. */
static double check_seconds(const ls_arguments *arguments)
{
  const double hosts = arguments->host_count, each = 4e-9;
  return fmin(each * hosts * hosts, arguments->time_limit / 3);
}

static ls_status search(hosts_command *self, ls_error *error)
{
  const ls_arguments *arguments = &self->arguments;
  const bool is_timed = arguments->time_limit > 0;
  ls_hosts_options options = {
      .hosts = arguments->host_count,
      .radix = arguments->radix,
      .seed = (uint64_t)arguments->seed,
      .evaluations = arguments->evaluations >= 0 ? arguments->evaluations : INT64_MAX,
      .seconds = is_timed ? arguments->time_limit : INFINITY,
      .deadline =
          is_timed ? self->begin + arguments->time_limit - check_seconds(arguments) : INFINITY,
      .stop = self->stop = ls_stop_install()};
  ls_status status = ls_devices_threads(arguments->thread_count, &self->thread_count, error);
  options.thread_count = self->thread_count;
  if (status == LS_OK) status = ls_hosts_run(&options, &self->found, error);
  return status;
}

/* What the search says is not believed: breadth-first search measures its edges. */
static ls_status answer_check(hosts_command *self, ls_error *error)
{
  const ls_arguments *arguments = &self->arguments;
  const ls_status status = ls_wiring_measure_first(&self->found.wiring, arguments->host_count,
                                                   self->thread_count, &self->measure);
  if (status != LS_OK) return ls_error_set(error, status, NULL, 0, NULL, "no memory");
  if (self->measure.degree_max > arguments->radix)
    return ls_error_set(error, LS_ERR_INTERNAL, NULL, 0, "wire", "used %d ports of %d",
                        self->measure.degree_max, arguments->radix);
  if (self->measure.unreachable || self->measure.distance_sum != self->found.distance_sum)
    return ls_error_set(error, LS_ERR_INTERNAL, NULL, 0, "wire",
                        "the search says the distances sum to %lld, its edges say %lld",
                        (long long)self->found.distance_sum, (long long)self->measure.distance_sum);
  return LS_OK;
}

ls_status ls_command_wire_hosts(int argc, char **argv, ls_error *error)
{
  hosts_command self = {.begin = ls_clock_seconds()};
  ls_status status = inputs_read(argc, argv, &self, error);
  if (status == LS_OK) status = search(&self, error);
  if (status == LS_OK) status = answer_check(&self, error);
  if (status == LS_OK && self.arguments.output_path)
    status = ls_wiring_write(self.arguments.output_path, &self.found.wiring, error);
  self.seconds = ls_clock_seconds() - self.begin;
  if (status == LS_OK && self.arguments.is_json)
    status = answer_json(&self, error);
  else if (status == LS_OK)
    answer_text(&self);
  if (status == LS_OK) status = ls_stop_status(self.stop);
  ls_wiring_destroy(&self.found.wiring);
  return status;
}
