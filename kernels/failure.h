/* What a network still carries with parts of it down, and the seam's types for many draws of such
 * parts. Integers alone, so that every backend finds the same of a draw.
 *
 * A part takes links of one bundle (a port, an engine, a laser), or every link of a set: those of a
 * device, which is then dead itself, or those in a tray. A link that is down for two reasons is
 * down once. What is left of a device's links upwards is
 *
 *     left(v) = (sum over its links that are up of left of the device above) / links up of v
 *
 * of a plane what the worst leaf has that is up, of the network the sum over its planes. Access
 * links that are down are counted apart. */
#ifndef LS_FAILURE_H
#define LS_FAILURE_H

#include "philox.h"

enum { LS_FAILURE_PLANES_MAX = 64 };

/* A share of 1. With at most 2^31 links in all, links times shares are at most 2^61. */
#define LS_FAILURE_WHOLE (INT64_C(1) << 30)

typedef enum ls_failure_edge_kind {
  LS_FAILURE_ACCESS,
  LS_FAILURE_UP,  /* from node_a up to node_b */
  LS_FAILURE_PEER /* between two devices of a rank, each of which counts it as upwards */
} ls_failure_edge_kind;

typedef struct ls_failure_edge {
  int32_t node_a, node_b, links, kind;
} ls_failure_edge;

typedef struct ls_failure_node {
  int32_t up; /* links away from the GPUs */
  int32_t plane;
  int32_t rank; /* 0: a leaf, more above; -1: passes nothing on, as an OCS */
} ls_failure_node;

typedef struct ls_failure_component {
  uint64_t weight_sum; /* how often this part and those before it are drawn */
  int32_t set;         /* of nodes, then of trays; -1: links of one bundle */
  int32_t edge, links; /* of set -1 */
} ls_failure_component;

typedef struct ls_failure_net {
  int32_t node_count, edge_count, set_count, taken_count, part_count;
  int32_t plane_count, rank_max;     /* planes: at most LS_FAILURE_PLANES_MAX */
  const ls_failure_node *nodes;      /* [node_count] */
  const ls_failure_edge *edges;      /* [edge_count] */
  const ls_failure_component *parts; /* [part_count]; the last weight_sum is at least 1 */
  const int32_t *set_first, *taken;  /* [set_count + 1]; [taken_count] edges of each set */
} ls_failure_net;

/* Draws of so many parts each. */
typedef struct ls_failure_batch {
  const ls_failure_net *net;
  uint64_t seed;
  int32_t failures, draw_count;
} ls_failure_batch;

typedef struct ls_failure_loss {
  int64_t left;         /* sum over planes, of LS_FAILURE_WHOLE each */
  int64_t access_links; /* that are down */
} ls_failure_loss;

/* One draw at a time. Nothing is touched before it and after ls_failure_clear. */
typedef struct ls_failure_state {
  int64_t *node_lost;                     /* [nodes] links times LS_FAILURE_WHOLE */
  int32_t *edge_lost;                     /* [edges] links */
  int32_t *touched_nodes, *touched_edges; /* [nodes], [edges] in the order of touching */
  uint8_t *node_mark;                     /* [nodes] 0, LS_FAILURE_TOUCHED or LS_FAILURE_DEAD */
  int32_t node_count, edge_count;         /* touched */
  int64_t access_links;
} ls_failure_state;

enum { LS_FAILURE_TOUCHED = 1, LS_FAILURE_DEAD = 2 };

/* Of a state's memory, a multiple of 8. */
LS_HD size_t ls_failure_state_bytes(const ls_failure_net *net)
{
  const size_t nodes = (size_t)net->node_count, edges = (size_t)net->edge_count;
  return (nodes * (sizeof(int64_t) + sizeof(int32_t) + 1) + edges * 2 * sizeof(int32_t) + 7) / 8 *
         8;
}

/* A state in so many bytes, aligned to 8 and all zero. */
LS_HD ls_failure_state ls_failure_state_at(const ls_failure_net *net, void *memory)
{
  ls_failure_state state = LS_ZERO;
  state.node_lost = (int64_t *)memory;
  state.edge_lost = (int32_t *)(state.node_lost + net->node_count);
  state.touched_nodes = state.edge_lost + net->edge_count;
  state.touched_edges = state.touched_nodes + net->node_count;
  state.node_mark = (uint8_t *)(state.touched_edges + net->edge_count);
  return state;
}

LS_HD void ls_failure_clear(ls_failure_state *state)
{
  for (int32_t i = 0; i < state->node_count; i++) {
    state->node_lost[state->touched_nodes[i]] = 0;
    state->node_mark[state->touched_nodes[i]] = 0;
  }
  for (int32_t i = 0; i < state->edge_count; i++) state->edge_lost[state->touched_edges[i]] = 0;
  state->node_count = state->edge_count = 0;
  state->access_links = 0;
}

LS_HD void ls_failure_node_lose(ls_failure_state *state, int32_t node, int64_t lost)
{
  if (!state->node_mark[node]) {
    state->touched_nodes[state->node_count++] = node;
    state->node_mark[node] = LS_FAILURE_TOUCHED;
  }
  state->node_lost[node] += lost;
}

/* So many links of a bundle fail, or those that were left. */
LS_HD void ls_failure_links_fail(const ls_failure_net *net, ls_failure_state *state, int32_t index,
                                 int32_t links)
{
  const ls_failure_edge edge = net->edges[index];
  const int32_t before = state->edge_lost[index];
  const int32_t lost = links < edge.links - before ? links : edge.links - before;
  if (lost <= 0) return;
  if (!before) state->touched_edges[state->edge_count++] = index;
  state->edge_lost[index] = before + lost;
  if (edge.kind == LS_FAILURE_ACCESS) {
    state->access_links += lost;
    return;
  }
  ls_failure_node_lose(state, edge.node_a, lost * LS_FAILURE_WHOLE);
  if (edge.kind == LS_FAILURE_PEER)
    ls_failure_node_lose(state, edge.node_b, lost * LS_FAILURE_WHOLE);
}

LS_HD void ls_failure_part_fail(const ls_failure_net *net, ls_failure_state *state, int32_t index)
{
  const ls_failure_component part = net->parts[index];
  if (part.set < 0) {
    ls_failure_links_fail(net, state, part.edge, part.links);
    return;
  }
  if (part.set < net->node_count) {
    ls_failure_node_lose(state, part.set, 0);
    if (state->node_mark[part.set] == LS_FAILURE_DEAD) return;
    state->node_mark[part.set] = LS_FAILURE_DEAD;
  }
  for (int32_t i = net->set_first[part.set]; i < net->set_first[part.set + 1]; i++)
    ls_failure_links_fail(net, state, net->taken[i], net->edges[net->taken[i]].links);
}

/* What a device lacks of its links upwards. */
LS_HD int64_t ls_failure_gone(const ls_failure_net *net, const ls_failure_state *state,
                              int32_t node)
{
  return net->nodes[node].up > 0 ? state->node_lost[node] / net->nodes[node].up : 0;
}

/* What devices of a rank lack is lacking to those below, on the links between them that are up. */
LS_HD void ls_failure_rank_pass(const ls_failure_net *net, ls_failure_state *state, int32_t rank)
{
  const int32_t count = state->node_count;
  for (int32_t i = 0; i < count; i++) {
    const int32_t node = state->touched_nodes[i];
    if (net->nodes[node].rank != rank || state->node_mark[node] == LS_FAILURE_DEAD) continue;
    const int64_t gone = ls_failure_gone(net, state, node);
    if (!gone) continue;
    for (int32_t j = net->set_first[node]; j < net->set_first[node + 1]; j++) {
      const ls_failure_edge edge = net->edges[net->taken[j]];
      const int32_t links = edge.links - state->edge_lost[net->taken[j]];
      if (edge.kind == LS_FAILURE_UP && links > 0)
        ls_failure_node_lose(state, edge.node_a, gone * links);
    }
  }
}

/* Ends a draw's failures: from then on it can only be cleared. */
LS_HD ls_failure_loss ls_failure_measure(const ls_failure_net *net, ls_failure_state *state)
{
  int32_t most[LS_FAILURE_PLANES_MAX]; /* gone of the worst leaf that is up, at most 2^30 */
  ls_failure_loss loss = LS_ZERO;
  for (int32_t rank = net->rank_max; rank > 0; rank--) ls_failure_rank_pass(net, state, rank);
  for (int32_t plane = 0; plane < net->plane_count; plane++) most[plane] = 0;
  for (int32_t i = 0; i < state->node_count; i++) {
    const int32_t node = state->touched_nodes[i];
    if (net->nodes[node].rank != 0 || state->node_mark[node] == LS_FAILURE_DEAD) continue;
    const int32_t gone = (int32_t)ls_failure_gone(net, state, node);
    if (gone > most[net->nodes[node].plane]) most[net->nodes[node].plane] = gone;
  }
  loss.left = net->plane_count * LS_FAILURE_WHOLE;
  for (int32_t plane = 0; plane < net->plane_count; plane++) loss.left -= most[plane];
  loss.access_links = state->access_links;
  return loss;
}

/* The first part whose weight_sum is more than at. */
LS_HD int32_t ls_failure_part_find(const ls_failure_net *net, uint64_t at)
{
  int32_t low = 0, high = net->part_count - 1;
  while (low < high) {
    const int32_t middle = low + (high - low) / 2;
    if (net->parts[middle].weight_sum > at)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

/* Fails the parts of a draw. */
LS_HD void ls_failure_draw_fail(const ls_failure_net *net, ls_failure_state *state,
                                const ls_failure_batch *batch, int32_t draw)
{
  const uint64_t whole = net->parts[net->part_count - 1].weight_sum;
  for (int32_t i = 0; i < batch->failures; i++) {
    const ls_philox_words words =
        ls_philox(batch->seed, (uint64_t)draw, (uint64_t)batch->failures << 32 | (uint64_t)i);
    const uint64_t word = (uint64_t)words.v[0] << 32 | words.v[1];
    ls_failure_part_fail(net, state, ls_failure_part_find(net, word % whole));
  }
}

/* The same, measured; clears the state. */
LS_HD ls_failure_loss ls_failure_draw(const ls_failure_net *net, ls_failure_state *state,
                                      const ls_failure_batch *batch, int32_t draw)
{
  ls_failure_draw_fail(net, state, batch, draw);
  const ls_failure_loss loss = ls_failure_measure(net, state);
  ls_failure_clear(state);
  return loss;
}

#endif
