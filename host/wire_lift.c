#include "wire_lift.h"

#include <stdlib.h>
#include <string.h>

#include "../kernels/philox.h"

ls_status ls_lift_create(const ls_group *group, int32_t base_count, int32_t degree, ls_lift **lift)
{
  const size_t darts = (size_t)base_count * (size_t)degree;
  ls_lift *self = calloc(1, sizeof *self);
  if (!self) return LS_ERR_MEMORY;
  *self = (ls_lift){.group = *group,
                    .base_count = base_count,
                    .degree = degree,
                    .sum = INT64_MAX,
                    .mate = malloc(darts * sizeof *self->mate),
                    .voltage = calloc(darts, sizeof *self->voltage)};
  if (!self->mate || !self->voltage) {
    ls_lift_destroy(self);
    return LS_ERR_MEMORY;
  }
  for (size_t i = 0; i < darts; i++) self->mate[i] = -1;
  *lift = self;
  return LS_OK;
}

void ls_lift_destroy(ls_lift *lift)
{
  if (!lift) return;
  free(lift->voltage);
  free(lift->mate);
  free(lift);
}

void ls_lift_copy(ls_lift *to, const ls_lift *from)
{
  const size_t bytes = (size_t)from->base_count * (size_t)from->degree * sizeof *from->mate;
  to->sum = from->sum;
  memcpy(to->mate, from->mate, bytes);
  memcpy(to->voltage, from->voltage, bytes);
}

/* ---- The group ---- */

static int32_t power_mod(int32_t base, int32_t exponent, int32_t modulus)
{
  int64_t power = 1 % modulus;
  for (int32_t i = 0; i < exponent; i++) power = power * base % modulus;
  return (int32_t)power;
}

int32_t ls_group_inverse(const ls_group *group, int32_t element)
{
  const int32_t a = element % group->m, c = (group->k - element / group->m) % group->k;
  const int64_t turned = (int64_t)a * power_mod(group->r, c, group->m) % group->m;
  return c * group->m + (int32_t)((group->m - turned) % group->m);
}

int32_t ls_group_product(const ls_group *group, int32_t x, int32_t y)
{
  const int32_t c = x / group->m;
  const int64_t turned = (int64_t)(y % group->m) * power_mod(group->r, c, group->m);
  return (c + y / group->m) % group->k * group->m + (int32_t)((x % group->m + turned) % group->m);
}

int32_t ls_group_involutions(const ls_group *group, int32_t *involutions, int32_t count_max)
{
  int32_t count = 0;
  for (int32_t x = 1; x < ls_group_order(group) && count < count_max; x++)
    if (ls_group_inverse(group, x) == x) involutions[count++] = x;
  return count;
}

/* ---- Shapes ---- */

void ls_lift_draw(ls_lift *lift, uint64_t seed, uint64_t stream)
{
  const int32_t darts = lift->base_count * lift->degree, order = ls_group_order(&lift->group);
  int32_t involution = 0;
  ls_group_involutions(&lift->group, &involution, 1);
  /* voltage holds the order of darts until they have theirs. */
  int32_t *sequence = lift->mate;
  for (int32_t i = 0; i < darts; i++) {
    const int32_t j = ls_philox_below(ls_philox(seed, stream, (uint64_t)i).v[0], i + 1);
    sequence[i] = sequence[j];
    sequence[j] = i;
  }
  memcpy(lift->voltage, sequence, (size_t)darts * sizeof *sequence);
  for (int32_t i = 0; i + 1 < darts; i += 2) {
    lift->mate[lift->voltage[i]] = lift->voltage[i + 1];
    lift->mate[lift->voltage[i + 1]] = lift->voltage[i];
  }
  const int32_t last = lift->voltage[darts - 1];
  if (darts % 2) lift->mate[last] = involution ? last : -1;
  for (int32_t i = 0; i < darts; i++) {
    const uint32_t word = ls_philox(seed, stream, (uint64_t)i).v[1];
    const int32_t mate = lift->mate[i];
    if (mate >= i) lift->voltage[i] = mate == i ? involution : ls_philox_below(word, order);
    if (mate > i) lift->voltage[mate] = ls_group_inverse(&lift->group, lift->voltage[i]);
    if (mate < 0) lift->voltage[i] = 0;
  }
}

/* Takes over a dart that leads from (base v, c, a) to (w, c', a'), for one c: base vertices of the
 * lower lift are (v, c), its group is cyclic. */
static void twist_drop(const ls_lift *lift, ls_lift *lower)
{
  const ls_group *group = &lift->group;
  const int32_t k = group->k, d = lift->degree;
  for (int32_t i = 0; i < lift->base_count * d; i++) {
    if (lift->mate[i] < 0) continue;
    const int32_t a = lift->voltage[i] % group->m, c = lift->voltage[i] / group->m;
    for (int32_t layer = 0; layer < k; layer++) {
      const int32_t own = (i / d * k + layer) * d + i % d;
      const int32_t mate = lift->mate[i];
      lower->mate[own] = (mate / d * k + (layer + c) % k) * d + mate % d;
      lower->voltage[own] = (int32_t)((int64_t)a * power_mod(group->r, layer, group->m) % group->m);
    }
  }
}

/* Positions modulo p are base vertices of the lower lift, positions divided by p its elements. */
static void order_divide(const ls_lift *lift, int32_t p, ls_lift *lower)
{
  const int32_t d = lift->degree, m = lower->group.m;
  for (int32_t i = 0; i < lift->base_count * d; i++) {
    if (lift->mate[i] < 0) continue;
    for (int32_t at = 0; at < p; at++) {
      const int32_t own = (i / d * p + at) * d + i % d, to = at + lift->voltage[i];
      const int32_t mate = lift->mate[i];
      lower->mate[own] = (mate / d * p + to % p) * d + mate % d;
      lower->voltage[own] = to / p % m;
    }
  }
}

ls_status ls_lift_lower(const ls_lift *lift, ls_lift **lower)
{
  const ls_group *group = &lift->group;
  int32_t p = group->k;
  ls_group less = {group->m, 1, 1};
  if (ls_group_order(group) == 1) return LS_ERR_NO;
  if (group->k == 1) {
    for (p = 2; group->m % p; p++) continue;
    less.m = group->m / p;
  }
  const ls_status status = ls_lift_create(&less, lift->base_count * p, lift->degree, lower);
  if (status != LS_OK) return status;
  if (group->k > 1)
    twist_drop(lift, *lower);
  else
    order_divide(lift, p, *lower);
  (*lower)->sum = lift->sum == INT64_MAX ? INT64_MAX : lift->sum * p;
  return LS_OK;
}

ls_status ls_lift_expand(const ls_lift *lift, ls_wiring *wiring)
{
  const int32_t order = ls_group_order(&lift->group), d = lift->degree;
  const int32_t darts = lift->base_count * d;
  const ls_status status =
      ls_wiring_create(lift->base_count * order, (int64_t)darts * order, wiring);
  if (status != LS_OK) return status;
  for (int32_t i = 0; i < darts; i++)
    for (int32_t g = 0; g < order && lift->mate[i] >= i; g++)
      ls_wiring_add(wiring, i / d * order + g,
                    lift->mate[i] / d * order +
                        ls_group_product(&lift->group, g, lift->voltage[i]));
  ls_wiring_normalize(wiring);
  return LS_OK;
}

ls_status ls_lift_from(const ls_wiring *wiring, int32_t degree, ls_lift **lift)
{
  const ls_group one = {1, 1, 1};
  int32_t *count = calloc((size_t)wiring->node_count, sizeof *count);
  ls_status status = count ? ls_lift_create(&one, wiring->node_count, degree, lift) : LS_ERR_MEMORY;
  bool fits = true;
  for (int64_t i = 0; status == LS_OK && fits && i < wiring->edge_count; i++) {
    const int32_t a = wiring->edges[i][0], b = wiring->edges[i][1];
    fits = count[a] < degree && count[b] < degree;
    if (!fits) break;
    const int32_t x = a * degree + count[a]++, y = b * degree + count[b]++;
    (*lift)->mate[x] = y;
    (*lift)->mate[y] = x;
  }
  if (!fits) ls_lift_destroy(*lift);
  free(count);
  return status == LS_OK && !fits ? LS_ERR_NO : status;
}
