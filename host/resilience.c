#include "resilience.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "../kernels/philox.h"
#include "verify_graph.h"

const char *const ls_failing_names[LS_FAILING_KIND_COUNT] = {"port",  "engine",  "laser module",
                                                             "laser", "chassis", "ocs"};

/* Parts of one kind at one end of a bundle, or one device. */
typedef struct component {
  int32_t kind, index; /* index: of an edge, or of a node */
  int32_t links;       /* that one part takes; of a bundle */
  int64_t count;
  double fit_sum; /* of this component and all before it */
} component;

typedef struct network {
  const ls_record *record;
  int64_t plane_count;
  component *components; /* [component_count] */
  int32_t component_count;
  double *up;    /* [nodes] links away from the GPUs */
  int64_t *gpus; /* [nodes] access links of leaves */
  int32_t *below_first,
      *below;    /* [nodes + 1], edges from below, between likes too, or via an OCS */
  bool *is_peer; /* [edges] */
  int32_t rank_of[LS_DEVICE_KIND_COUNT];
} network;

/* One draw at a time. */
typedef struct damage {
  double *lost;  /* [nodes] links */
  bool *is_dead; /* [nodes] */
  bool *is_touched;
  int32_t *touched; /* [touched_count] nodes that lost something */
  int32_t touched_count;
  double *left; /* [planes] */
  int64_t gpu_count;
} damage;

/* ---- What can fail ---- */

static ls_status component_add(network *self, int32_t *capacity, component added, double fit)
{
  if (fit <= 0 || added.count <= 0) return LS_OK;
  if (self->component_count == *capacity) {
    *capacity = 2 * *capacity + 256;
    component *grown = realloc(self->components, (size_t)*capacity * sizeof *grown);
    if (!grown) return LS_ERR_MEMORY;
    self->components = grown;
  }
  const double before =
      self->component_count ? self->components[self->component_count - 1].fit_sum : 0;
  added.fit_sum = before + fit * (double)added.count;
  self->components[self->component_count++] = added;
  return LS_OK;
}

/* The parts of the optics at one end of a bundle. */
static ls_status end_add(network *self, int32_t *capacity, int32_t edge_index, int32_t optic_index)
{
  const ls_record_edge *edge = &self->record->edges[edge_index];
  if (optic_index < 0) return LS_OK;
  const ls_record_optic *optic = &self->record->optics[optic_index];
  const int64_t port_gbps = self->record->site.port_gbps;
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < LS_RECORD_PART_MAX; i++) {
    const ls_record_part *part = &optic->part[i];
    if (part->fit <= 0 || part->gbps <= 0) continue;
    const int64_t links = part->gbps > port_gbps ? part->gbps / port_gbps : 1;
    const component added = {
        .kind = optic->module_gbps > 0 ? LS_FAILING_PORT : LS_FAILING_ENGINE + i,
        .index = edge_index,
        .links = (int32_t)(links < edge->link_count ? links : edge->link_count),
        .count = (edge->link_count * port_gbps + part->gbps - 1) / part->gbps};
    status = component_add(self, capacity, added, (double)part->fit);
  }
  return status;
}

static ls_status components_fill(network *self)
{
  const ls_record *record = self->record;
  int32_t capacity = 0;
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < record->edge_count; i++) {
    /* The optics of a circuit are those of its legs. */
    if (record->edges[i].kind == LS_BUNDLE_OCS_LEG) continue;
    status = end_add(self, &capacity, i, record->edges[i].optic_a);
    if (status == LS_OK) status = end_add(self, &capacity, i, record->edges[i].optic_b);
  }
  for (int32_t i = 0; status == LS_OK && i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    const component added = {.kind =
                                 node->kind == LS_DEVICE_OCS ? LS_FAILING_OCS : LS_FAILING_CHASSIS,
                             .index = i,
                             .count = 1};
    if (node->kind != LS_DEVICE_RACK)
      status = component_add(self, &capacity, added, (double)node->unit_fit);
  }
  return status;
}

/* ---- The graph ---- */

static void network_destroy(network *self)
{
  free(self->components);
  free(self->up);
  free(self->gpus);
  free(self->below_first);
  free(self->below);
  free(self->is_peer);
}

/* Where a bundle is listed: at its upper end, between likes at both, a circuit at its OCS too. */
static int32_t places_of(const network *self, int32_t index, int32_t place[3])
{
  const ls_record_edge *edge = &self->record->edges[index];
  int32_t count = 0;
  if (edge->kind != LS_BUNDLE_TRUNK && edge->kind != LS_BUNDLE_CIRCUIT) return 0;
  place[count++] = edge->node_b;
  if (self->is_peer[index]) place[count++] = edge->node_a;
  if (edge->kind == LS_BUNDLE_CIRCUIT && edge->via >= 0) place[count++] = edge->via;
  return count;
}

static ls_status below_fill(network *self)
{
  const ls_record *record = self->record;
  int32_t place[3], total = 0;
  self->below_first = calloc((size_t)record->node_count + 2, sizeof *self->below_first);
  self->below = malloc((3 * (size_t)record->edge_count + 1) * sizeof *self->below);
  if (!self->below_first || !self->below) return LS_ERR_MEMORY;
  for (int32_t i = 0; i < record->edge_count; i++)
    for (int32_t j = places_of(self, i, place); j > 0; j--) self->below_first[place[j - 1] + 1]++;
  for (int32_t i = 0; i < record->node_count; i++) {
    const int32_t count = self->below_first[i + 1];
    self->below_first[i + 1] = total;
    total += count;
  }
  for (int32_t i = 0; i < record->edge_count; i++)
    for (int32_t j = places_of(self, i, place); j > 0; j--)
      self->below[self->below_first[place[j - 1] + 1]++] = i;
  return LS_OK;
}

static ls_status network_create(const ls_record *record, network *self)
{
  const size_t nodes = (size_t)record->node_count + 1;
  *self = (network){.record = record, .plane_count = record->site.plane_count};
  self->up = calloc(nodes, sizeof *self->up);
  self->gpus = calloc(nodes, sizeof *self->gpus);
  self->is_peer = calloc((size_t)record->edge_count + 1, sizeof *self->is_peer);
  if (!self->up || !self->gpus || !self->is_peer) return LS_ERR_MEMORY;
  for (int32_t i = 0; i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    if (edge->kind == LS_BUNDLE_ACCESS) self->gpus[edge->node_b] += edge->link_count;
    if (edge->kind != LS_BUNDLE_TRUNK && edge->kind != LS_BUNDLE_CIRCUIT) continue;
    self->is_peer[i] = ls_record_is_peer(record, edge);
    self->up[edge->node_a] += (double)edge->link_count;
    if (self->is_peer[i]) self->up[edge->node_b] += (double)edge->link_count;
  }
  ls_status status = below_fill(self);
  if (status == LS_OK) status = components_fill(self);
  return status;
}

/* ---- A draw ---- */

static void damage_free(damage *self)
{
  free(self->lost);
  free(self->is_dead);
  free(self->is_touched);
  free(self->touched);
  free(self->left);
}

static ls_status damage_init(const network *of, damage *self)
{
  const size_t nodes = (size_t)of->record->node_count + 1;
  *self = (damage){0};
  self->lost = calloc(nodes, sizeof *self->lost);
  self->is_dead = calloc(nodes, sizeof *self->is_dead);
  self->is_touched = calloc(nodes, sizeof *self->is_touched);
  self->touched = malloc(nodes * sizeof *self->touched);
  self->left = malloc(((size_t)of->plane_count + 1) * sizeof *self->left);
  return self->lost && self->is_dead && self->is_touched && self->touched && self->left
             ? LS_OK
             : LS_ERR_MEMORY;
}

static void damage_clear(damage *self)
{
  for (int32_t i = 0; i < self->touched_count; i++) {
    const int32_t node = self->touched[i];
    self->lost[node] = 0;
    self->is_dead[node] = self->is_touched[node] = false;
  }
  self->touched_count = 0;
  self->gpu_count = 0;
}

static void node_touch(damage *self, int32_t node, double links)
{
  if (!self->is_touched[node]) self->touched[self->touched_count++] = node;
  self->is_touched[node] = true;
  self->lost[node] += links;
}

/* Links of a bundle go down, as so many of them as seen from below. */
static void links_fail(const network *of, damage *self, int32_t index, double links)
{
  const ls_record_edge *edge = &of->record->edges[index];
  if (edge->kind == LS_BUNDLE_ACCESS) {
    self->gpu_count += (int64_t)links;
    return;
  }
  node_touch(self, edge->node_a, links);
  if (of->is_peer[index]) node_touch(self, edge->node_b, links);
}

/* A chassis or an OCS with all that is listed at it. */
static void device_fail(const network *of, damage *self, int32_t node)
{
  if (self->is_dead[node]) return;
  node_touch(self, node, 0);
  self->is_dead[node] = true;
  self->gpu_count += of->gpus[node];
  for (int32_t i = of->below_first[node]; i < of->below_first[node + 1]; i++)
    links_fail(of, self, of->below[i], (double)of->record->edges[of->below[i]].link_count);
}

/* What is left of what a node has upwards. */
static double left_of(const network *of, const damage *self, int32_t node)
{
  if (of->up[node] <= 0) return 1;
  const double left = 1 - self->lost[node] / of->up[node];
  return left > 0 ? left : 0;
}

/* What devices of a kind lost upwards is lost to those below them. */
static void kind_pass(const network *of, damage *self, int32_t kind)
{
  const int32_t count = self->touched_count;
  for (int32_t i = 0; i < count; i++) {
    const int32_t node = self->touched[i];
    if (of->record->nodes[node].kind != kind || self->is_dead[node]) continue;
    const double gone = 1 - left_of(of, self, node);
    for (int32_t j = of->below_first[node]; gone > 0 && j < of->below_first[node + 1]; j++) {
      const ls_record_edge *edge = &of->record->edges[of->below[j]];
      if (!of->is_peer[of->below[j]])
        node_touch(self, edge->node_a, gone * (double)edge->link_count);
    }
  }
}

/* The share that is left of the whole. */
static double damage_measure(const network *of, damage *self)
{
  for (int32_t kind = LS_DEVICE_CORE; kind > LS_DEVICE_LEAF; kind--) kind_pass(of, self, kind);
  for (int64_t plane = 0; plane < of->plane_count; plane++) self->left[plane] = 1;
  for (int32_t i = 0; i < self->touched_count; i++) {
    const ls_record_node *node = &of->record->nodes[self->touched[i]];
    if (node->kind != LS_DEVICE_LEAF || self->is_dead[self->touched[i]]) continue;
    const double left = left_of(of, self, self->touched[i]);
    if (left < self->left[node->plane]) self->left[node->plane] = left;
  }
  double sum = 0;
  for (int64_t plane = 0; plane < of->plane_count; plane++) sum += self->left[plane];
  return sum / (double)of->plane_count;
}

static void component_fail(const network *of, damage *self, const component *failed)
{
  if (failed->kind >= LS_FAILING_CHASSIS)
    device_fail(of, self, failed->index);
  else
    links_fail(of, self, failed->index, failed->links);
}

static const component *component_draw(const network *of, uint64_t seed, uint64_t stream,
                                       uint64_t step)
{
  const ls_philox_words words = ls_philox(seed, stream, step);
  const double whole = of->components[of->component_count - 1].fit_sum;
  const double at = ((double)words.v[0] * 0x1p-32 + (double)words.v[1] * 0x1p-64) * whole;
  int32_t low = 0, high = of->component_count - 1;
  while (low < high) {
    const int32_t middle = (low + high) / 2;
    if (of->components[middle].fit_sum > at)
      high = middle;
    else
      low = middle + 1;
  }
  return &of->components[low];
}

/* ---- All draws of a row ---- */

enum { BATCH = 256, THREAD_MAX = 64 };

typedef struct crew {
  const network *of;
  const ls_resilience_options *options;
  int32_t failures;
  double *left;  /* [draws] */
  int64_t *gpus; /* [draws] */
  atomic_int next, status;
} crew;

static void *crew_work(void *argument)
{
  crew *self = argument;
  damage made;
  ls_status status = damage_init(self->of, &made);
  while (status == LS_OK) {
    const int32_t first = atomic_fetch_add(&self->next, BATCH);
    if (first >= self->options->draw_count) break;
    for (int32_t i = first; i < first + BATCH && i < self->options->draw_count; i++) {
      damage_clear(&made);
      for (int32_t j = 0; j < self->failures; j++)
        component_fail(self->of, &made,
                       component_draw(self->of, self->options->seed, (uint64_t)i,
                                      (uint64_t)self->failures << 32 | (uint64_t)j));
      self->left[i] = damage_measure(self->of, &made);
      self->gpus[i] = made.gpu_count;
    }
  }
  if (status != LS_OK) atomic_store(&self->status, (int)status);
  damage_free(&made);
  return NULL;
}

static int compare(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Sums in the order of draws, then quantiles. */
static void row_fill(crew *self, ls_resilience_row *row)
{
  const int32_t count = self->options->draw_count;
  *row = (ls_resilience_row){.failures = self->failures};
  for (int32_t i = 0; i < count; i++) {
    row->mean += self->left[i] / count;
    row->gpu_mean += (double)self->gpus[i] / count;
  }
  qsort(self->left, (size_t)count, sizeof *self->left, compare);
  row->median = self->left[count / 2];
  row->worst_percent = self->left[count / 100];
  row->worst_permille = self->left[count / 1000];
  row->least = self->left[0];
}

static ls_status row_draw(crew *self, ls_resilience_row *row)
{
  pthread_t threads[THREAD_MAX];
  int32_t started = 0;
  atomic_store(&self->next, 0);
  while (started + 1 < self->options->thread_count && started < THREAD_MAX &&
         !pthread_create(&threads[started], NULL, crew_work, self))
    started++;
  crew_work(self);
  for (int32_t i = 0; i < started; i++) pthread_join(threads[i], NULL);
  const ls_status status = (ls_status)atomic_load(&self->status);
  if (status == LS_OK) row_fill(self, row);
  return status;
}

/* ---- The worst single failure ---- */

static ls_status singles_find(const network *of, ls_resilience *found)
{
  damage made;
  const ls_status status = damage_init(of, &made);
  for (int32_t i = 0; status == LS_OK && i < of->component_count; i++) {
    const component *failed = &of->components[i];
    const bool is_device = failed->kind >= LS_FAILING_CHASSIS;
    ls_resilience_single *single = &found->singles[failed->kind];
    damage_clear(&made);
    component_fail(of, &made, failed);
    const double left = damage_measure(of, &made);
    const bool is_worse =
        left < single->least || (left == single->least && made.gpu_count > single->gpu_count);
    if (!single->count || is_worse) {
      single->least = left;
      single->gpu_count = made.gpu_count;
      snprintf(single->where, sizeof single->where, "%s",
               is_device ? of->record->nodes[failed->index].id
                         : of->record->edges[failed->index].id);
    }
    single->count += failed->count;
    single->fit += failed->fit_sum - (i ? of->components[i - 1].fit_sum : 0);
  }
  damage_free(&made);
  return status;
}

static ls_status network_measure(const network *of, const ls_resilience_options *options,
                                 ls_resilience *found)
{
  crew self = {.of = of, .options = options};
  ls_status status = singles_find(of, found);
  self.left = malloc((size_t)options->draw_count * sizeof *self.left);
  self.gpus = malloc((size_t)options->draw_count * sizeof *self.gpus);
  if (!self.left || !self.gpus) status = LS_ERR_MEMORY;
  for (int32_t i = 0; status == LS_OK && i < options->row_count; i++) {
    self.failures = options->failures[i];
    status = row_draw(&self, &found->rows[i]);
  }
  free(self.gpus);
  free(self.left);
  return status;
}

ls_status ls_resilience_measure(const char *path, const ls_resilience_options *options,
                                ls_resilience *found, ls_error *error)
{
  network made = {0};
  *found = (ls_resilience){0};
  ls_record *record = calloc(1, sizeof *record);
  if (!record) return ls_error_set(error, LS_ERR_MEMORY, path, 0, NULL, "no memory to read it");
  ls_status status = ls_record_read(path, LS_RECORD_FLAT, record, error);
  if (status == LS_OK) status = ls_record_check_links(record, path, error);
  if (status != LS_OK) goto cleanup;
  status = network_create(record, &made);
  if (status == LS_OK && !made.component_count)
    status = ls_error_set(error, LS_ERR_NO, path, 0, NULL, "has no part that can fail");
  if (status == LS_OK) status = network_measure(&made, options, found);
  if (status == LS_ERR_MEMORY)
    ls_error_set(error, status, path, 0, NULL, "no memory for its failures");
cleanup:
  network_destroy(&made);
  ls_record_destroy(record);
  free(record);
  return status;
}
