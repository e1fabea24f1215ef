#include "cross_connect.h"

#include <stdlib.h>

typedef struct walk {
  const ls_ocs_unit *unit;
  ls_cross_connect *made;
  int32_t connect_count, link_count; /* made so far */
  int32_t *a_used, *b_used;          /* [cablings] */
  int32_t *first, *at;               /* [cablings + 2], [2 links] links at a cabling */
  int32_t *next;                     /* [cablings] */
  bool *is_done;                     /* [links] */
} walk;

static void walk_free(walk *self)
{
  free(self->a_used);
  free(self->b_used);
  free(self->first);
  free(self->at);
  free(self->next);
  free(self->is_done);
}

static ls_status walk_init(const ls_ocs_unit *unit, ls_cross_connect *made, walk *self)
{
  const size_t cablings = (size_t)unit->cabling_count + 2, links = (size_t)unit->link_count + 1;
  *self = (walk){.unit = unit, .made = made};
  self->a_used = calloc(cablings, sizeof *self->a_used);
  self->b_used = calloc(cablings, sizeof *self->b_used);
  self->first = calloc(cablings + 1, sizeof *self->first);
  self->next = malloc(cablings * sizeof *self->next);
  self->at = malloc(2 * links * sizeof *self->at);
  self->is_done = calloc(links, sizeof *self->is_done);
  if (!self->a_used || !self->b_used || !self->first || !self->next || !self->at || !self->is_done)
    return LS_ERR_MEMORY;
  int32_t *first = self->first;
  for (int32_t i = 0; i < unit->link_count; i++) {
    first[unit->links[i].a + 2]++;
    first[unit->links[i].b + 2]++;
  }
  for (int32_t i = 0; i <= unit->cabling_count; i++) first[i + 1] += first[i];
  for (int32_t i = 0; i < unit->link_count; i++) {
    self->at[first[unit->links[i].a + 1]++] = i;
    self->at[first[unit->links[i].b + 1]++] = i;
  }
  for (int32_t i = 0; i < unit->cabling_count; i++) self->next[i] = first[i];
  return LS_OK;
}

/* A connection for each strand, from the next ports of one device to those of another. */
static ls_status strands_connect(walk *self, int32_t from, int32_t to)
{
  const ls_ocs_unit *unit = self->unit;
  const ls_cabling *a = &unit->cablings[from], *b = &unit->cablings[to];
  if (self->a_used[from] + unit->pairs > a->count || self->b_used[to] + unit->pairs > b->count)
    return LS_ERR_INTERNAL;
  for (int32_t i = 0; i < unit->pairs; i++)
    self->made[self->connect_count++] =
        (ls_cross_connect){.ocs = unit->ocs,
                           .from = a->device,
                           .to = b->device,
                           .a_port = a->first + ++self->a_used[from],
                           .b_port = b->first + ++self->b_used[to],
                           .link = self->link_count};
  return LS_OK;
}

/* The next link at a cabling that was not walked, or -1. */
static int32_t link_next(walk *self, int32_t at)
{
  for (; self->next[at] < self->first[at + 1]; self->next[at]++)
    if (!self->is_done[self->at[self->next[at]]]) return self->at[self->next[at]];
  return -1;
}

/* Walks from a cabling until no link leads on; each link is connected as it was walked. */
static ls_status walk_from(walk *self, int32_t start)
{
  ls_status status = LS_OK;
  int32_t at = start;
  for (int32_t link; status == LS_OK && (link = link_next(self, at)) >= 0;) {
    const ls_ocs_link *ends = &self->unit->links[link];
    const int32_t to = ends->a == at ? ends->b : ends->a;
    self->is_done[link] = true;
    self->link_count++;
    status = strands_connect(self, at, to);
    at = to;
  }
  return status;
}

/* A walk that begins where the number of links is odd ends at another such place, any other one
 * where it began. */
static ls_status links_turn(walk *self)
{
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < self->unit->cabling_count; i++)
    if ((self->first[i + 1] - self->first[i]) % 2 && self->a_used[i] == self->b_used[i])
      status = walk_from(self, i);
  for (int32_t i = 0; status == LS_OK && i < self->unit->cabling_count; i++)
    status = walk_from(self, i);
  return status;
}

/* There and back for each link. */
static ls_status links_pair(walk *self)
{
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < self->unit->link_count; i++) {
    const ls_ocs_link *ends = &self->unit->links[i];
    self->link_count++;
    status = strands_connect(self, ends->a, ends->b);
    if (status == LS_OK) status = strands_connect(self, ends->b, ends->a);
  }
  return status;
}

ls_status ls_cross_connect_unit(const ls_ocs_unit *unit, ls_cross_connect *made)
{
  walk self;
  ls_status status = walk_init(unit, made, &self);
  if (status == LS_OK) status = unit->is_shared ? links_turn(&self) : links_pair(&self);
  walk_free(&self);
  return status;
}
