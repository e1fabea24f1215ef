#include "block_factors.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

typedef struct factoring {
  int32_t blocks, degree;
  int32_t (*links)[2];
  int32_t *at;             /* [blocks][degree] links at a block */
  int32_t *next;           /* [blocks] of those, not walked yet */
  bool *is_used;           /* [links] walked; then: in a factor */
  int32_t *out;            /* [blocks][degree / 2] links that lead from a block */
  int32_t *head;           /* [links] the block that each leads to */
  int32_t *of_to, *parent; /* [blocks] the factor's link to a block; the link that reached it */
  int32_t *queue;          /* [blocks] */
} factoring;

static void factoring_free(factoring *self)
{
  free(self->at);
  free(self->next);
  free(self->is_used);
  free(self->out);
  free(self->head);
  free(self->of_to);
  free(self->parent);
  free(self->queue);
}

static ls_status factoring_init(int32_t blocks, int32_t degree, int32_t (*links)[2],
                                factoring *self)
{
  const size_t nodes = (size_t)blocks, ends = nodes * (size_t)degree;
  *self = (factoring){.blocks = blocks, .degree = degree, .links = links};
  self->at = malloc((ends + 1) * sizeof *self->at);
  self->next = calloc(nodes + 1, sizeof *self->next);
  self->is_used = calloc(ends / 2 + 1, sizeof *self->is_used);
  self->out = malloc((ends / 2 + 1) * sizeof *self->out);
  self->head = malloc((ends / 2 + 1) * sizeof *self->head);
  self->of_to = malloc((nodes + 1) * sizeof *self->of_to);
  self->parent = malloc((nodes + 1) * sizeof *self->parent);
  self->queue = calloc(nodes + 1, sizeof *self->queue);
  if (!self->at || !self->next || !self->is_used || !self->out || !self->head || !self->of_to ||
      !self->parent || !self->queue)
    return LS_ERR_MEMORY;
  for (size_t i = 0; i < ends / 2; i++)
    for (int32_t end = 0; end < 2; end++) {
      const int32_t v = links[i][end];
      self->at[v * degree + self->queue[v]++] = (int32_t)i;
    }
  return LS_OK;
}

/* The next link at a block that was not walked, or -1. */
static int32_t link_next(factoring *self, int32_t v)
{
  for (; self->next[v] < self->degree; self->next[v]++) {
    const int32_t link = self->at[v * self->degree + self->next[v]];
    if (!self->is_used[link]) return link;
  }
  return -1;
}

/* Turns every link as it is walked: each walk ends where it began, for all degrees are even. */
static void links_turn(factoring *self)
{
  const int32_t half = self->degree / 2;
  int32_t *out_count = self->queue;
  memset(out_count, 0, (size_t)self->blocks * sizeof *out_count);
  for (int32_t start = 0; start < self->blocks; start++)
    for (int32_t v = start, link; (link = link_next(self, v)) >= 0;) {
      const int32_t to = self->links[link][0] == v ? self->links[link][1] : self->links[link][0];
      self->is_used[link] = true;
      self->out[v * half + out_count[v]++] = link;
      self->head[link] = to;
      v = to;
    }
}

/* The block that a link leads from. */
static int32_t tail_of(const factoring *self, int32_t link)
{
  const int32_t *ends = self->links[link];
  return ends[0] == self->head[link] ? ends[1] : ends[0];
}

/* Gives a block without one a link of the factor, along a shortest chain of links that change
 * places with those of the factor. There is one: the bipartite graph is regular. */
static void factor_augment(factoring *self, int32_t from)
{
  const int32_t half = self->degree / 2;
  int32_t count = 0;
  for (int32_t v = 0; v < self->blocks; v++) self->parent[v] = -1;
  self->queue[count++] = from;
  for (int32_t front = 0; front < count; front++) {
    const int32_t v = self->queue[front];
    for (int32_t i = 0; i < half; i++) {
      int32_t link = self->out[v * half + i];
      int32_t to = self->head[link];
      if (self->is_used[link] || self->parent[to] >= 0) continue;
      self->parent[to] = link;
      if (self->of_to[to] >= 0) {
        self->queue[count++] = tail_of(self, self->of_to[to]);
        continue;
      }
      for (int32_t tail = -1; tail != from;) {
        link = self->parent[to];
        tail = tail_of(self, link);
        int32_t before = -1; /* where the tail's link of the factor led until now */
        for (int32_t j = 0; tail != from && j < half && before < 0; j++) {
          const int32_t other = self->out[tail * half + j];
          if (self->of_to[self->head[other]] == other) before = self->head[other];
        }
        self->of_to[to] = link;
        to = before;
      }
      return;
    }
  }
}

/* One link from and one to every block, of those in no factor yet. */
static void factor_find(factoring *self)
{
  const int32_t half = self->degree / 2;
  for (int32_t v = 0; v < self->blocks; v++) self->of_to[v] = -1;
  for (int32_t v = 0; v < self->blocks; v++) {
    bool has_link = false;
    for (int32_t i = 0; i < half && !has_link; i++) {
      const int32_t link = self->out[v * half + i];
      has_link = !self->is_used[link] && self->of_to[self->head[link]] < 0;
      if (has_link) self->of_to[self->head[link]] = link;
    }
    self->next[v] = has_link;
  }
  for (int32_t v = 0; v < self->blocks; v++)
    if (!self->next[v]) factor_augment(self, v);
}

ls_status ls_block_factors(int32_t blocks, int32_t degree, int32_t (*links)[2])
{
  const size_t count = (size_t)blocks * (size_t)degree / 2;
  factoring self;
  int32_t(*ordered)[2] = malloc((count + 1) * sizeof *ordered);
  ls_status status = factoring_init(blocks, degree, links, &self);
  if (!ordered) status = LS_ERR_MEMORY;
  if (status == LS_OK) {
    size_t at = 0;
    links_turn(&self);
    memset(self.is_used, 0, count * sizeof *self.is_used);
    for (int32_t factor = 0; factor < degree / 2; factor++) {
      factor_find(&self);
      for (int32_t v = 0; v < blocks; v++) {
        self.is_used[self.of_to[v]] = true;
        memcpy(ordered[at++], links[self.of_to[v]], sizeof *ordered);
      }
    }
    memcpy(links, ordered, count * sizeof *links);
  }
  free(ordered);
  factoring_free(&self);
  return status;
}
