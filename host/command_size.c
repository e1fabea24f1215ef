/* `lightspine size`: how many switches, links and cables a family needs. Needs no file. */
#include <stdio.h>
#include <string.h>

#include "../kernels/size.h"
#include "arguments.h"
#include "commands.h"
#include "json.h"
#include "names.h"

typedef struct sizing {
  const ls_arguments *arguments;
  int32_t family;
  bool is_rail;
  uint32_t violation_mask;
  ls_size size;
} sizing;

/* Endpoints the family reaches at this radix: the leaves it joins, with rails a multiple of their
 * number, times the down ports of a leaf. */
static int64_t capacity(const sizing *self)
{
  const ls_arguments *arguments = self->arguments;
  const int64_t k = arguments->radix, half = k / 2;
  const int64_t ratio = arguments->oversubscription_num + arguments->oversubscription_den;
  const int64_t down = k * arguments->oversubscription_num / ratio;
  const int64_t rails = self->is_rail ? arguments->rail_count : 1;
  switch (self->family) {
  case LS_CLOS1: return k;
  case LS_CLOS2: return k / rails * rails * down;
  case LS_CLOS3: return half * k / rails * rails * down;
  case LS_CLOS4: return half * half * k / rails * rails * down;
  default: return arguments->rail_count * ls_max(down * k, k);
  }
}

static ls_status sizing_read(const ls_arguments *arguments, sizing *self, ls_error *error)
{
  *self = (sizing){.arguments = arguments, .is_rail = strcmp(arguments->wiring, "rail") == 0};
  if (!arguments->family || !arguments->gpu_count || !arguments->radix)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "size", "needs --family, --gpus and --radix");
  self->family = ls_family_find(arguments->family);
  if (self->family < 0 || self->family > LS_RAIL_ONLY)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--family",
                        "must be clos1, clos2, clos3, clos4 or rail_only, got %s",
                        arguments->family);
  if (!self->is_rail && strcmp(arguments->wiring, "plain") != 0)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--wiring", "must be plain or rail, got %s",
                        arguments->wiring);
  const ls_size_request request = {
      .family = self->family,
      .rail_count = self->is_rail || self->family == LS_RAIL_ONLY ? arguments->rail_count : 1,
      .endpoint_count = arguments->gpu_count,
      .radix = {arguments->radix, arguments->radix, arguments->radix},
      .oversubscription_num = arguments->oversubscription_num,
      .oversubscription_den = arguments->oversubscription_den};
  self->violation_mask = ls_size_compute(&request, &self->size);
  return LS_OK;
}

/* One row of the answer, over all planes. */
typedef struct count_row {
  const char *key;
  int64_t value;
} count_row;

enum { ROW_COUNT = 13 };

static void rows_fill(const sizing *self, count_row rows[ROW_COUNT])
{
  const ls_size *size = &self->size;
  const int64_t copies = self->arguments->planes;
  const int64_t per_cable = self->arguments->links_per_cable;
  const int64_t access = size->access_links * copies;
  const int64_t leaf_spine = size->leaf_spine_links * copies;
  const int64_t spine_super = size->spine_super_links * copies;
  const int64_t spine_core = size->spine_core_links * copies;
  const int64_t switches =
      size->leaf_count + size->spine_count + size->super_spine_count + size->core_count;
  const count_row filled[ROW_COUNT] = {{"leaf_count", size->leaf_count * copies},
                                       {"spine_count", size->spine_count * copies},
                                       {"super_spine_count", size->super_spine_count * copies},
                                       {"core_count", size->core_count * copies},
                                       {"switch_count", switches * copies},
                                       {"access_links", access},
                                       {"leaf_spine_links", leaf_spine},
                                       {"spine_super_links", spine_super},
                                       {"spine_core_links", spine_core},
                                       {"access_cables", ls_ceil_div(access, per_cable)},
                                       {"leaf_spine_cables", ls_ceil_div(leaf_spine, per_cable)},
                                       {"spine_super_cables", ls_ceil_div(spine_super, per_cable)},
                                       {"spine_core_cables", ls_ceil_div(spine_core, per_cable)}};
  memcpy(rows, filled, sizeof filled);
}

static double oversubscription_actual(const sizing *self)
{
  return self->size.up ? (double)self->size.down / self->size.up : 1;
}

static ls_status answer_json(const sizing *self, ls_error *error)
{
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "family", ls_family_name(self->family, self->is_rail));
  ls_json_set_int(object, "gpus", self->arguments->gpu_count);
  ls_json_set_int(object, "radix", self->arguments->radix);
  ls_json_set_int(object, "planes", self->arguments->planes);
  ls_json_set_bool(object, "feasible", !self->violation_mask);
  if (self->violation_mask) {
    ls_json *violations = ls_json_array();
    for (int32_t bit = 0; bit < LS_VIOLATION_COUNT; bit++)
      if (self->violation_mask >> bit & 1) ls_json_append_text(violations, ls_violation_name(bit));
    ls_json_set(object, "violations", violations);
    ls_json_set_int(object, "gpus_max", capacity(self));
  } else {
    count_row rows[ROW_COUNT];
    rows_fill(self, rows);
    for (int32_t i = 0; i < ROW_COUNT; i++) ls_json_set_int(object, rows[i].key, rows[i].value);
    ls_json_set_real(object, "oversubscription_actual", oversubscription_actual(self));
  }
  return ls_json_write(object, stdout, error);
}

static void answer_text(const sizing *self)
{
  count_row rows[ROW_COUNT];
  rows_fill(self, rows);
  printf("%s, %d GPUs, radix %d, %d plane%s\n", ls_family_name(self->family, self->is_rail),
         self->arguments->gpu_count, self->arguments->radix, self->arguments->planes,
         self->arguments->planes == 1 ? "" : "s");
  for (int32_t i = 0; i < ROW_COUNT; i++)
    if (rows[i].value) printf("  %-26s %12lld\n", rows[i].key, (long long)rows[i].value);
  printf("  %-26s %12.4f\n", "oversubscription_actual", oversubscription_actual(self));
}

ls_status ls_command_size(int argc, char **argv, ls_error *error)
{
  ls_arguments arguments;
  sizing self;
  ls_status status = ls_arguments_read(argc, argv, LS_ARGUMENTS_SIZE, 0, "", &arguments, error);
  if (status == LS_OK) status = sizing_read(&arguments, &self, error);
  if (status == LS_OK && arguments.is_json) status = answer_json(&self, error);
  if (status != LS_OK) return status;
  if (!self.violation_mask) {
    if (!arguments.is_json) answer_text(&self);
    return LS_OK;
  }
  if (arguments.is_json) return LS_ERR_NO;
  if (self.violation_mask & LS_VIOLATES_TRUNKS)
    return ls_error_set(error, LS_ERR_NO, NULL, 0, "--radix",
                        "%d cannot be split into down and up ports", arguments.radix);
  return ls_error_set(error, LS_ERR_NO, NULL, 0, "--gpus",
                      "%d is beyond %s at radix %d, which reaches %lld", arguments.gpu_count,
                      arguments.family, arguments.radix, (long long)capacity(&self));
}
