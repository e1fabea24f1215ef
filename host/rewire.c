#include "rewire.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../kernels/compat.h"

/* ---- Links for a demand ---- */

static double demand_of(const double *demand, int32_t blocks, int32_t i, int32_t j)
{
  const double there = demand[(int64_t)i * blocks + j], back = demand[(int64_t)j * blocks + i];
  return there > back ? there : back;
}

static void link_add(int32_t *links, int32_t blocks, int32_t *left, int32_t i, int32_t j)
{
  links[(int64_t)i * blocks + j]++;
  links[(int64_t)j * blocks + i]++;
  left[i]--;
  left[j]--;
}

/* The partner for whom a block's demand is most for each link there would be; -1: nobody has an
 * uplink left. */
static int32_t partner_find(int32_t blocks, const double *demand, const int32_t *left,
                            const int32_t *links, int32_t i, double *need)
{
  int32_t best = -1;
  for (int32_t j = 0; left[i] > 0 && j < blocks; j++) {
    if (j == i || left[j] <= 0) continue;
    const double share = demand_of(demand, blocks, i, j) / (links[(int64_t)i * blocks + j] + 1);
    if (best < 0 || share > *need) {
      best = j;
      *need = share;
    }
  }
  return best;
}

/* The partner of each block, kept up to date while links are added. */
typedef struct partners {
  int32_t *left, *best; /* [blocks] */
  double *need;         /* [blocks] of best */
} partners;

/* Finds anew whose partner the pair was, or who is of it: all other needs stay as they are. */
static void partners_update(int32_t blocks, const double *demand, const int32_t *links, int32_t a,
                            int32_t b, partners *of)
{
  for (int32_t i = 0; i < blocks; i++)
    if (a < 0 || i == a || i == b || of->best[i] == a || of->best[i] == b)
      of->best[i] = partner_find(blocks, demand, of->left, links, i, &of->need[i]);
}

/* Uplinks of each block that no link has. */
static void left_count(int32_t blocks, const int32_t *uplinks, const int32_t *links, int32_t *left)
{
  for (int32_t i = 0; i < blocks; i++) {
    left[i] = uplinks[i];
    for (int32_t j = 0; j < blocks; j++) left[i] -= links[(int64_t)i * blocks + j];
  }
}

/* The base: one link each to every stride-th block on. */
static void base_add(int32_t blocks, int32_t stride, int32_t *left, int32_t *links)
{
  for (int32_t apart = 1; apart < blocks; apart += stride)
    for (int32_t i = 0; i < blocks; i++) {
      const int32_t j = (i + apart) % blocks;
      if (left[i] > 0 && left[j] > 0 && !links[(int64_t)i * blocks + j])
        link_add(links, blocks, left, i, j);
    }
}

ls_status ls_rewire_links_add(int32_t block_count, const double *demand, const int32_t *uplinks,
                              int32_t *links)
{
  const int32_t blocks = block_count;
  const size_t room = (size_t)blocks + 1;
  partners of = {.left = malloc(room * sizeof *of.left),
                 .best = malloc(room * sizeof *of.best),
                 .need = malloc(room * sizeof *of.need)};
  const ls_status status = of.left && of.best && of.need ? LS_OK : LS_ERR_MEMORY;
  if (status == LS_OK) {
    left_count(blocks, uplinks, links, of.left);
    partners_update(blocks, demand, links, -1, -1, &of);
  }
  while (status == LS_OK) {
    int32_t from = -1;
    for (int32_t i = 0; i < blocks; i++)
      if (of.best[i] >= 0 && (from < 0 || of.need[i] > of.need[from])) from = i;
    if (from < 0) break;
    const int32_t to = of.best[from];
    link_add(links, blocks, of.left, from, to);
    partners_update(blocks, demand, links, from, to, &of);
  }
  free(of.need);
  free(of.best);
  free(of.left);
  return status;
}

ls_status ls_rewire_links(int32_t block_count, const double *demand, const int32_t *uplinks,
                          int32_t stride, int32_t *links)
{
  const size_t blocks = (size_t)block_count;
  int32_t *left = malloc((blocks + 1) * sizeof *left);
  if (!left) return LS_ERR_MEMORY;
  memset(links, 0, blocks * blocks * sizeof *links);
  memcpy(left, uplinks, blocks * sizeof *left);
  base_add(block_count, stride, left, links);
  free(left);
  return ls_rewire_links_add(block_count, demand, uplinks, links);
}

/* ---- Circuits for links ---- */

typedef struct state {
  const ls_rewire *wanted;
  int32_t *made; /* [ocs][blocks][blocks] */
  int32_t *left; /* [ocs][blocks] ports */
  int32_t *path; /* [2 * CHAIN_MAX] ends of a chain's circuits */
} state;

enum { CHAIN_MAX = 512 };

static int32_t *circuits(const state *self, int32_t *of, int32_t ocs, int32_t i, int32_t j)
{
  const int64_t blocks = self->wanted->block_count;
  return &of[(ocs * blocks + i) * blocks + j];
}

static int32_t old_circuits(const state *self, int32_t ocs, int32_t i, int32_t j)
{
  const int64_t blocks = self->wanted->block_count;
  return self->wanted->old[(ocs * blocks + i) * blocks + j];
}

static int32_t *left_at(const state *self, int32_t ocs, int32_t block)
{
  return &self->left[(int64_t)ocs * self->wanted->block_count + block];
}

static void circuit_add(state *self, int32_t ocs, int32_t i, int32_t j, int32_t count)
{
  *circuits(self, self->made, ocs, i, j) += count;
  *circuits(self, self->made, ocs, j, i) += count;
  *left_at(self, ocs, i) -= count;
  *left_at(self, ocs, j) -= count;
}

/* Old circuits of wanted links stay, from the first OCS on. Returns the links still to be made. */
static int32_t old_keep(state *self, int32_t i, int32_t j)
{
  int32_t open = self->wanted->links[(int64_t)i * self->wanted->block_count + j];
  for (int32_t ocs = 0; ocs < self->wanted->ocs_count && open > 0; ocs++) {
    const int32_t kept = (int32_t)ls_min(open, old_circuits(self, ocs, i, j));
    circuit_add(self, ocs, i, j, kept);
    open -= kept;
  }
  return open;
}

/* A block that has a circuit to this one at an OCS, not `without`: the skip-th of those whose
 * circuit is not old, then of the others. -1: there is none. */
static int32_t neighbour_find(const state *self, int32_t ocs, int32_t block, int32_t without,
                              int32_t skip)
{
  for (int32_t pass = 0; pass < 2; pass++)
    for (int32_t i = 0; i < self->wanted->block_count; i++) {
      const int32_t count = *circuits(self, self->made, ocs, block, i);
      const bool is_new = count > old_circuits(self, ocs, block, i);
      if (count && i != without && is_new == (pass == 0) && skip-- == 0) return i;
    }
  return -1;
}

/* A chain of circuits that change places between two OCS. */
typedef struct chain {
  int32_t from, to;
  int32_t block, avoid; /* it begins at the one and must not come to the other, nor back */
  int32_t skip;         /* how many first circuits were tried before */
} chain;

static void chain_undo(state *self, const chain *of, int32_t length)
{
  while (length-- > 0) {
    const int32_t i = self->path[2 * length], j = self->path[2 * length + 1];
    circuit_add(self, length % 2 ? of->from : of->to, i, j, -1);
    circuit_add(self, length % 2 ? of->to : of->from, i, j, 1);
  }
}

/* Frees a port of the block at one OCS: a circuit moves to the other, if the far end has no port
 * there one of its moves back, and so on. False, and nothing changes, when the chain comes to a
 * block that it must not come to, or gets too long. */
static bool chain_move(state *self, const chain *of)
{
  int32_t length = 0, at = of->block, last = -1;
  while (length < CHAIN_MAX) {
    const int32_t here = length % 2 ? of->to : of->from, there = length % 2 ? of->from : of->to;
    const int32_t next = neighbour_find(self, here, at, last, length ? 0 : of->skip);
    if (next < 0 || next == of->avoid || next == of->block) break;
    circuit_add(self, here, at, next, -1);
    circuit_add(self, there, at, next, 1);
    self->path[2 * length] = at;
    self->path[2 * length++ + 1] = next;
    if (*left_at(self, there, next) >= 0) return true;
    last = at;
    at = next;
  }
  chain_undo(self, of, length);
  return false;
}

/* An OCS at which both blocks have a port; -1: there is none. */
static int32_t common_find(const state *self, int32_t i, int32_t j)
{
  for (int32_t ocs = 0; ocs < self->wanted->ocs_count; ocs++)
    if (*left_at(self, ocs, i) > 0 && *left_at(self, ocs, j) > 0) return ocs;
  return -1;
}

/* Makes one link at an OCS where i is free, once a chain to one where j is has freed j, too. */
static bool link_force(state *self, int32_t i, int32_t j)
{
  enum { TRIES = 6 };
  const int32_t count = self->wanted->ocs_count;
  for (int32_t skip = 0; skip < TRIES; skip++)
    for (int32_t a = 0; a < count; a++)
      for (int32_t b = 0; b<count && * left_at(self, a, i)> 0; b++) {
        const chain tried = {a, b, j, i, skip};
        if (a == b || *left_at(self, b, j) <= 0 || !chain_move(self, &tried)) continue;
        circuit_add(self, a, i, j, 1);
        return true;
      }
  return false;
}

static bool link_make(state *self, int32_t i, int32_t j)
{
  const int32_t common = common_find(self, i, j);
  if (common < 0) return link_force(self, i, j) || link_force(self, j, i);
  circuit_add(self, common, i, j, 1);
  return true;
}

/* Wanted links of two blocks that no old circuit makes. */
static int32_t links_new(const state *self, int32_t i, int32_t j)
{
  int32_t old = 0;
  for (int32_t ocs = 0; ocs < self->wanted->ocs_count; ocs++) old += old_circuits(self, ocs, i, j);
  return (int32_t)ls_max(self->wanted->links[(int64_t)i * self->wanted->block_count + j] - old, 0);
}

static void rewired_tell(const state *self, ls_rewired *told)
{
  const int32_t blocks = self->wanted->block_count;
  *told = (ls_rewired){.dark = 0};
  for (int32_t i = 0; i < blocks; i++)
    for (int32_t j = 0; j < i; j++) {
      int32_t made = 0;
      for (int32_t ocs = 0; ocs < self->wanted->ocs_count; ocs++) {
        const int32_t count = *circuits(self, self->made, ocs, i, j);
        told->kept += (int32_t)ls_min(count, old_circuits(self, ocs, i, j));
        told->moved += (int32_t)ls_max(count - old_circuits(self, ocs, i, j), 0);
        made += count;
      }
      told->dark += self->wanted->links[(int64_t)i * blocks + j] - made;
      told->moved_bound += links_new(self, i, j);
    }
  told->moved_bound = (int32_t)ls_max(told->moved_bound - told->dark, 0);
}

ls_status ls_rewire_run(const ls_rewire *wanted, int32_t *made, ls_rewired *told)
{
  const size_t blocks = (size_t)wanted->block_count, units = (size_t)wanted->ocs_count;
  state self = {.wanted = wanted, .made = made};
  self.left = malloc((units * blocks + 1) * sizeof *self.left);
  self.path = malloc(2 * CHAIN_MAX * sizeof *self.path);
  int32_t *open = malloc((blocks * blocks + 1) * sizeof *open);
  const ls_status status = self.left && self.path && open ? LS_OK : LS_ERR_MEMORY;
  if (status == LS_OK) {
    memset(made, 0, units * blocks * blocks * sizeof *made);
    memcpy(self.left, wanted->ports, units * blocks * sizeof *self.left);
    for (int32_t i = 0; i < wanted->block_count; i++)
      for (int32_t j = 0; j < i; j++) open[(size_t)i * blocks + (size_t)j] = old_keep(&self, i, j);
    for (int32_t i = 0; i < wanted->block_count; i++)
      for (int32_t j = 0; j < i; j++)
        for (int32_t link = open[(size_t)i * blocks + (size_t)j]; link > 0; link--)
          link_make(&self, i, j);
    rewired_tell(&self, told);
  }
  free(open);
  free(self.path);
  free(self.left);
  return status;
}
