#include "throughput.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "assignment.h"
#include "resilience_net.h"
#include "verify_graph.h"

/* Costs of hops are integers: a NIC's rate in so many parts, at most. */
#define HOP_UNITS 1048576.0
enum { WORST_STEPS = 24, ASSIGNMENT_MAX = 1024 };

/* Of the flow of one permutation, which bounds from above however few there are. */
enum { PERMUTATION_STEPS = 60 };

/* Four decimals, and nine. */
#define DECIMALS 1e4
#define DECIMALS_EXACT 1e9

/* Blocks and highest switches of a Clos whose traffic by way of them is routed. */
enum { ABOVE_MAX = 4096 };

/* One network as a problem of flow; its demand is all-to-all. */
typedef struct network {
  ls_flow_problem problem;
  ls_flow_arc *arcs;
  int32_t *terminal;
  double *demand, *load; /* [blocks][blocks], [arcs] */
  double *rate;          /* [blocks] what the NICs below send, Gb/s */
  bool is_clos;          /* no two devices of a kind are joined */
} network;

static void network_destroy(network *self)
{
  free(self->arcs);
  free(self->terminal);
  free(self->demand);
  free(self->load);
  free(self->rate);
}

/* ---- Networks of a file ---- */

/* Vertices of the network's switches, -1 for all else; returns how many. Leaves come first. */
static int32_t vertices_number(const ls_record *record, int64_t index, int32_t *vertex_of,
                               int32_t *leaf_count)
{
  int32_t count = 0;
  for (int32_t i = 0; i < record->node_count; i++) vertex_of[i] = -1;
  for (int32_t pass = 0; pass < 2; pass++) {
    for (int32_t i = 0; i < record->node_count; i++) {
      const ls_record_node *node = &record->nodes[i];
      const bool is_leaf = node->kind == LS_DEVICE_LEAF;
      if (ls_record_is_switch(node) && ls_record_network(record, node) == index &&
          is_leaf == (pass == 0))
        vertex_of[i] = count++;
    }
    if (pass == 0) *leaf_count = count;
  }
  return count;
}

static void edge_take(network *self, const ls_record *record, const ls_record_edge *edge, int32_t a,
                      int32_t b)
{
  const double capacity = (double)edge->link_count * (double)record->site.port_gbps;
  const int32_t blocks = self->problem.terminal_count;
  if (edge->kind == LS_BUNDLE_ACCESS && b >= 0 && b < blocks) self->rate[b] += capacity;
  if (edge->kind != LS_BUNDLE_TRUNK && edge->kind != LS_BUNDLE_CIRCUIT) return;
  if (a < 0 || b < 0 || edge->link_count <= 0) return;
  self->arcs[self->problem.arc_count++] = (ls_flow_arc){a, b, capacity};
  self->arcs[self->problem.arc_count++] = (ls_flow_arc){b, a, capacity};
  self->is_clos = self->is_clos && !ls_record_is_peer(record, edge);
}

static void demand_fill(network *self)
{
  const int32_t blocks = self->problem.terminal_count;
  double sum = 0;
  for (int32_t i = 0; i < blocks; i++) sum += self->rate[i];
  for (int32_t i = 0; i < blocks; i++) {
    self->terminal[i] = i;
    for (int32_t j = 0; j < blocks; j++)
      self->demand[(int64_t)i * blocks + j] =
          i == j || sum <= 0 ? 0 : self->rate[i] * self->rate[j] / sum;
  }
}

/* LS_ERR_FULL: blocks times arcs, or blocks, are more than work_max, so that a demand of them might
 * not fit memory. */
static ls_status network_create(const ls_record *record, int64_t index, int64_t work_max,
                                network *self)
{
  int32_t blocks = 0;
  int32_t *vertex_of = malloc(((size_t)record->node_count + 1) * sizeof *vertex_of);
  *self = (network){.is_clos = true};
  if (!vertex_of) return LS_ERR_MEMORY;
  const int32_t count = vertices_number(record, index, vertex_of, &blocks);
  const size_t arcs = 2 * (size_t)record->edge_count + 1, room = (size_t)blocks + 1;
  self->arcs = malloc(arcs * sizeof *self->arcs);
  self->load = malloc(arcs * sizeof *self->load);
  self->terminal = malloc(room * sizeof *self->terminal);
  self->rate = calloc(room, sizeof *self->rate);
  self->problem = (ls_flow_problem){count, 0, blocks, self->arcs, self->terminal, NULL};
  const bool is_whole = self->arcs && self->load && self->terminal && self->rate;
  for (int32_t i = 0; is_whole && i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    edge_take(self, record, edge, vertex_of[edge->node_a], vertex_of[edge->node_b]);
  }
  free(vertex_of);
  if (!is_whole) return LS_ERR_MEMORY;
  const int64_t most = blocks > self->problem.arc_count ? blocks : self->problem.arc_count;
  if (blocks * most > work_max) return LS_ERR_FULL;
  self->demand = malloc(room * room * sizeof *self->demand);
  self->problem.demand = self->demand;
  if (!self->demand) return LS_ERR_MEMORY;
  demand_fill(self);
  return LS_OK;
}

/* Whether two networks are one: planes are wired alike. */
static bool is_alike(const network *a, const network *b)
{
  const size_t blocks = (size_t)a->problem.terminal_count, arcs = (size_t)a->problem.arc_count;
  return a->problem.terminal_count == b->problem.terminal_count &&
         a->problem.arc_count == b->problem.arc_count &&
         memcmp(a->rate, b->rate, blocks * sizeof *a->rate) == 0 &&
         memcmp(a->arcs, b->arcs, arcs * sizeof *a->arcs) == 0;
}

/* ---- The worst traffic ---- */

/* What a unit of time costs in Gb/s and hops when i sends all it can to j at a share theta. */
static double pair_hops(const network *self, const int32_t *hops, const double *trunk, int32_t i,
                        int32_t j, double theta)
{
  const int64_t at = (int64_t)i * self->problem.terminal_count + j;
  const double amount = theta * fmin(self->rate[i], self->rate[j]);
  if (i == j || hops[at] < 0) return 0;
  return hops[at] == 1 ? amount + fmax(amount - trunk[at], 0) : amount * hops[at];
}

/* The permutation that asks for most at a share theta, into to [blocks]; returns its Gb/s times
 * hops. Beyond ASSIGNMENT_MAX blocks a shift by half of them, which asks for no more. */
static ls_status permutation_find(const network *self, const int32_t *hops, const double *trunk,
                                  double theta, int32_t *to, double *asked)
{
  const int32_t blocks = self->problem.terminal_count;
  ls_status status = LS_OK;
  double most = 1;
  for (int32_t i = 0; i < blocks; i++) most = fmax(most, self->rate[i]);
  for (int32_t i = 0; i < blocks; i++) to[i] = (i + blocks / 2) % blocks;
  if (blocks <= ASSIGNMENT_MAX) {
    int64_t *cost = malloc((size_t)blocks * (size_t)blocks * sizeof *cost), sum;
    if (!cost) return LS_ERR_MEMORY;
    for (int32_t i = 0; i < blocks; i++)
      for (int32_t j = 0; j < blocks; j++)
        cost[(int64_t)i * blocks + j] =
            -(int64_t)(pair_hops(self, hops, trunk, i, j, theta) / most * HOP_UNITS);
    status = ls_assignment_solve(cost, blocks, to, &sum, NULL);
    free(cost);
  }
  *asked = 0;
  for (int32_t i = 0; i < blocks; i++) *asked += pair_hops(self, hops, trunk, i, to[i], theta);
  return status;
}

/* The largest share at which the most that a permutation asks for still fits all capacity. */
static ls_status worst_bisect(const network *self, const int32_t *hops, const double *trunk,
                              int32_t *to, double *theta)
{
  double all = 0, low = 0, high = 1, asked = 0;
  for (int32_t arc = 0; arc < self->problem.arc_count; arc++) all += self->arcs[arc].capacity;
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < WORST_STEPS && low < high; i++) {
    const double middle = i ? (low + high) / 2 : 1;
    status = permutation_find(self, hops, trunk, middle, to, &asked);
    if (asked > all)
      high = middle;
    else
      low = middle;
  }
  *theta = high;
  return status;
}

/* What no routing carries of the permutation, in place of all-to-all. */
static ls_status permutation_flow(const network *self, const int32_t *to,
                                  const ls_flow_limits *limits, double *theta)
{
  const int32_t blocks = self->problem.terminal_count;
  double *demand = calloc((size_t)blocks * (size_t)blocks, sizeof *demand);
  ls_flow_problem problem = self->problem;
  ls_flow_range range = {0};
  if (!demand) return LS_ERR_MEMORY;
  problem.demand = demand;
  for (int32_t i = 0; i < blocks; i++)
    if (to[i] != i) demand[(int64_t)i * blocks + to[i]] = fmin(self->rate[i], self->rate[to[i]]);
  ls_flow_limits few = *limits;
  few.steps = few.steps < PERMUTATION_STEPS ? few.steps : PERMUTATION_STEPS;
  const ls_status status = ls_flow_bound(&problem, &few, &range, NULL, NULL);
  *theta = range.high;
  free(demand);
  return status;
}

static void trunks_fill(const network *self, double *trunk)
{
  const int32_t blocks = self->problem.terminal_count;
  for (int32_t arc = 0; arc < self->problem.arc_count; arc++)
    if (self->arcs[arc].from < blocks && self->arcs[arc].to < blocks)
      trunk[(int64_t)self->arcs[arc].from * blocks + self->arcs[arc].to] +=
          self->arcs[arc].capacity;
}

/* What no routing carries of some traffic. */
static ls_status worst_find(const network *self, const ls_flow_limits *limits, ls_throughput *found)
{
  const int32_t blocks = self->problem.terminal_count;
  const size_t pairs = (size_t)blocks * (size_t)blocks;
  int32_t *hops = malloc(pairs * sizeof *hops), *to = malloc((size_t)blocks * sizeof *to);
  double *trunk = calloc(pairs, sizeof *trunk), theta = 1, carried = 1, sum = 0, asked = 0;
  ls_status status = hops && to && trunk ? LS_OK : LS_ERR_MEMORY;
  if (status == LS_OK) status = ls_flow_hops(&self->problem, hops);
  if (status == LS_OK) trunks_fill(self, trunk);
  if (status == LS_OK) status = worst_bisect(self, hops, trunk, to, &theta);
  if (status == LS_OK) status = permutation_flow(self, to, limits, &carried);
  for (int32_t i = 0; status == LS_OK && i < blocks; i++) {
    if (to[i] == i) continue;
    sum += fmin(self->rate[i], self->rate[to[i]]);
    asked += pair_hops(self, hops, trunk, i, to[i], theta) / theta;
  }
  found->worst_high = fmin(fmin(1, theta), carried);
  found->worst_hops = sum > 0 ? asked / sum : 0;
  free(trunk);
  free(to);
  free(hops);
  return status;
}

/* ---- One network ---- */

static double routed_theta(const network *self,
                           ls_status (*route)(const ls_flow_problem *, double *))
{
  return route(&self->problem, self->load) == LS_OK
             ? fmin(1, ls_flow_theta(&self->problem, self->load))
             : 0;
}

/* Numbers the highest switches behind the blocks, with the share of all links to them that each
 * has; returns how many terminals there are then. */
static int32_t highest_find(const network *self, int32_t *terminal, double *share)
{
  const ls_flow_problem *problem = &self->problem;
  int32_t count = problem->terminal_count;
  double sum = 0;
  for (int32_t i = 0; i < problem->node_count; i++) share[i] = 0;
  /* The first of the two arcs of a bundle leads up. */
  for (int32_t arc = 0; arc < problem->arc_count; arc += 2)
    share[self->arcs[arc].to] += self->arcs[arc].capacity;
  for (int32_t arc = 0; arc < problem->arc_count; arc += 2) share[self->arcs[arc].from] = 0;
  for (int32_t i = 0; i < problem->node_count; i++) sum += share[i];
  for (int32_t i = 0; i < count; i++) terminal[i] = i;
  for (int32_t i = 0; i < problem->node_count; i++) {
    if (share[i] <= 0) continue;
    share[i] /= sum;
    terminal[count++] = i;
  }
  return count;
}

/* What any traffic gets of which every highest switch passes on the same part for every two blocks:
 * a flow from all blocks to them and back. 0 where that is too large to be tried. */
static ls_status above_flow(const network *self, const ls_flow_limits *limits, double *theta)
{
  const int32_t blocks = self->problem.terminal_count;
  const size_t nodes = (size_t)self->problem.node_count + 1;
  int32_t *terminal = malloc(nodes * sizeof *terminal);
  double *share = malloc(nodes * sizeof *share), *demand = NULL;
  const int64_t count = terminal && share ? highest_find(self, terminal, share) : 0;
  if (count && count <= ABOVE_MAX) demand = calloc((size_t)(count * count), sizeof *demand);
  ls_status status = !count || (count <= ABOVE_MAX && !demand) ? LS_ERR_MEMORY : LS_OK;
  *theta = 0;
  if (demand) {
    ls_flow_problem problem = self->problem;
    ls_flow_limits few = *limits;
    ls_flow_range range = {0};
    for (int64_t i = 0; i < blocks; i++)
      for (int64_t j = blocks; j < count; j++)
        demand[i * count + j] = demand[j * count + i] = self->rate[i] * share[terminal[j]];
    problem.terminal_count = (int32_t)count;
    problem.terminal = terminal;
    problem.demand = demand;
    few.steps = few.steps < PERMUTATION_STEPS ? few.steps : PERMUTATION_STEPS;
    status = ls_flow_bound(&problem, &few, &range, NULL, NULL);
    *theta = range.low;
  }
  free(demand);
  free(share);
  free(terminal);
  return status;
}

static ls_status network_measure(const network *self, const ls_throughput_options *options,
                                 ls_throughput *found)
{
  const ls_flow_limits limits = {.gap = options->gap,
                                 .steps = options->steps,
                                 .thread_count = options->thread_count,
                                 .stop = options->stop};
  const ls_flow_limits exactly = {
      .steps = options->steps, .thread_count = options->thread_count, .stop = options->stop};
  ls_flow_range range;
  ls_status status = options->is_exact ? ls_flow_exact(&self->problem, &exactly, &range)
                                       : ls_flow_bound(&self->problem, &limits, &range, NULL, NULL);
  if (status != LS_OK) return status;
  *found = (ls_throughput){.all_to_all_low = fmin(1, range.low),
                           .all_to_all_high = fmin(1, range.high),
                           .ecmp = routed_theta(self, ls_flow_ecmp),
                           .valiant = routed_theta(self, ls_flow_valiant)};
  double above = 0;
  status = worst_find(self, &limits, found);
  if (status == LS_OK && self->is_clos) status = above_flow(self, &limits, &above);
  /* The interval is of whole traffic, before what is over the NICs' own rate is cut; all-to-all is
   * some traffic, too. */
  found->worst_low = fmin(1, fmax(range.low / 2, above));
  found->worst_high = fmin(found->worst_high, found->all_to_all_high);
  return status;
}

static void least_take(const ls_throughput *one, ls_throughput *all)
{
  all->all_to_all_low = fmin(all->all_to_all_low, one->all_to_all_low);
  all->all_to_all_high = fmin(all->all_to_all_high, one->all_to_all_high);
  all->ecmp = fmin(all->ecmp, one->ecmp);
  all->valiant = fmin(all->valiant, one->valiant);
  all->worst_low = fmin(all->worst_low, one->worst_low);
  all->worst_high = fmin(all->worst_high, one->worst_high);
  all->worst_hops = fmax(all->worst_hops, one->worst_hops);
}

static ls_status network_add(const network *self, const char *path,
                             const ls_throughput_options *options, ls_throughput *found,
                             ls_error *error)
{
  const int32_t blocks = self->problem.terminal_count;
  ls_throughput one;
  found->block_count = blocks > found->block_count ? blocks : found->block_count;
  if (blocks < 2) return LS_OK;
  const ls_status status = network_measure(self, options, &one);
  if (status != LS_OK) return ls_error_set(error, status, path, 0, NULL, "could not be routed");
  least_take(&one, found);
  return LS_OK;
}

/* All networks of a record whose file was read. */
static ls_status record_measure(const ls_record *record, const char *path,
                                const ls_throughput_options *options, ls_throughput *found,
                                ls_error *error)
{
  network last = {0};
  ls_status status = LS_OK;
  *found = (ls_throughput){.network_count = (int32_t)ls_record_network_count(record),
                           .all_to_all_low = 1,
                           .all_to_all_high = 1,
                           .all_to_all_parts = options->is_exact ? DECIMALS_EXACT : DECIMALS,
                           .ecmp = 1,
                           .valiant = 1,
                           .worst_low = 1,
                           .worst_high = 1,
                           .formula_low = (double)record->claims.throughput_worst_ppm_low / 1e6,
                           .formula_high = (double)record->claims.throughput_worst_ppm_high / 1e6};
  for (int32_t i = 0; status == LS_OK && i < found->network_count; i++) {
    network made;
    status = network_create(record, i, options->work_max, &made);
    if (status == LS_ERR_FULL)
      ls_error_set(error, status, path, 0, NULL,
                   "a network of %d leaves and %d bundles is too large to be routed",
                   made.problem.terminal_count, made.problem.arc_count / 2);
    else if (status != LS_OK)
      ls_error_set(error, status, path, 0, NULL, "no memory for its networks");
    if (status == LS_OK && (i == 0 || !is_alike(&made, &last)))
      status = network_add(&made, path, options, found, error);
    network_destroy(&last);
    last = made;
  }
  network_destroy(&last);
  return status;
}

ls_status ls_throughput_measure(const char *path, const ls_throughput_options *options,
                                ls_throughput *found, ls_error *error)
{
  ls_record *record = calloc(1, sizeof *record);
  if (!record) return ls_error_set(error, LS_ERR_MEMORY, path, 0, NULL, "no memory to read it");
  ls_status status = ls_record_read(path, LS_RECORD_FLAT, record, error);
  if (status == LS_OK) status = ls_record_check_links(record, path, error);
  if (status == LS_OK && options->failures) {
    status = ls_resilience_break(record, options->seed, options->failures);
    if (status == LS_ERR_NO)
      ls_error_set(error, status, path, 0, NULL, "has no part that can fail");
    else if (status != LS_OK)
      ls_error_set(error, status, path, 0, NULL, "no memory for its failures");
  }
  if (status == LS_OK) status = record_measure(record, path, options, found, error);
  ls_record_destroy(record);
  free(record);
  return status;
}

double ls_throughput_down(double bound, double parts) { return floor(bound * parts) / parts; }

double ls_throughput_up(double bound, double parts) { return ceil(bound * parts) / parts; }

static ls_json *range_json(double low, double high, double parts)
{
  ls_json *range = ls_json_object();
  ls_json_set_real(range, "low", ls_throughput_down(low, parts));
  ls_json_set_real(range, "high", ls_throughput_up(high, parts));
  return range;
}

void ls_throughput_set(const ls_throughput *found, ls_json *object)
{
  ls_json_set_int(object, "networks", found->network_count);
  ls_json_set_int(object, "blocks", found->block_count);
  ls_json_set(object, "all_to_all",
              range_json(found->all_to_all_low, found->all_to_all_high, found->all_to_all_parts));
  ls_json_set_real(object, "ecmp", floor(found->ecmp * DECIMALS) / DECIMALS);
  ls_json_set_real(object, "valiant", floor(found->valiant * DECIMALS) / DECIMALS);
  ls_json_set(object, "worst", range_json(found->worst_low, found->worst_high, DECIMALS));
  ls_json_set_real(object, "worst_hops_mean", floor(found->worst_hops * DECIMALS) / DECIMALS);
  ls_json *formula = ls_json_object();
  ls_json_set_real(formula, "low", found->formula_low);
  ls_json_set_real(formula, "high", found->formula_high);
  ls_json_set(object, "worst_formula", formula);
}
