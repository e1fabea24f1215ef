/* `lightspine place`: the quadratic assignment problem, in the format of QAPLIB. The places of a
 * design are in command_place_spec.c. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "arguments.h"
#include "assignment.h"
#include "clock.h"
#include "commands.h"
#include "devices.h"
#include "json.h"
#include "place.h"
#include "session.h"
#include "stop.h"

enum {
  BOUND_FIRST_N = 400,    /* from here on the bound takes seconds and waits for the search */
  REPLICAS_OF_A_GPU = 512 /* fewer leave most of one idle: a warp each */
};

typedef struct placement {
  ls_arguments arguments;
  ls_session session; /* its backend alone */
  ls_qaplib qaplib;
  int32_t *start; /* [n]; NULL: none was given */
  ls_qaplib_order start_order;
  int64_t bound, cost; /* the latter from the file */
  ls_place_result found;
  double begin, seconds;
} placement;

static const char *backend_name(const placement *self)
{
  return self->found.backend ? self->found.backend->name : ls_backend_cpu.name;
}

static int32_t replica_count(const placement *self)
{
  return self->arguments.replica_count ? self->arguments.replica_count : LS_PLACE_REPLICAS;
}

static const char *order_name(ls_qaplib_order order)
{
  switch (order) {
  case LS_QAPLIB_DIRECT: return "permutation";
  case LS_QAPLIB_INVERSE: return "inverse";
  default: return "neither, its cost is wrong";
  }
}

/* ---- The answer ---- */

static double gap_percent(const placement *self)
{
  return self->cost ? 100 * (double)(self->cost - self->bound) / fabs((double)self->cost) : 0;
}

static ls_status answer_json(const placement *self, ls_error *error)
{
  ls_json *object = ls_json_object(), *permutation = ls_json_array();
  for (int32_t i = 0; i < self->qaplib.n; i++)
    ls_json_append_int(permutation, self->found.p[i] + 1);
  ls_json_set_text(object, "file", self->arguments.qaplib_path);
  ls_json_set_int(object, "n", self->qaplib.n);
  ls_json_set_int(object, "cost", self->cost);
  ls_json_set_int(object, "bound", self->bound);
  ls_json_set_real(object, "gap_percent", gap_percent(self));
  ls_json_set(object, "permutation", permutation);
  ls_json_set_int(object, "iterations", self->found.iterations);
  ls_json_set_real(object, "seconds", self->seconds);
  ls_json_set_int(object, "seed", self->arguments.seed);
  ls_json_set_int(object, "replicas", replica_count(self));
  ls_json_set_text(object, "backend", backend_name(self));
  ls_json_set_text(object, "bounded_by", self->found.bounded_by);
  ls_json_set_text(object, "arm", self->found.arm);
  ls_json_set_real(object, "flow_dominance", self->found.class_of.dominance);
  ls_json_set_real(object, "sparsity", self->found.class_of.sparsity);
  if (self->start) {
    ls_json_set_int(object, "start_cost", ls_qaplib_cost(&self->qaplib, self->start));
    ls_json_set_text(object, "start_is", order_name(self->start_order));
  }
  return ls_json_write(object, stdout, error);
}

static void answer_text(const placement *self)
{
  printf("%s: n %d, flow dominance %.0f, sparsity %.2f\n", self->arguments.qaplib_path,
         self->qaplib.n, self->found.class_of.dominance, self->found.class_of.sparsity);
  if (self->start)
    printf("  start %lld, read as %s\n", (long long)ls_qaplib_cost(&self->qaplib, self->start),
           order_name(self->start_order));
  printf("  cost  %lld\n  bound %lld, a gap of %.2f %%\n", (long long)self->cost,
         (long long)self->bound, gap_percent(self));
  printf("  by %s, %lld iterations, %.2f s on %s, seed %lld, bounded by %s\n", self->found.arm,
         (long long)self->found.iterations, self->seconds, backend_name(self),
         (long long)self->arguments.seed, self->found.bounded_by);
  printf("  permutation");
  for (int32_t i = 0; i < self->qaplib.n; i++) printf(" %d", self->found.p[i] + 1);
  putchar('\n');
}

/* ---- The way there ---- */

static ls_status inputs_read(placement *self, ls_error *error)
{
  const ls_arguments *arguments = &self->arguments;
  if (arguments->positional_count > 0)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--qaplib",
                        "is an instance by itself, %s cannot be placed beside it",
                        arguments->positional[0]);
  ls_status status = ls_qaplib_read(arguments->qaplib_path, &self->qaplib, error);
  if (status != LS_OK || !arguments->start_path) return status;
  self->start = calloc((size_t)self->qaplib.n, sizeof *self->start);
  if (!self->start) return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory");
  return ls_qaplib_solution_read(arguments->start_path, &self->qaplib, self->start,
                                 &self->start_order, error);
}

/* Without a bound on the command line: seconds of a core, the same bytes everywhere. */
static int64_t iterations_default(int32_t n)
{
  const int64_t most = 5000000, by_size = 20000000000 / ((int64_t)n * n);
  return by_size < most ? by_size : most;
}

/* A GPU that nobody insists on has to be worth it. */
static ls_status backend_choose(placement *self, const ls_qap_backend **backend, ls_error *error)
{
  ls_session *session = &self->session;
  const ls_status status = ls_session_backend_choose(&self->arguments, session, error);
  *backend = NULL;
  if (status != LS_OK || session->backend != &ls_backend_cuda) return status;
  if (session->is_backend_forced || replica_count(self) >= REPLICAS_OF_A_GPU)
    *backend = &ls_qap_cuda;
  else
    snprintf(session->backend_note, sizeof session->backend_note,
             "a GPU wants %d replicas at least", REPLICAS_OF_A_GPU);
  return LS_OK;
}

/* Where it was not asked for, that the CPU does the work is told. */
static void backend_tell(const placement *self, const ls_qap_backend *wanted)
{
  if (wanted && !self->found.backend)
    fprintf(stderr, "the GPU failed; the CPU does the work\n");
  else if (!wanted && self->session.backend_note[0])
    fprintf(stderr, "the CPU does the work: %s\n", self->session.backend_note);
}

static ls_status search(placement *self, ls_error *error)
{
  const ls_arguments *arguments = &self->arguments;
  ls_place_options options = {
      .seed = (uint64_t)arguments->seed,
      .replica_count = arguments->replica_count,
      .iterations = arguments->iterations >= 0  ? arguments->iterations
                    : arguments->time_limit > 0 ? INT64_MAX
                                                : iterations_default(self->qaplib.n),
      .deadline = arguments->time_limit > 0 ? self->begin + arguments->time_limit : INFINITY,
      .target = arguments->target > self->bound ? arguments->target : self->bound,
      .start = self->start,
      .stop = ls_stop_install()};
  ls_status status = backend_choose(self, &options.backend, error);
  if (status == LS_OK)
    status = ls_devices_threads(arguments->thread_count, &options.thread_count, error);
  options.is_backend_forced = self->session.is_backend_forced;
  if (status == LS_OK) status = ls_place_run(&self->qaplib, &options, &self->found, error);
  if (status != LS_OK) return status;
  self->seconds = ls_clock_seconds() - self->begin;
  backend_tell(self, options.backend);
  return LS_OK;
}

/* What the search says is not believed: the file says what its permutation costs. */
static ls_status answer_check(placement *self, ls_error *error)
{
  self->cost = ls_qaplib_cost(&self->qaplib, self->found.p);
  if (self->cost != self->found.cost || self->cost < self->bound)
    return ls_error_set(error, LS_ERR_INTERNAL, self->arguments.qaplib_path, 0, NULL,
                        "costs %lld, the search says %lld and the bound is %lld",
                        (long long)self->cost, (long long)self->found.cost, (long long)self->bound);
  if (self->cost == self->bound) self->found.bounded_by = "bound";
  return LS_OK;
}

static ls_status qaplib_place(const ls_arguments *arguments, ls_error *error)
{
  placement self = {.arguments = *arguments, .begin = ls_clock_seconds(), .bound = INT64_MIN};
  ls_status status = inputs_read(&self, error);
  const bool is_bound_first = self.qaplib.n <= BOUND_FIRST_N;
  if (status == LS_OK && is_bound_first) status = ls_qap_bound(&self.qaplib, &self.bound, error);
  if (status == LS_OK) status = search(&self, error);
  if (status == LS_OK && !is_bound_first) status = ls_qap_bound(&self.qaplib, &self.bound, error);
  if (status == LS_OK) status = answer_check(&self, error);
  if (status == LS_OK && self.arguments.is_json)
    status = answer_json(&self, error);
  else if (status == LS_OK)
    answer_text(&self);
  free(self.found.p);
  free(self.start);
  ls_qaplib_destroy(&self.qaplib);
  return status;
}

ls_status ls_command_place(int argc, char **argv, ls_error *error)
{
  ls_arguments arguments;
  const int32_t groups = LS_ARGUMENTS_PLACE | LS_ARGUMENTS_SEARCH | LS_ARGUMENTS_FEWER_WORDS;
  const ls_status status = ls_arguments_read(
      argc, argv, groups, 2, "--qaplib FILE, or a spec file and a design file", &arguments, error);
  if (status != LS_OK) return status;
  return arguments.qaplib_path ? qaplib_place(&arguments, error) : ls_place_spec(&arguments, error);
}
