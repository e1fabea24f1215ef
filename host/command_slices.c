/* `lightspine slices`: how many slices of cubes jobs can have, by fixed wiring and by circuits.
 * Needs no file. */
#include <math.h>
#include <stdio.h>

#include "arguments.h"
#include "commands.h"
#include "json.h"
#include "reliability.h"
#include "slices.h"

enum { HOSTS_DEFAULT = 16, ROWS_MAX = 16 };

/* Of a host, without --availability. */
#define AVAILABILITY_DEFAULT 0.999

typedef struct slicing {
  int32_t cube_count, host_count, row_count;
  int64_t host_ppt, cube_ppt;
  ls_slices rows[ROWS_MAX]; /* [row_count] */
} slicing;

/* Slices of 1, 2, 4 and so on and of all cubes, or of the size that was asked for. */
static ls_status rows_fill(int32_t slice_cubes, slicing *self)
{
  ls_status status = LS_OK;
  for (int32_t k = slice_cubes ? slice_cubes : 1; status == LS_OK && k <= self->cube_count;) {
    status = ls_slices_compute(self->cube_count, k, self->cube_ppt, &self->rows[self->row_count++]);
    if (slice_cubes || k == self->cube_count) break;
    k = 2 * k < self->cube_count ? 2 * k : self->cube_count;
  }
  return status;
}

static ls_status slicing_read(const ls_arguments *arguments, slicing *self, ls_error *error)
{
  const double host = arguments->availability > 0 ? arguments->availability : AVAILABILITY_DEFAULT;
  *self = (slicing){.cube_count = arguments->cube_count,
                    .host_count = arguments->host_count ? arguments->host_count : HOSTS_DEFAULT,
                    .host_ppt = llround(host * (double)LS_PPT_ONE)};
  if (!self->cube_count)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "slices", "needs --cubes");
  if (arguments->slice_cubes > self->cube_count)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--slice",
                        "must be 1..%d, the cubes there are, got %d", self->cube_count,
                        arguments->slice_cubes);
  self->cube_ppt = ls_availability_series_ppt(self->host_ppt, self->host_count);
  return rows_fill(arguments->slice_cubes, self);
}

static double share(int64_t ppt) { return (double)ppt / (double)LS_PPT_ONE; }

static ls_json *kind_json(const ls_slices_kind *kind)
{
  ls_json *object = ls_json_object();
  ls_json_set_real(object, "availability", share(kind->one_ppt));
  ls_json_set_real(object, "slices_mean", (double)kind->mean_micro / 1e6);
  ls_json_set_int(object, "slices_sure", kind->sure_count);
  return object;
}

static ls_status answer_json(const slicing *self, ls_error *error)
{
  ls_json *object = ls_json_object(), *rows = ls_json_array();
  ls_json_set_int(object, "cubes", self->cube_count);
  ls_json_set_int(object, "hosts_per_cube", self->host_count);
  ls_json_set_real(object, "host_availability", share(self->host_ppt));
  ls_json_set_real(object, "cube_availability", share(self->cube_ppt));
  for (int32_t i = 0; i < self->row_count; i++) {
    ls_json *row = ls_json_object();
    ls_json_set_int(row, "slice_cubes", self->rows[i].cubes);
    ls_json_set_int(row, "slices_max", self->rows[i].slices_max);
    ls_json_set(row, "wired", kind_json(&self->rows[i].wired));
    ls_json_set(row, "switched", kind_json(&self->rows[i].switched));
    ls_json_append(rows, row);
  }
  ls_json_set(object, "slices", rows);
  return ls_json_write(object, stdout, error);
}

static void answer_print(const slicing *self)
{
  printf("%d cubes, each up %.6f of the time (%d hosts of %.6f)\n"
         "                     fixed wiring                    cubes chosen by OCS\n"
         "  cubes  at most     a slice     mean  with 99%%      a slice     mean  with 99%%\n",
         self->cube_count, share(self->cube_ppt), self->host_count, share(self->host_ppt));
  for (int32_t i = 0; i < self->row_count; i++) {
    const ls_slices *row = &self->rows[i];
    printf("  %5d  %7d  %10.6f  %7.2f  %8d   %10.6f  %7.2f  %8d\n", row->cubes, row->slices_max,
           share(row->wired.one_ppt), (double)row->wired.mean_micro / 1e6, row->wired.sure_count,
           share(row->switched.one_ppt), (double)row->switched.mean_micro / 1e6,
           row->switched.sure_count);
  }
}

ls_status ls_command_slices(int argc, char **argv, ls_error *error)
{
  ls_arguments arguments;
  slicing self;
  ls_status status = ls_arguments_read(argc, argv, LS_ARGUMENTS_SLICES, 0, "", &arguments, error);
  if (status == LS_OK) status = slicing_read(&arguments, &self, error);
  if (status != LS_OK) return status;
  if (arguments.is_json) return answer_json(&self, error);
  answer_print(&self);
  return LS_OK;
}
