#include "block_kinds.h"

#include <stdlib.h>
#include <string.h>

#include "rewire.h"

/* ---- Torus ---- */

enum { DIMENSIONS_MAX = 3 };

typedef struct torus {
  int32_t dimensions;
  int32_t length[DIMENSIONS_MAX]; /* of the rings of each dimension */
  int32_t links[DIMENSIONS_MAX];  /* from a block to the next one of its ring */
} torus;

/* Sum of distances from a block of a ring to all of it. */
static int64_t ring_distance(int64_t length) { return length * length / 4; }

/* Mean distance, times all blocks. */
static int64_t torus_distance(const torus *of, int64_t blocks)
{
  int64_t sum = 0;
  for (int32_t i = 0; i < of->dimensions; i++)
    sum += ring_distance(of->length[i]) * (blocks / of->length[i]);
  return sum;
}

/* The shape whose blocks are nearest, its rings by length. */
static torus torus_find(int32_t blocks, int32_t dimensions)
{
  const int32_t most = dimensions == 3 ? blocks : 1;
  torus best = {.dimensions = 0};
  for (int32_t a = dimensions == 3 ? 2 : 1; a <= most; a++)
    for (int32_t b = a > 1 ? a : 2; blocks % a == 0 && b <= blocks / a; b++) {
      const int32_t c = blocks / a / b;
      if (blocks / a % b || c < b) continue;
      const torus tried = dimensions == 3 ? (torus){.dimensions = 3, .length = {a, b, c}}
                                          : (torus){.dimensions = 2, .length = {b, c}};
      if (!best.dimensions || torus_distance(&tried, blocks) < torus_distance(&best, blocks))
        best = tried;
    }
  return best;
}

/* Shares so many links of a block each way among the rings. */
static void torus_share(torus *of, int32_t half)
{
  for (int32_t i = 0; i < of->dimensions; i++) of->links[i] = 1;
  for (half -= of->dimensions; half > 0; half--) {
    int32_t fullest = 0;
    for (int32_t i = 1; i < of->dimensions; i++)
      if (ring_distance(of->length[i]) * of->length[fullest] * of->links[fullest] >
          ring_distance(of->length[fullest]) * of->length[i] * of->links[i])
        fullest = i;
    of->links[fullest]++;
  }
}

ls_status ls_block_graph_torus(int32_t blocks, int32_t degree, int32_t dimensions,
                               ls_block_graph **graph)
{
  const size_t count = (size_t)blocks * (size_t)degree / 2;
  torus of = torus_find(blocks, dimensions);
  int32_t(*links)[2] = malloc((count + 1) * sizeof *links);
  size_t at = 0;
  if (!links) return LS_ERR_MEMORY;
  torus_share(&of, degree / 2);
  for (int32_t v = 0; v < blocks; v++) {
    int32_t step = 1;
    for (int32_t i = 0; i < of.dimensions; i++) {
      const int32_t place = v / step % of.length[i];
      const int32_t next = v + (place + 1 < of.length[i] ? step : -place * step);
      for (int32_t link = 0; link < of.links[i]; link++, at++) {
        links[at][0] = v < next ? v : next;
        links[at][1] = v < next ? next : v;
      }
      step *= of.length[i];
    }
  }
  return ls_block_graph_adopt(blocks, degree, links, dimensions == 2 ? "2D torus" : "3D torus",
                              graph);
}

/* ---- Demand ---- */

/* Links of which a demand gets those that no base has. */
typedef struct following {
  int32_t blocks, degree;
  const int64_t *demand;
  double *asked;    /* [blocks][blocks] the demand */
  int32_t *links;   /* [blocks][blocks] */
  int32_t *uplinks; /* [blocks] */
} following;

static void following_free(following *self)
{
  free(self->asked);
  free(self->links);
  free(self->uplinks);
}

static ls_status following_init(int32_t blocks, int32_t degree, const int64_t *demand,
                                following *self)
{
  const size_t pairs = (size_t)blocks * (size_t)blocks;
  *self = (following){.blocks = blocks,
                      .degree = degree,
                      .demand = demand,
                      .asked = malloc(pairs * sizeof *self->asked),
                      .links = malloc(pairs * sizeof *self->links),
                      .uplinks = malloc((size_t)blocks * sizeof *self->uplinks)};
  if (!self->asked || !self->links || !self->uplinks) return LS_ERR_MEMORY;
  for (size_t i = 0; i < pairs; i++) self->asked[i] = (double)demand[i];
  for (int32_t v = 0; v < blocks; v++) self->uplinks[v] = degree;
  return LS_OK;
}

/* A block with ports left, which no other block has, is put into a link of the two blocks that have
 * most. */
static void ports_divide(int32_t blocks, int32_t v, int32_t *links)
{
  int32_t a = -1, b = -1;
  for (int32_t i = 0; i < blocks; i++)
    for (int32_t j = 0; j < i; j++) {
      if (i == v || j == v || !links[(int64_t)i * blocks + j]) continue;
      if (a >= 0 && links[(int64_t)i * blocks + j] <= links[(int64_t)a * blocks + b]) continue;
      a = i;
      b = j;
    }
  if (a < 0) return;
  const int32_t ends[2] = {a, b};
  links[(int64_t)a * blocks + b]--;
  links[(int64_t)b * blocks + a]--;
  for (int32_t end = 0; end < 2; end++) {
    links[(int64_t)v * blocks + ends[end]]++;
    links[(int64_t)ends[end] * blocks + v]++;
  }
}

static void ports_fill(int32_t blocks, int32_t degree, int32_t *links)
{
  for (int32_t v = 0; v < blocks; v++) {
    int32_t left = degree;
    for (int32_t w = 0; w < blocks; w++) left -= links[(int64_t)v * blocks + w];
    for (; left > 1; left -= 2) ports_divide(blocks, v, links);
  }
}

/* The graph of the links, with every port used. */
static ls_status links_adopt(following *self, const char *made_from, ls_block_graph **graph)
{
  const int32_t blocks = self->blocks;
  int32_t(*links)[2] = malloc(((size_t)blocks * (size_t)self->degree / 2 + 1) * sizeof *links);
  size_t at = 0;
  if (!links) return LS_ERR_MEMORY;
  ports_fill(blocks, self->degree, self->links);
  for (int32_t a = 0; a < blocks; a++)
    for (int32_t b = a + 1; b < blocks; b++)
      for (int32_t i = self->links[(int64_t)a * blocks + b]; i > 0; i--, at++) {
        links[at][0] = a;
        links[at][1] = b;
      }
  return ls_block_graph_adopt(blocks, self->degree, links, made_from, graph);
}

/* Takes the better of two graphs, and destroys the other. */
static ls_status better_keep(const int64_t *demand, ls_block_graph *tried, ls_block_load *least,
                             ls_block_graph **best)
{
  ls_block_load load;
  const ls_status status = ls_block_graph_load(tried, demand, &load);
  const bool is_better = status == LS_OK && (!*best || load.hops < least->hops ||
                                             (load.hops == least->hops && load.most < least->most));
  if (is_better) {
    ls_block_graph_destroy(*best);
    *best = tried;
    *least = load;
  } else {
    ls_block_graph_destroy(tried);
  }
  return status;
}

ls_status ls_block_graph_follow(int32_t blocks, int32_t degree, const int64_t *demand,
                                bool is_complete, ls_block_graph **graph)
{
  static const int32_t strides[] = {1, 2, 4, 8, 16};
  const size_t tries = is_complete ? 1 : sizeof strides / sizeof *strides;
  following self;
  ls_block_graph *best = NULL;
  ls_block_load least = {.most = 0};
  ls_status status = following_init(blocks, degree, demand, &self);
  for (size_t i = 0; status == LS_OK && i < tries; i++) {
    ls_block_graph *tried = NULL;
    status = ls_rewire_links(blocks, self.asked, self.uplinks, strides[i], self.links);
    if (status == LS_OK) status = links_adopt(&self, "links by demand", &tried);
    if (status == LS_OK) status = better_keep(demand, tried, &least, &best);
  }
  following_free(&self);
  if (status == LS_OK)
    *graph = best;
  else
    ls_block_graph_destroy(best);
  return status;
}

/* ---- Half by demand ---- */

/* Every two blocks get so many links. */
static void base_complete(following *self, int32_t links)
{
  for (int32_t a = 0; a < self->blocks; a++)
    for (int32_t b = 0; b < self->blocks; b++)
      self->links[(int64_t)a * self->blocks + b] = a == b ? 0 : links;
}

static void base_copy(following *self, const ls_block_graph *base)
{
  base_complete(self, 0);
  for (int32_t i = 0; i < base->blocks * base->degree / 2; i++) {
    const int32_t a = base->links[i][0], b = base->links[i][1];
    self->links[(int64_t)a * self->blocks + b]++;
    self->links[(int64_t)b * self->blocks + a]++;
  }
}

/* The base with all other links by demand. */
static ls_status demand_add(following *self, const char *made_from, ls_block_graph **graph)
{
  const ls_status status =
      ls_rewire_links_add(self->blocks, self->asked, self->uplinks, self->links);
  return status == LS_OK ? links_adopt(self, made_from, graph) : status;
}

/* The graph whose base is a search's of so many links of each block. */
static ls_status share_try(following *self, int32_t base_links, uint64_t seed,
                           ls_block_graph **graph)
{
  ls_block_graph *base = NULL;
  const ls_status status = ls_block_graph_create(self->blocks, base_links, seed, &base);
  if (status != LS_OK) return status;
  base_copy(self, base);
  ls_block_graph_destroy(base);
  return demand_add(self, "found, with links by demand", graph);
}

/* No traffic loses more than half, and the demand gets more. */
static ls_status share_judge(const following *self, const ls_block_graph *found,
                             const ls_block_load *before, const ls_block_graph *graph,
                             bool *is_kept)
{
  ls_block_load load;
  const ls_status status = ls_block_graph_load(graph, self->demand, &load);
  if (status == LS_OK)
    *is_kept =
        graph->load <= 2 * found->load && load.hops <= before->hops && load.most < before->most;
  return status;
}

enum { SHARES = 16 }; /* of the ports; those from half on are tried */

/* The number of links of a base, at least a share of all, that an odd number of blocks can have,
 * too. */
static int32_t base_links_of(const following *self, int32_t share)
{
  const int32_t links = (int32_t)(((int64_t)self->degree * share + SHARES - 1) / SHARES);
  const int32_t even = links + (self->blocks % 2 && links % 2);
  return even < 2 ? 2 : even;
}

static ls_status share_find(following *self, uint64_t seed, const ls_block_graph *found,
                            ls_block_graph **graph)
{
  ls_block_load before;
  ls_status status = ls_block_graph_load(found, self->demand, &before);
  for (int32_t share = SHARES / 2, last = 0; before.most && share < SHARES && status == LS_OK;
       share++) {
    const int32_t links = base_links_of(self, share);
    ls_block_graph *tried = NULL;
    bool is_kept = false;
    if (links == last || links >= self->degree) continue;
    last = links;
    status = share_try(self, links, seed, &tried);
    if (status == LS_OK) status = share_judge(self, found, &before, tried, &is_kept);
    if (is_kept) {
      *graph = tried;
      return LS_OK;
    }
    ls_block_graph_destroy(tried);
  }
  if (status != LS_OK) return status;
  base_copy(self, found);
  return links_adopt(self, found->made_from, graph);
}

ls_status ls_block_graph_follow_half(int32_t blocks, int32_t degree, const int64_t *demand,
                                     uint64_t seed, const ls_block_graph *found,
                                     ls_block_graph **graph)
{
  following self;
  ls_status status = following_init(blocks, degree, demand, &self);
  if (status == LS_OK && found) {
    status = share_find(&self, seed, found, graph);
  } else if (status == LS_OK) {
    base_complete(&self, (degree / (blocks - 1) + 1) / 2);
    status = demand_add(&self, "every two blocks, with links by demand", graph);
  }
  following_free(&self);
  return status;
}
