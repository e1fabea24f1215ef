/* The exact Pareto front as a tree of boxes, 64 columns a node: a leaf's columns are members, those
 * of an inner node its children with the minima and maxima of their members' compared metrics. A
 * child whose minima are not all at most a score holds no dominator of it, one whose maxima are
 * not all at least the score nothing that it dominates; one scan answers for all 64.
 *
 * It grows as a B-tree does, full nodes being split on the way down, so it is always balanced: an
 * R-tree (Guttman 1984) of points. A member goes to the child whose middle is nearest, as in an
 * ND-tree (Jaszkiewicz and Lust 2018), and a node splits at the median of its widest metric. */
#include "front.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "front_scan.h"
#include "isa.h"

enum { FAN = LS_SCAN_COLUMNS };

typedef struct node {
  int32_t count;                    /* of columns */
  ls_scan_row low[LS_METRIC_COUNT]; /* [metric_count]: the scores in a leaf, else minima */
  union {
    ls_front_member member[FAN];
    struct {
      ls_scan_row high[LS_METRIC_COUNT]; /* [metric_count]: maxima */
      struct node *child[FAN];
    };
    struct node *next_spare;
  };
} node;

/* The compared metrics of a score. */
typedef struct point {
  int64_t value[LS_METRIC_COUNT]; /* [metric_count] */
} point;

struct ls_front {
  int32_t metric_count, metric[LS_METRIC_COUNT]; /* those compared */
  ls_scan_function scan_below, scan_above;
  int32_t count, level; /* level: of the root; leaves have 0 */
  node *root, *spare;
  int32_t spare_count;
  point low, high;               /* of all that was ever inserted ... */
  double scale[LS_METRIC_COUNT]; /* ... and 1 / (high - low): makes metrics comparable */
};

/* ---- Nodes ---- */

static void spare_push(ls_front *front, node *free_node)
{
  free_node->count = 0;
  free_node->next_spare = front->spare;
  front->spare = free_node;
  front->spare_count++;
}

static node *spare_pop(ls_front *front)
{
  node *popped = front->spare;
  front->spare = popped->next_spare;
  front->spare_count--;
  return popped;
}

/* Provides for an insertion: a split at each level and a new root. LS_ERR_MEMORY. */
static ls_status spare_reserve(ls_front *front)
{
  while (front->spare_count < front->level + 2) {
    node *created = malloc(sizeof *created);
    if (!created) return LS_ERR_MEMORY;
    spare_push(front, created);
  }
  return LS_OK;
}

static void node_destroy(node *of, int32_t level)
{
  for (int32_t i = 0; level > 0 && i < of->count; i++) node_destroy(of->child[i], level - 1);
  free(of);
}

static void column_copy(const ls_front *front, node *to, int32_t to_column, const node *from,
                        int32_t column, int32_t level)
{
  for (int32_t m = 0; m < front->metric_count; m++) {
    to->low[m][to_column] = from->low[m][column];
    if (level > 0) to->high[m][to_column] = from->high[m][column];
  }
  if (level > 0)
    to->child[to_column] = from->child[column];
  else
    to->member[to_column] = from->member[column];
}

/* The last column takes the place of the one removed. */
static void column_remove(const ls_front *front, node *of, int32_t column, int32_t level)
{
  of->count--;
  if (column != of->count) column_copy(front, of, column, of, of->count, level);
}

/* Sets the box of a child, which is not empty; level is the child's. */
static void column_bound(const ls_front *front, node *parent, int32_t column, int32_t level)
{
  const node *child = parent->child[column];
  for (int32_t m = 0; m < front->metric_count; m++) {
    const int64_t *lows = child->low[m], *highs = level > 0 ? child->high[m] : lows;
    int64_t low = lows[0], high = highs[0];
    for (int32_t i = 1; i < child->count; i++) {
      if (lows[i] < low) low = lows[i];
      if (highs[i] > high) high = highs[i];
    }
    parent->low[m][column] = low;
    parent->high[m][column] = high;
  }
}

/* ---- The front ---- */

ls_status ls_front_create(const int64_t objective_mask[LS_METRIC_COUNT], ls_front **front)
{
  static const ls_scan_function below[] = LS_ISA_TABLE(ls_scan_below);
  static const ls_scan_function above[] = LS_ISA_TABLE(ls_scan_above);
  const ls_isa isa = ls_isa_choose();
  ls_front *created = calloc(1, sizeof *created);
  if (!created) return LS_ERR_MEMORY;
  created->scan_below = below[isa];
  created->scan_above = above[isa];
  for (int32_t m = 0; m < LS_METRIC_COUNT; m++)
    if (objective_mask[m]) created->metric[created->metric_count++] = m;
  if (spare_reserve(created) != LS_OK) {
    ls_front_destroy(created);
    return LS_ERR_MEMORY;
  }
  created->root = spare_pop(created);
  *front = created;
  return LS_OK;
}

void ls_front_destroy(ls_front *front)
{
  if (!front) return;
  if (front->root) node_destroy(front->root, front->level);
  while (front->spare) free(spare_pop(front));
  free(front);
}

int32_t ls_front_count(const ls_front *front) { return front->count; }

static point point_of(const ls_front *front, const ls_score *score)
{
  point of = {{0}};
  for (int32_t m = 0; m < front->metric_count; m++) of.value[m] = score->metric[front->metric[m]];
  return of;
}

/* ---- Dominance ---- */

static bool column_equals(const ls_front *front, const node *leaf, int32_t column, const point *at)
{
  for (int32_t m = 0; m < front->metric_count; m++)
    if (leaf->low[m][column] != at->value[m]) return false;
  return true;
}

static const ls_front_member *node_dominator(const ls_front *front, const node *of, int32_t level,
                                             const point *at, uint64_t rank)
{
  uint64_t hits = front->scan_below(of->low, at->value, front->metric_count, of->count);
  for (; hits; hits &= hits - 1) {
    const int32_t column = __builtin_ctzll(hits);
    if (level == 0) {
      const ls_front_member *member = &of->member[column];
      if (member->rank <= rank || !column_equals(front, of, column, at)) return member;
      continue;
    }
    const ls_front_member *found = node_dominator(front, of->child[column], level - 1, at, rank);
    if (found) return found;
  }
  return NULL;
}

const ls_front_member *ls_front_dominator(const ls_front *front, const ls_score *score,
                                          uint64_t rank)
{
  const point at = point_of(front, score);
  return node_dominator(front, front->root, front->level, &at, rank);
}

static int32_t last_bit(uint64_t bits) { return 63 - __builtin_clzll(bits); }

/* Drops what is at least *at in every metric, given that nothing dominates *at: it is dominated, or
 * equal and higher in rank. Columns go from the last to the first, for the last fills the gap. */
static void node_drop(ls_front *front, node *of, int32_t level, const point *at)
{
  uint64_t hits = front->scan_above(level > 0 ? (const ls_scan_row *)of->high : of->low, at->value,
                                    front->metric_count, of->count);
  for (; hits; hits &= ~((uint64_t)1 << last_bit(hits))) {
    const int32_t column = last_bit(hits);
    if (level == 0) {
      column_remove(front, of, column, 0);
      front->count--;
      continue;
    }
    node *child = of->child[column];
    const int32_t count_before = front->count;
    node_drop(front, child, level - 1, at);
    if (front->count == count_before) continue;
    if (child->count) {
      column_bound(front, of, column, level - 1);
    } else {
      spare_push(front, child);
      column_remove(front, of, column, level);
    }
  }
}

/* ---- Growth ---- */

/* Twice the middle of a column, in one metric. */
static int64_t column_middle(const node *of, int32_t column, int32_t m, int32_t level)
{
  return of->low[m][column] + (level > 0 ? of->high[m][column] : of->low[m][column]);
}

/* The square of the distance from a point to the middle of a column. */
static double column_distance(const ls_front *front, const node *of, int32_t column,
                              const point *at)
{
  double sum = 0;
  for (int32_t m = 0; m < front->metric_count; m++) {
    const int64_t twice = 2 * at->value[m] - (of->low[m][column] + of->high[m][column]);
    const double distance = front->scale[m] * (double)twice;
    sum += distance * distance;
  }
  return sum;
}

static int32_t child_nearest(const ls_front *front, const node *of, const point *at)
{
  int32_t nearest = 0;
  double least = column_distance(front, of, 0, at);
  for (int32_t i = 1; i < of->count; i++) {
    const double distance = column_distance(front, of, i, at);
    if (distance >= least) continue;
    least = distance;
    nearest = i;
  }
  return nearest;
}

/* The metric in which the middles of a node's columns lie the farthest apart. */
static int32_t metric_widest(const ls_front *front, const node *of, int32_t level)
{
  int32_t widest = 0;
  double most = -1;
  for (int32_t m = 0; m < front->metric_count; m++) {
    int64_t low = INT64_MAX, high = INT64_MIN;
    for (int32_t i = 0; i < of->count; i++) {
      const int64_t middle = column_middle(of, i, m, level);
      if (middle < low) low = middle;
      if (middle > high) high = middle;
    }
    const double width = front->scale[m] * (double)(high - low);
    if (width <= most) continue;
    most = width;
    widest = m;
  }
  return widest;
}

/* The columns of the upper half in one metric, as bits. */
static uint64_t upper_half(const node *of, int32_t m, int32_t level)
{
  int64_t middle[FAN];
  int32_t order[FAN];
  for (int32_t i = 0; i < of->count; i++) {
    const int64_t value = column_middle(of, i, m, level);
    int32_t place = i;
    for (; place > 0 && middle[place - 1] > value; place--) {
      middle[place] = middle[place - 1];
      order[place] = order[place - 1];
    }
    middle[place] = value;
    order[place] = i;
  }
  uint64_t bits = 0;
  for (int32_t i = of->count / 2; i < of->count; i++) bits |= (uint64_t)1 << order[i];
  return bits;
}

/* Splits a full child of a parent that is not full; level is the child's. */
static void child_split(ls_front *front, node *parent, int32_t column, int32_t level)
{
  node *child = parent->child[column], *sibling = spare_pop(front);
  uint64_t moved = upper_half(child, metric_widest(front, child, level), level);
  sibling->count = 0;
  for (; moved; moved &= ~((uint64_t)1 << last_bit(moved))) {
    column_copy(front, sibling, sibling->count++, child, last_bit(moved), level);
    column_remove(front, child, last_bit(moved), level);
  }
  parent->child[parent->count++] = sibling;
  column_bound(front, parent, column, level);
  column_bound(front, parent, parent->count - 1, level);
}

static void root_split(ls_front *front)
{
  node *root = spare_pop(front);
  root->count = 1;
  root->child[0] = front->root;
  front->root = root;
  child_split(front, root, 0, front->level++);
}

static void extent_widen(ls_front *front, const point *at)
{
  for (int32_t m = 0; m < front->metric_count; m++) {
    const bool is_first = front->scale[m] == 0;
    const int64_t value = at->value[m];
    if (!is_first && value >= front->low.value[m] && value <= front->high.value[m]) continue;
    if (is_first || value < front->low.value[m]) front->low.value[m] = value;
    if (is_first || value > front->high.value[m]) front->high.value[m] = value;
    front->scale[m] = 1 / (1 + (double)front->high.value[m] - (double)front->low.value[m]);
  }
}

/* Adds a member. Spares suffice. */
static void member_place(ls_front *front, const ls_front_member *member, const point *at)
{
  extent_widen(front, at);
  if (front->root->count == FAN) root_split(front);
  node *of = front->root;
  for (int32_t level = front->level; level > 0; level--) {
    int32_t column = child_nearest(front, of, at);
    if (of->child[column]->count == FAN) {
      child_split(front, of, column, level - 1);
      const int32_t sibling = of->count - 1;
      if (column_distance(front, of, sibling, at) < column_distance(front, of, column, at))
        column = sibling;
    }
    for (int32_t m = 0; m < front->metric_count; m++) {
      if (at->value[m] < of->low[m][column]) of->low[m][column] = at->value[m];
      if (at->value[m] > of->high[m][column]) of->high[m][column] = at->value[m];
    }
    of = of->child[column];
  }
  for (int32_t m = 0; m < front->metric_count; m++) of->low[m][of->count] = at->value[m];
  of->member[of->count++] = *member;
  front->count++;
}

/* A root without children becomes a leaf, one with a single child gives way to it. */
static void root_shrink(ls_front *front)
{
  if (!front->root->count) front->level = 0;
  while (front->level > 0 && front->root->count == 1) {
    node *child = front->root->child[0];
    spare_push(front, front->root);
    front->root = child;
    front->level--;
  }
}

ls_status ls_front_insert(ls_front *front, const ls_front_member *member,
                          const ls_front_member **dominator)
{
  const point at = point_of(front, &member->score);
  const ls_front_member *found =
      node_dominator(front, front->root, front->level, &at, member->rank);
  if (!found) {
    const ls_status status = spare_reserve(front);
    if (status != LS_OK) return status;
    node_drop(front, front->root, front->level, &at);
    root_shrink(front);
    member_place(front, member, &at);
  }
  if (dominator) *dominator = found;
  return LS_OK;
}

static ls_status node_insert(ls_front *front, const node *of, int32_t level)
{
  ls_status status = LS_OK;
  for (int32_t i = 0; status == LS_OK && i < of->count; i++)
    status = level > 0 ? node_insert(front, of->child[i], level - 1)
                       : ls_front_insert(front, &of->member[i], NULL);
  return status;
}

ls_status ls_front_merge(ls_front *front, const ls_front *other)
{
  return node_insert(front, other->root, other->level);
}

static int32_t node_read(const node *of, int32_t level, ls_front_member *members)
{
  if (level == 0) {
    memcpy(members, of->member, (size_t)of->count * sizeof *members);
    return of->count;
  }
  int32_t count = 0;
  for (int32_t i = 0; i < of->count; i++)
    count += node_read(of->child[i], level - 1, members + count);
  return count;
}

static int member_compare(const void *a, const void *b)
{
  const uint64_t rank_a = ((const ls_front_member *)a)->rank;
  const uint64_t rank_b = ((const ls_front_member *)b)->rank;
  return (rank_a > rank_b) - (rank_a < rank_b);
}

void ls_front_read(const ls_front *front, ls_front_member *members)
{
  const int32_t count = node_read(front->root, front->level, members);
  assert(count == front->count);
  qsort(members, (size_t)count, sizeof *members, member_compare);
}
