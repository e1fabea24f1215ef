#include "random_lists.h"

#include <stdlib.h>
#include <string.h>

/* ---- Classes of devices ---- */

void ls_random_choice_price(const ls_places *places, int32_t node, int32_t slot,
                            ls_random_choice *choice)
{
  *choice = (ls_random_choice){.slot = slot};
  for (int32_t i = places->edge_first[node]; i < places->edge_first[node + 1]; i++) {
    const ls_edge *edge = &places->build->topology->edges[places->edge_of[i]];
    if (edge->kind != LS_EDGE_ACCESS) continue;
    const int32_t rack_slot = places->plan->rack_slot[edge->node_a];
    const ls_place_cord *cord = ls_places_cord(places, edge->tier, rack_slot, slot);
    choice->cents += edge->link_count * cord->cents;
    choice->fiber_mm += (int64_t)edge->link_count * cord->fiber_mm;
    choice->longest_mm = (int32_t)ls_max(choice->longest_mm, cord->length_mm);
    choice->is_broken |= cord->is_broken;
  }
}

/* A device with its place in an order that brings together those that are alike. */
typedef struct ordered {
  const ls_places *places;
  int32_t device;
} ordered;

/* The next cord to a GPU rack from position i of a device's list, or NULL. */
static const ls_edge *access_next(const ls_places *places, int32_t node, int32_t *i)
{
  for (; *i < places->edge_first[node + 1]; ++*i) {
    const ls_edge *edge = &places->build->topology->edges[places->edge_of[*i]];
    if (edge->kind == LS_EDGE_ACCESS) return edge;
  }
  return NULL;
}

static int access_compare(const ls_places *places, int32_t node_a, int32_t node_b)
{
  int32_t i = places->edge_first[node_a], j = places->edge_first[node_b];
  for (;; i++, j++) {
    const ls_edge *a = access_next(places, node_a, &i), *b = access_next(places, node_b, &j);
    if (!a || !b) return (a != NULL) - (b != NULL);
    if (a->node_a != b->node_a) return a->node_a < b->node_a ? -1 : 1;
    if (a->link_count != b->link_count) return a->link_count < b->link_count ? -1 : 1;
  }
}

/* Below 0, 0 or above: 0 for devices that may stand in the same slots and pay the same there. */
static int device_compare(const ls_places *places, int32_t x, int32_t y)
{
  const ls_floor_device *a = &places->plan->devices[x], *b = &places->plan->devices[y];
  const int32_t racks = places->build->first[LS_NODE_LEAF];
  const int32_t feeds = (int32_t)ls_max(places->build->spec->floor.feeds.zone_count, 1);
  const ls_node *nodes = places->build->topology->nodes;
  const int32_t keys[2][5] = {
      {nodes[racks + x].kind, a->rack_first, a->rack_last, a->plane % feeds, a->is_liquid_cooled},
      {nodes[racks + y].kind, b->rack_first, b->rack_last, b->plane % feeds, b->is_liquid_cooled}};
  for (int32_t i = 0; i < 5; i++)
    if (keys[0][i] != keys[1][i]) return keys[0][i] < keys[1][i] ? -1 : 1;
  return access_compare(places, racks + x, racks + y);
}

static int ordered_compare(const void *left, const void *right)
{
  const ordered *a = left, *b = right;
  const int order = device_compare(a->places, a->device, b->device);
  return order != 0 ? order : (a->device > b->device) - (a->device < b->device);
}

/* The choices of the class of a device, or with choices NULL how many there are. */
static int64_t choices_list(const ls_places *places, int32_t device, ls_random_choice *choices)
{
  int64_t count = 0;
  for (int32_t s = 0; s < places->slot_count; s++) {
    if (!ls_places_allow(places, device, s) || ls_places_room(places, device, s, 0, 0) == 0)
      continue;
    if (choices)
      ls_random_choice_price(places, places->build->first[LS_NODE_LEAF] + device, s,
                             &choices[count]);
    count++;
  }
  return count;
}

static ls_status choices_fill(ls_random_lists *self, const int32_t *head)
{
  int64_t count = 0;
  for (int32_t c = 0; c < self->class_count; c++) {
    self->choice_first[c] = count;
    count += choices_list(self->places, head[c], NULL);
  }
  self->choice_first[self->class_count] = count;
  self->choices = malloc(((size_t)count + 1) * sizeof *self->choices);
  if (!self->choices) return LS_ERR_MEMORY;
  for (int32_t c = 0; c < self->class_count; c++)
    choices_list(self->places, head[c], self->choices + self->choice_first[c]);
  return LS_OK;
}

static ls_status classes_find(ls_random_lists *self)
{
  const size_t count = (size_t)self->count;
  ordered *order = malloc((count + 1) * sizeof *order);
  int32_t *head = malloc((count + 1) * sizeof *head);
  self->class_of = malloc((count + 1) * sizeof *self->class_of);
  self->choice_first = malloc((count + 1) * sizeof *self->choice_first);
  ls_status status = order && head && self->class_of && self->choice_first ? LS_OK : LS_ERR_MEMORY;
  for (int32_t d = 0; status == LS_OK && d < self->count; d++)
    order[d] = (ordered){self->places, d};
  if (status == LS_OK) qsort(order, count, sizeof *order, ordered_compare);
  for (int32_t i = 0; status == LS_OK && i < self->count; i++) {
    const int32_t device = order[i].device;
    if (i == 0 || device_compare(self->places, order[i - 1].device, device) != 0)
      head[self->class_count++] = device;
    self->class_of[device] = self->class_count - 1;
  }
  if (status == LS_OK) status = choices_fill(self, head);
  free(head);
  free(order);
  return status;
}

const ls_random_choice *ls_random_choice_find(const ls_random_lists *lists, int32_t class_index,
                                              int32_t slot)
{
  int64_t low = lists->choice_first[class_index], high = lists->choice_first[class_index + 1];
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (lists->choices[middle].slot < slot)
      low = middle + 1;
    else
      high = middle;
  }
  const bool is_there =
      low < lists->choice_first[class_index + 1] && lists->choices[low].slot == slot;
  return is_there ? &lists->choices[low] : NULL;
}

/* ---- Bundles ---- */

/* A device above with what leads down from it. */
typedef struct upper {
  const ls_random_lists *lists;
  int32_t node, first, count; /* in lowers and links */
  int32_t tier;
} upper;

static int upper_list_compare(const upper *a, const upper *b)
{
  if (a->tier != b->tier) return a->tier < b->tier ? -1 : 1;
  if (a->count != b->count) return a->count < b->count ? -1 : 1;
  const size_t bytes = (size_t)a->count * sizeof(int32_t);
  const int order = memcmp(a->lists->lowers + a->first, b->lists->lowers + b->first, bytes);
  return order != 0 ? order : memcmp(a->lists->links + a->first, b->lists->links + b->first, bytes);
}

static int upper_compare(const void *left, const void *right)
{
  const upper *a = left, *b = right;
  const int order = upper_list_compare(a, b);
  return order != 0 ? order : (a->node > b->node) - (a->node < b->node);
}

/* Lists the trunks of each device above. Returns how many such devices there are. */
static int32_t uppers_list(ls_random_lists *self, upper *uppers)
{
  const ls_places *places = self->places;
  int32_t count = 0, at = 0;
  for (int32_t node = self->first; node < self->first + self->count; node++) {
    upper one = {.lists = self, .node = node, .first = at};
    for (int32_t i = places->edge_first[node]; i < places->edge_first[node + 1]; i++) {
      const ls_edge *edge = &places->build->topology->edges[places->edge_of[i]];
      if (edge->kind == LS_EDGE_ACCESS || edge->node_b != node) continue;
      self->lowers[at] = edge->node_a;
      self->links[at++] = edge->link_count;
      one.tier = edge->tier;
    }
    one.count = at - one.first;
    if (one.count > 0) uppers[count++] = one;
  }
  return count;
}

static ls_status bundles_find(ls_random_lists *self)
{
  const size_t edges = (size_t)self->places->build->topology->edge_count;
  upper *uppers = malloc(((size_t)self->count + 1) * sizeof *uppers);
  self->uppers = malloc(((size_t)self->count + 1) * sizeof *self->uppers);
  self->bundles = malloc(((size_t)self->count + 1) * sizeof *self->bundles);
  self->lowers = malloc((edges + 1) * sizeof *self->lowers);
  self->links = malloc((edges + 1) * sizeof *self->links);
  const bool is_made = uppers && self->uppers && self->bundles && self->lowers && self->links;
  const int32_t count = is_made ? uppers_list(self, uppers) : 0;
  if (count > 0) qsort(uppers, (size_t)count, sizeof *uppers, upper_compare);
  for (int32_t i = 0; i < count; i++) {
    if (i == 0 || upper_list_compare(&uppers[i - 1], &uppers[i]) != 0)
      self->bundles[self->bundle_count++] = (ls_random_bundle){.tier = uppers[i].tier,
                                                               .upper_first = i,
                                                               .lower_first = uppers[i].first,
                                                               .lower_count = uppers[i].count};
    self->bundles[self->bundle_count - 1].upper_count++;
    self->uppers[i] = uppers[i].node;
    self->lower_count_max = (int32_t)ls_max(self->lower_count_max, uppers[i].count);
  }
  free(uppers);
  return is_made ? LS_OK : LS_ERR_MEMORY;
}

/* ---- All ---- */

/* Devices by rack units, the larger ones first, in their order where they are equal. */
static void sizes_sort(ls_random_lists *self)
{
  const ls_floor_device *devices = self->places->plan->devices;
  int32_t at = 0, most = 0;
  for (int32_t d = 0; d < self->count; d++) most = (int32_t)ls_max(most, devices[d].rack_units);
  for (int32_t units = most; units >= 0; units--)
    for (int32_t d = 0; d < self->count; d++)
      if (devices[d].rack_units == units) self->by_size[at++] = d;
}

ls_status ls_random_lists_create(const ls_places *places, ls_random_lists *lists)
{
  *lists = (ls_random_lists){.places = places,
                             .first = places->build->first[LS_NODE_LEAF],
                             .count = places->plan->device_count};
  lists->by_size = malloc(((size_t)lists->count + 1) * sizeof *lists->by_size);
  if (!lists->by_size) return LS_ERR_MEMORY;
  sizes_sort(lists);
  const ls_status status = classes_find(lists);
  return status == LS_OK ? bundles_find(lists) : status;
}

void ls_random_lists_destroy(ls_random_lists *lists)
{
  free(lists->bundles);
  free(lists->links);
  free(lists->lowers);
  free(lists->uppers);
  free(lists->by_size);
  free(lists->choices);
  free(lists->choice_first);
  free(lists->class_of);
}
