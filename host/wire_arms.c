#include "wire_arms.h"

#include <math.h>
#include <stdlib.h>

#include "wire.h"

enum { TWIST_MAX = 16, TWISTS_OF_ONE_ORDER = 4, BASE_LIKELY = 8 };

/* ---- Groups ---- */

static int32_t gcd(int32_t a, int32_t b) { return b ? gcd(b, a % b) : a; }

/* Whether r generates a group of order k modulo m, and no lesser number generates the same. */
static bool is_twist(int32_t m, int32_t k, int32_t r)
{
  int64_t power = r;
  for (int32_t j = 1; j < k; j++, power = power * r % m)
    if (power == 1 || (power < r && gcd(j, k) == 1)) return false;
  return power == 1;
}

/* How far a base graph is from the likeliest size, in halvings. */
static double unlikeliness(const ls_wire_arm *arm)
{
  return fabs(log2((double)arm->base_count / BASE_LIKELY));
}

/* Keeps the likeliest, in their order. */
static void arm_add(ls_wire_arms *arms, const ls_group *group)
{
  const ls_wire_arm arm = {.group = *group, .base_count = arms->nodes / ls_group_order(group)};
  int32_t at = arms->count;
  while (at && unlikeliness(&arm) < unlikeliness(&arms->arms[at - 1])) at--;
  if (at == LS_WIRE_ARMS_MAX) return;
  if (arms->count < LS_WIRE_ARMS_MAX) arms->count++;
  for (int32_t i = arms->count - 1; i > at; i--) arms->arms[i] = arms->arms[i - 1];
  arms->arms[at] = arm;
}

static void order_add(ls_wire_arms *arms, int32_t order)
{
  for (int32_t k = 1; k <= TWIST_MAX && k < order; k++) {
    if (order % k) continue;
    const int32_t m = order / k;
    int32_t count = 0;
    /* Circulant graphs are the worst of all. */
    if (k == 1 && order < arms->nodes) arm_add(arms, &(ls_group){m, 1, 1});
    /* Without a twist the product is no cyclic group only where m and k share a divisor. */
    if (k > 1 && gcd(m, k) > 1) arm_add(arms, &(ls_group){m, k, 1});
    for (int32_t r = 2; k > 1 && r < m && count < TWISTS_OF_ONE_ORDER; r++) {
      if (gcd(r, m) > 1 || !is_twist(m, k, r)) continue;
      count++;
      arm_add(arms, &(ls_group){m, k, r});
    }
  }
}

void ls_wire_arms_find(int32_t nodes, int32_t degree, int32_t symmetry, ls_wire_arms *arms)
{
  *arms = (ls_wire_arms){.nodes = nodes};
  for (int32_t order = 2; order <= nodes; order++) {
    if (nodes % order || (symmetry && order != symmetry)) continue;
    const int64_t darts = (int64_t)(nodes / order) * degree;
    /* An odd number of darts needs one that is its own opposite. */
    if (darts % 2 == 0 || order % 2 == 0) order_add(arms, order);
  }
}

/* ---- The bandit ---- */

int32_t ls_wire_arms_choose(ls_wire_arms *arms)
{
  double lowest = INFINITY, sum = 0, least = INFINITY;
  int32_t plays = 0, chosen = 0, played = 0;
  for (int32_t i = 0; i < arms->count; i++) {
    const ls_wire_arm *arm = &arms->arms[i];
    plays += arm->play_count;
    if (!arm->play_count) {
      arms->arms[i].play_count = 1;
      arms->arms[i].best = INFINITY;
      return i;
    }
    if (arm->best == INFINITY) continue;
    played++;
    sum += arm->best;
    lowest = fmin(lowest, arm->best);
  }
  const double spread = played ? sum / played - lowest : 0;
  for (int32_t i = 0; i < arms->count; i++) {
    const ls_wire_arm *arm = &arms->arms[i];
    const double score =
        arm->best - spread * 0.5 * sqrt(2 * log((double)plays) / (double)arm->play_count);
    if (score >= least) continue;
    least = score;
    chosen = i;
  }
  arms->arms[chosen].play_count++;
  return chosen;
}

double ls_wire_cost(const ls_group *group, int32_t base_count, int32_t degree)
{
  const int64_t order = ls_group_order(group), layers = (int64_t)base_count * group->k;
  const int64_t chunks = (base_count + LS_APSP_CHUNK - 1) / LS_APSP_CHUNK;
  const int64_t sources = base_count < LS_APSP_CHUNK ? base_count : LS_APSP_CHUNK;
  const int64_t bytes = (sources + 7) / 8 * group->m, vectors = (bytes + 31) / 32;
  const int32_t levels = ls_moore_bound(base_count * order, degree).diameter;
  const double reads = (double)layers * (double)vectors * degree * levels;
  return 250 + 0.35 * reads * (double)chunks;
}
