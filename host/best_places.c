#include "best_places.h"

#include <stdlib.h>
#include <string.h>

#include "improve.h"

enum { CENTRES_MAX = 4 + LS_AREA_MAX };

/* The best placement so far, and room for another one. */
typedef struct contest {
  const ls_places *places;
  size_t node_count;
  ls_place_total best;
  int32_t *slot;  /* [nodes] the best one's */
  int32_t *other; /* [nodes] */
} contest;

/* ---- A plan of its own ---- */

/* A plan whose racks and devices may stand elsewhere than in the one it is copied from. */
static ls_status plan_copy(const ls_floor_plan *from, ls_floor_plan *plan)
{
  *plan = *from;
  plan->rack_slot = malloc(((size_t)from->rack_count + 1) * sizeof *plan->rack_slot);
  plan->devices = malloc(((size_t)from->device_count + 1) * sizeof *plan->devices);
  if (!plan->rack_slot || !plan->devices) return LS_ERR_MEMORY;
  memcpy(plan->rack_slot, from->rack_slot, (size_t)from->rack_count * sizeof *plan->rack_slot);
  memcpy(plan->devices, from->devices, (size_t)from->device_count * sizeof *plan->devices);
  return LS_OK;
}

static void plan_free(ls_floor_plan *plan)
{
  free(plan->devices);
  free(plan->rack_slot);
}

static void plan_slots(const ls_floor_plan *plan, int32_t *slot)
{
  for (int32_t r = 0; r < plan->rack_count; r++) slot[r] = plan->rack_slot[r];
  for (int32_t d = 0; d < plan->device_count; d++)
    slot[plan->rack_count + d] = plan->devices[d].slot;
}

static void plan_stand(ls_floor_plan *plan, const int32_t *slot)
{
  for (int32_t r = 0; r < plan->rack_count; r++) plan->rack_slot[r] = slot[r];
  for (int32_t d = 0; d < plan->device_count; d++)
    plan->devices[d].slot = slot[plan->rack_count + d];
}

/* The exact assignments from a plan. The result is judged by the limits of the first policy. */
static ls_status plan_improve(contest *self, const ls_floor_plan *plan)
{
  ls_places places;
  ls_status status = ls_places_create(self->places->build, plan, &places);
  if (status != LS_OK) return status;
  plan_slots(plan, self->other);
  status = ls_improve_places(&places, true, self->other);
  ls_places_destroy(&places);
  return status;
}

/* Keeps the other placement when it is better; tells what its cords cost. */
static int64_t other_judge(contest *self)
{
  const ls_place_total found = ls_places_total(self->places, self->other);
  if (ls_places_is_better(&found, &self->best)) {
    self->best = found;
    memcpy(self->slot, self->other, self->node_count * sizeof *self->slot);
  }
  return found.cents;
}

/* ---- Starts ---- */

/* Where else the network racks may gather than in the middle: at either end of the rows, in the
 * first or last row, between halls. Twice the coordinates. */
static int32_t centres_list(const ls_places *places, int64_t centre[CENTRES_MAX][2])
{
  const ls_spec *spec = places->build->spec;
  const ls_spec_floor *floor = &spec->floor;
  int32_t x_mm, y_mm, count = 0, before_mm;
  ls_floor_position(spec, places->slot_count - 1, &x_mm, &y_mm);
  const int64_t ends[4][2] = {
      {0, y_mm}, {2 * (int64_t)x_mm, y_mm}, {x_mm, 0}, {x_mm, 2 * (int64_t)y_mm}};
  for (; count < 4; count++) memcpy(centre[count], ends[count], sizeof ends[count]);
  const int64_t middle_mm = x_mm;
  for (int32_t i = 0; i < floor->halls.area_count; i++) {
    const int32_t row = floor->halls.area[i].row_first;
    if (row == 0) continue;
    ls_floor_position(spec, row * floor->racks_per_row, &x_mm, &y_mm);
    ls_floor_position(spec, (row - 1) * floor->racks_per_row, &x_mm, &before_mm);
    centre[count][0] = middle_mm;
    centre[count++][1] = (int64_t)y_mm + before_mm;
  }
  return count;
}

static ls_status starts_try(contest *self, ls_best_told *told)
{
  int64_t centre[CENTRES_MAX][2];
  const int32_t count = centres_list(self->places, centre);
  ls_status status = LS_OK;
  for (int32_t i = 0; i < count && status == LS_OK; i++) {
    ls_floor_plan plan;
    status = plan_copy(self->places->plan, &plan);
    plan.centre = centre[i];
    if (status == LS_OK) status = ls_floor_place(self->places->build->spec, &plan, NULL);
    if (status == LS_OK) status = plan_improve(self, &plan);
    if (status == LS_OK) {
      const int64_t cents = other_judge(self);
      told->starts_cents = told->start_count++ ? ls_min(told->starts_cents, cents) : cents;
    }
    if (status == LS_ERR_NO) status = LS_OK; /* they do not find room around there */
    plan_free(&plan);
  }
  return status;
}

/* ---- Tempering ---- */

static ls_status temper(contest *self, const ls_best_options *options, ls_best_told *told)
{
  ls_floor_plan plan;
  ls_floor_game game;
  ls_places places = {0};
  ls_status status = plan_copy(self->places->plan, &plan);
  if (status == LS_OK) plan_stand(&plan, self->slot);
  if (status == LS_OK) status = ls_places_create(self->places->build, &plan, &places);
  if (status == LS_OK) status = ls_floor_game_create(&places, options->has_free_racks, &game);
  if (status == LS_OK) {
    memcpy(self->other, self->slot, self->node_count * sizeof *self->other);
    status = ls_temper_places(&game, &options->temper, self->other);
    ls_floor_game_destroy(&game);
  }
  if (status == LS_OK) told->tempered_cents = other_judge(self);
  if (status == LS_OK) plan_stand(&plan, self->other);
  if (status == LS_OK) status = plan_improve(self, &plan);
  if (status == LS_OK) told->assigned_cents = other_judge(self);
  ls_places_destroy(&places);
  plan_free(&plan);
  return status;
}

ls_status ls_best_places(const ls_places *places, const ls_best_options *options, int32_t *slot,
                         ls_best_told *told)
{
  const size_t nodes = (size_t)places->build->topology->node_count;
  contest self = {.places = places, .node_count = nodes, .slot = slot};
  *told = (ls_best_told){0};
  self.other = malloc(nodes * sizeof *self.other);
  ls_status status = self.other ? ls_improve_places(places, true, slot) : LS_ERR_MEMORY;
  if (status == LS_OK) {
    self.best = ls_places_total(places, slot);
    told->search_cents = self.best.cents;
  }
  if (status == LS_OK && options->has_free_racks) status = starts_try(&self, told);
  if (status == LS_OK) status = temper(&self, options, told);
  free(self.other);
  return status;
}
