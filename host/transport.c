#include "transport.h"

#include <stdlib.h>
#include <string.h>

#include "../kernels/compat.h"

/* Cost - u - v of a class and a place is never negative, and zero where something flows; v of a
 * place that has room left is zero. */
typedef struct solver {
  const ls_transport *problem;
  int32_t *flow;
  int32_t *left;  /* [places] room */
  int64_t *u, *v; /* [classes], [places] */
  int64_t *least; /* [places] the shortest path from the class that sends */
  int64_t *at;    /* [classes] likewise, -1: not reached */
  int32_t *from,
      *through;          /* [places] the class before; [classes] the place before, -1: the sender */
  char *is_closed;       /* [places] its path is final */
  int64_t *open_first;   /* [classes + 1] */
  int32_t *open;         /* the places of each class, but for those where it may not go */
  int64_t *holder_first; /* [places + 1] */
  int32_t *holder_count; /* [places] */
  int32_t *holder;       /* classes that have things at a place, room for its room */
} solver;

static void solver_free(solver *self)
{
  free(self->holder);
  free(self->holder_count);
  free(self->holder_first);
  free(self->open);
  free(self->open_first);
  free(self->is_closed);
  free(self->through);
  free(self->from);
  free(self->at);
  free(self->least);
  free(self->v);
  free(self->u);
  free(self->left);
}

/* Places of each class, and room for the classes of each place. */
static ls_status lists_make(solver *self)
{
  const ls_transport *problem = self->problem;
  const int32_t places = problem->place_count;
  int64_t count = 0, held = 0;
  for (int32_t c = 0; c < problem->class_count; c++) {
    self->open_first[c] = count;
    for (int32_t p = 0; p < places; p++)
      count += problem->cost[(int64_t)c * places + p] != LS_TRANSPORT_NEVER;
  }
  self->open_first[problem->class_count] = count;
  for (int32_t p = 0; p < places; p++) {
    self->holder_first[p] = held;
    held += ls_min(problem->room[p], problem->class_count);
  }
  self->open = malloc(((size_t)count + 1) * sizeof *self->open);
  self->holder = malloc(((size_t)held + 1) * sizeof *self->holder);
  if (!self->open || !self->holder) return LS_ERR_MEMORY;
  for (int64_t i = 0, at = 0; i < (int64_t)problem->class_count * places; i++)
    if (problem->cost[i] != LS_TRANSPORT_NEVER) self->open[at++] = (int32_t)(i % places);
  return LS_OK;
}

static ls_status solver_init(solver *self, const ls_transport *problem, int32_t *flow)
{
  const size_t classes = (size_t)problem->class_count + 1,
               places = (size_t)problem->place_count + 1;
  *self = (solver){.problem = problem, .flow = flow};
  self->left = malloc(places * sizeof *self->left);
  self->u = calloc(classes, sizeof *self->u);
  self->v = calloc(places, sizeof *self->v);
  self->least = malloc(places * sizeof *self->least);
  self->at = malloc(classes * sizeof *self->at);
  self->from = malloc(places * sizeof *self->from);
  self->through = malloc(classes * sizeof *self->through);
  self->is_closed = malloc(places);
  self->open_first = malloc(classes * sizeof *self->open_first);
  self->holder_first = malloc(places * sizeof *self->holder_first);
  self->holder_count = calloc(places, sizeof *self->holder_count);
  ls_status status = LS_ERR_MEMORY;
  if (self->left && self->u && self->v && self->least && self->at && self->from && self->through &&
      self->is_closed && self->open_first && self->holder_first && self->holder_count)
    status = lists_make(self);
  if (status != LS_OK) {
    solver_free(self);
    return status;
  }
  memcpy(self->left, problem->room, (size_t)problem->place_count * sizeof *self->left);
  memset(flow, 0, (size_t)problem->class_count * (size_t)problem->place_count * sizeof *self->flow);
  return LS_OK;
}

/* Goes on from a class to all places. */
static void class_open(solver *self, int32_t class, int64_t at, int32_t through)
{
  const int32_t places = self->problem->place_count;
  const int64_t *cost = self->problem->cost + (int64_t) class * places;
  self->at[class] = at;
  self->through[class] = through;
  for (int64_t i = self->open_first[class]; i < self->open_first[class + 1]; i++) {
    const int32_t p = self->open[i];
    if (self->is_closed[p]) continue;
    const int64_t path = at + cost[p] - self->u[class] - self->v[p];
    if (path < self->least[p]) {
      self->least[p] = path;
      self->from[p] = class;
    }
  }
}

/* The nearest place that is not closed; -1: none can be reached. */
static int32_t nearest_place(const solver *self)
{
  int32_t best = -1;
  for (int32_t p = 0; p < self->problem->place_count; p++)
    if (!self->is_closed[p] && self->least[p] != INT64_MAX &&
        (best < 0 || self->least[p] < self->least[best]))
      best = p;
  return best;
}

/* The nearest place with room, over full places whose things move on; -1: none. */
static int32_t path_find(solver *self, int32_t sender)
{
  const int32_t classes = self->problem->class_count, places = self->problem->place_count;
  for (int32_t p = 0; p < places; p++) self->least[p] = INT64_MAX;
  for (int32_t c = 0; c < classes; c++) self->at[c] = -1;
  memset(self->is_closed, 0, (size_t)places);
  class_open(self, sender, 0, -1);
  for (;;) {
    const int32_t place = nearest_place(self);
    if (place < 0 || self->left[place] > 0) return place;
    self->is_closed[place] = 1;
    const int32_t *holder = self->holder + self->holder_first[place];
    for (int32_t i = 0; i < self->holder_count[place]; i++)
      if (self->at[holder[i]] < 0) class_open(self, holder[i], self->least[place], place);
  }
}

static void duals_move(solver *self, int32_t end)
{
  const int64_t length = self->least[end];
  for (int32_t c = 0; c < self->problem->class_count; c++)
    if (self->at[c] >= 0) self->u[c] += length - self->at[c];
  for (int32_t p = 0; p < self->problem->place_count; p++)
    if (self->is_closed[p]) self->v[p] -= length - self->least[p];
}

/* Moves things of a class to a place or from there. A path is walked from its end, so that a full
 * place gives before it takes and never has more classes than room. */
static void flow_change(solver *self, int32_t class, int32_t place, int32_t amount)
{
  int32_t *flow = &self->flow[(int64_t) class * self->problem->place_count + place];
  int32_t *holder = self->holder + self->holder_first[place];
  int32_t *count = &self->holder_count[place];
  if (*flow == 0) holder[(*count)++] = class;
  *flow += amount;
  if (*flow > 0) return;
  int32_t i = 0;
  while (holder[i] != class) i++;
  holder[i] = holder[--*count];
}

/* Sends along the path as many of the things wanted as it carries: returns how many. */
static int32_t path_send(solver *self, int32_t end, int32_t wanted)
{
  const int64_t places = self->problem->place_count;
  int32_t amount = (int32_t)ls_min(wanted, self->left[end]);
  for (int32_t p = end; self->through[self->from[p]] >= 0; p = self->through[self->from[p]]) {
    const int32_t class = self->from[p];
    amount = (int32_t)ls_min(amount, self->flow[class * places + self->through[class]]);
  }
  self->left[end] -= amount;
  for (int32_t p = end; p >= 0; p = self->through[self->from[p]]) {
    const int32_t class = self->from[p];
    flow_change(self, class, p, amount);
    if (self->through[class] >= 0) flow_change(self, class, self->through[class], -amount);
  }
  return amount;
}

ls_status ls_transport_solve(const ls_transport *problem, int32_t *flow, int64_t *sum)
{
  solver self;
  ls_status status = solver_init(&self, problem, flow);
  if (status != LS_OK) return status;
  for (int32_t c = 0; c < problem->class_count && status == LS_OK; c++) {
    for (int32_t wanted = problem->supply[c]; wanted > 0 && status == LS_OK;) {
      const int32_t end = path_find(&self, c);
      if (end < 0) {
        status = LS_ERR_NO;
        continue;
      }
      duals_move(&self, end);
      wanted -= path_send(&self, end, wanted);
    }
  }
  *sum = 0;
  for (int64_t i = 0; i < (int64_t)problem->class_count * problem->place_count; i++)
    if (flow[i] > 0) *sum += flow[i] * problem->cost[i];
  solver_free(&self);
  return status;
}
