#include "wire_ahead.h"

#include <stdlib.h>

ls_status ls_wire_ahead_create(const ls_apsp_backend *backend, const ls_apsp *apsp,
                               int32_t dart_count, ls_wire_ahead **ahead)
{
  const int32_t patches = LS_WIRE_AHEAD_MAX * dart_count;
  const ls_apsp_capacity capacity = {1, patches, LS_WIRE_AHEAD_MAX};
  ls_wire_ahead *self = calloc(1, sizeof *self);
  if (!self) return LS_ERR_MEMORY;
  *self = (ls_wire_ahead){
      .backend = backend,
      .shape = {.layer_count = apsp->layer_count,
                .rotation = apsp->rotation,
                .source_count = apsp->source_count,
                .dart_max = apsp->dart_max,
                .source_layer = apsp->source_layer},
      .table = malloc((size_t)apsp->layer_count * (size_t)apsp->dart_max * sizeof *self->table),
      .patches = malloc((size_t)patches * sizeof *self->patches),
      .candidates = malloc(LS_WIRE_AHEAD_MAX * sizeof *self->candidates),
      .sums = malloc(LS_WIRE_AHEAD_MAX * sizeof *self->sums)};
  const bool has_memory = self->table && self->patches && self->candidates && self->sums;
  const ls_status status =
      has_memory ? backend->create(&self->shape, &capacity, &self->device) : LS_ERR_MEMORY;
  if (status == LS_OK)
    *ahead = self;
  else
    ls_wire_ahead_destroy(self);
  return status;
}

void ls_wire_ahead_destroy(ls_wire_ahead *ahead)
{
  if (!ahead) return;
  ahead->backend->destroy(ahead->device);
  free(ahead->sums);
  free(ahead->candidates);
  free(ahead->patches);
  free(ahead->table);
  free(ahead);
}

void ls_wire_ahead_patch(ls_wire_ahead *ahead, int32_t layer, int32_t index)
{
  const int32_t at = ls_apsp_dart_at(&ahead->shape, layer, index);
  ahead->patches[ahead->patch_count++] = (ls_apsp_patch){at, ahead->table[at]};
}

void ls_wire_ahead_add(ls_wire_ahead *ahead, int64_t threshold)
{
  const ls_apsp_candidate *before = ahead->count ? &ahead->candidates[ahead->count - 1] : NULL;
  const int32_t first = before ? before->patch_first + before->patch_count : 0;
  ahead->candidates[ahead->count++] = (ls_apsp_candidate){
      .threshold = threshold, .patch_first = first, .patch_count = ahead->patch_count - first};
}

ls_status ls_wire_ahead_evaluate(ls_wire_ahead *ahead, int32_t *taken)
{
  const ls_apsp_batch batch = {.tables = ahead->table,
                               .patches = ahead->patches,
                               .candidates = ahead->candidates,
                               .table_count = 1,
                               .patch_count = ahead->patch_count,
                               .count = ahead->count};
  const ls_status status = ahead->backend->evaluate(ahead->device, &batch, ahead->sums);
  *taken = 0;
  while (status == LS_OK && *taken < batch.count && ahead->sums[*taken].is_aborted) ++*taken;
  ahead->count = ahead->patch_count = 0;
  return status;
}
