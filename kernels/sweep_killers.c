#include "sweep_killers.h"

#include <stdlib.h>
#include <string.h>

ls_status ls_sweep_killers_init(ls_sweep_killers *self, int32_t lane_count, int32_t sum_count)
{
  memset(self, 0, sizeof *self);
  self->lane_count = lane_count;
  self->sum_count = sum_count;
  self->scores = malloc(LS_KILLER_MAX * sizeof *self->scores);
  self->killers = malloc(LS_KILLER_MAX * sizeof *self->killers);
  return self->scores && self->killers ? LS_OK : LS_ERR_MEMORY;
}

void ls_sweep_killers_release(ls_sweep_killers *self)
{
  free(self->scores);
  free(self->killers);
}

void ls_sweep_killers_note(ls_sweep_killers *self, const ls_score *score, uint64_t rank,
                           const int32_t *metric)
{
  for (int32_t lane = 0; lane < self->lane_count; lane++)
    self->scores[self->score_count][lane] = score->metric[metric[lane]];
  self->rank[self->score_count++] = rank;
}

bool ls_sweep_killers_has(const ls_sweep_killers *self, uint64_t rank)
{
  bool is_there = false;
  for (int32_t i = 0; i < self->score_count; i++) is_there |= self->rank[i] == rank;
  return is_there;
}

void ls_sweep_killers_choose(ls_sweep_killers *self, const int64_t *added, const int64_t *high,
                             uint64_t rank)
{
  self->count = 0;
  for (int32_t i = 0; i < self->score_count; i++) {
    const bool is_later = self->rank[i] > rank;
    if (is_later && !self->lane_count) continue; /* without a lane it may be an equal */
    const int64_t *score = self->scores[i];
    int64_t *killer = self->killers[self->count];
    int32_t lane = 0;
    while (lane < self->sum_count && (killer[lane] = score[lane] - added[lane]) <= high[lane])
      lane++;
    if (lane < self->sum_count) continue;
    for (; lane < self->lane_count; lane++) killer[lane] = score[lane];
    /* Of equals the lower rank stays: what comes later kills only what is worse in the first. */
    if (is_later) killer[0]++;
    self->source[self->count] = (uint16_t)i;
    self->order[self->count] = (uint16_t)self->count;
    self->count++;
  }
}

void ls_sweep_killers_promote(ls_sweep_killers *self)
{
  if (!self->count || !self->order[0]) return;
  const int32_t from = self->source[self->order[0]];
  const uint64_t rank = self->rank[from];
  int64_t score[LS_LANE_COUNT];
  memcpy(score, self->scores[from], sizeof score);
  memmove(&self->scores[1], &self->scores[0], (size_t)from * sizeof score);
  memmove(&self->rank[1], &self->rank[0], (size_t)from * sizeof rank);
  memcpy(self->scores[0], score, sizeof score);
  self->rank[0] = rank;
}
