/* What topologies deliver under a demand: Clos by the uplinks of its blocks, a uniform mesh between
 * a routing that is known and a bound on hops. */
#include <stdlib.h>

#include "../kernels/compat.h"
#include "demand.h"
#include "wide.h"

/* One GPU's NIC (of a plane) at its full rate, in the scaled demands below. */
#define NIC_UNITS ((int64_t)1000000000)

/* Sums over a block's row or column, and what of it crosses the block's border. */
typedef struct border {
  int64_t out, in, cross; /* cross: the larger of the two directions */
} border;

static border border_of(const ls_demand *demand, int32_t block)
{
  border sum = {0};
  const int32_t count = demand->block_count;
  for (int32_t other = 0; other < count; other++) {
    sum.out += demand->weight[(int64_t)block * count + other];
    sum.in += demand->weight[(int64_t)other * count + block];
  }
  sum.cross = ls_max(sum.out, sum.in) - demand->weight[(int64_t)block * (count + 1)];
  return sum;
}

/* The busiest block: its larger sum and its GPUs; its NICs run at their full rate. */
typedef struct scale {
  int64_t weight, gpu_count;
} scale;

static scale scale_of(const ls_demand *demand)
{
  scale most = {0, 1};
  for (int32_t block = 0; block < demand->block_count; block++) {
    const border sum = border_of(demand, block);
    const int64_t weight = ls_max(sum.out, sum.in), gpus = demand->gpu_count[block];
    if (gpus > 0 && (ls_wide)weight * most.gpu_count > (ls_wide)most.weight * gpus)
      most = (scale){weight, gpus};
  }
  return most;
}

int32_t ls_demand_cut_share_ppm(const ls_demand *demand)
{
  ls_wide all = 0, inside = 0;
  for (int32_t block = 0; block < demand->block_count; block++) {
    all += border_of(demand, block).out;
    inside += demand->weight[(int64_t)block * (demand->block_count + 1)];
  }
  return all ? (int32_t)((all - inside) * 1000000 / all) : 0;
}

int32_t ls_demand_clos_theta_ppm(const ls_demand *demand, int32_t uplink_count)
{
  const scale full = scale_of(demand);
  ls_wide theta = 1000000;
  for (int32_t block = 0; block < demand->block_count; block++) {
    const int64_t cross = border_of(demand, block).cross;
    if (!cross) continue;
    /* uplinks / (cross in NICs), where full.weight is full.gpu_count NICs. */
    const ls_wide share = (ls_wide)1000000 * uplink_count * full.weight / full.gpu_count / cross;
    if (share < theta) theta = share;
  }
  return (int32_t)theta;
}

/* ---- The uniform mesh ---- */

/* A demand between different blocks in NIC_UNITS, and room for what is not sent directly. */
typedef struct mesh {
  int64_t count;
  int64_t *demand;             /* [count][count], diagonal 0 */
  int64_t *rest_out, *rest_in; /* [count] */
} mesh;

static int64_t scaled(int64_t demand, int32_t theta_ppm)
{
  return (int64_t)ls_wide_divide((ls_wide)demand * theta_ppm, 1000000);
}

/* What a pair sends over its own trunk: `direct`, and never less than two parts of count, which
 * make no link carry more than (out + in) / count, whatever the demand. */
static int64_t own_share(int64_t whole, int64_t direct, int64_t count)
{
  return ls_min(whole, ls_max(direct, 2 * whole / count));
}

/* Sends the rest of each pair evenly by way of all other blocks. */
static bool is_routable(const mesh *self, int64_t trunk, int64_t direct, int32_t theta_ppm)
{
  const int64_t count = self->count, others = ls_max(count - 2, 1);
  for (int64_t i = 0; i < count; i++) self->rest_out[i] = self->rest_in[i] = 0;
  for (int64_t i = 0; i < count; i++)
    for (int64_t j = 0; j < count; j++) {
      const int64_t whole = scaled(self->demand[i * count + j], theta_ppm);
      const int64_t rest = whole - own_share(whole, direct, count);
      self->rest_out[i] += rest;
      self->rest_in[j] += rest;
    }
  for (int64_t i = 0; i < count; i++)
    for (int64_t j = 0; j < count; j++) {
      if (i == j) continue;
      const int64_t whole = scaled(self->demand[i * count + j], theta_ppm);
      const int64_t own = own_share(whole, direct, count);
      const int64_t passing = self->rest_out[i] + self->rest_in[j] - 2 * (whole - own);
      if ((own - trunk) * others + passing > 0) return false;
    }
  return true;
}

/* Whether all hops fit: one over the trunk of a pair, two beyond it. trunk and total are upper
 * bounds of what a pair and a block have. */
static bool is_possible(const mesh *self, int64_t trunk, int64_t total, int32_t theta_ppm)
{
  const int64_t count = self->count;
  ls_wide hops = 0;
  for (int64_t i = 0; i < count; i++) {
    int64_t out = 0, in = 0;
    for (int64_t j = 0; j < count; j++) {
      const int64_t whole = scaled(self->demand[i * count + j], theta_ppm);
      hops += whole + ls_max(whole - trunk, 0);
      out += whole;
      in += scaled(self->demand[j * count + i], theta_ppm);
    }
    if (ls_max(out, in) > total + count) return false; /* count: rounding of each pair */
  }
  return hops <= (ls_wide)total * count + 2 * count * count;
}

/* The largest theta that is routable with some share of the trunks for direct traffic, sixteenths
 * of them tried. */
static int32_t routable_ppm(const mesh *self, int64_t trunk)
{
  int32_t best = 0;
  for (int64_t sixteenth = 16; sixteenth >= 0; sixteenth--) {
    const int64_t direct = trunk * sixteenth / 16;
    int32_t low = best, high = 1000000;
    if (!is_routable(self, trunk, direct, low)) continue;
    while (low < high) {
      const int32_t middle = low + (high - low + 1) / 2;
      if (is_routable(self, trunk, direct, middle))
        low = middle;
      else
        high = middle - 1;
    }
    best = low;
  }
  return best;
}

static int32_t possible_ppm(const mesh *self, int64_t trunk, int64_t total)
{
  int32_t low = 0, high = 1000000;
  while (low < high) {
    const int32_t middle = low + (high - low + 1) / 2;
    if (is_possible(self, trunk, total, middle))
      low = middle;
    else
      high = middle - 1;
  }
  return low;
}

void ls_demand_scale(const ls_demand *demand, int64_t *weight)
{
  const scale full = scale_of(demand);
  const int64_t count = demand->block_count;
  for (int64_t i = 0; i < count; i++)
    for (int64_t j = 0; j < count; j++) {
      const ls_wide units = (ls_wide)demand->weight[i * count + j] * NIC_UNITS;
      weight[i * count + j] =
          i == j || !full.weight ? 0 : (int64_t)(units * full.gpu_count / full.weight);
    }
}

ls_status ls_demand_mesh_theta(const ls_demand *demand, int32_t uplink_count, ls_theta_range *theta)
{
  const int64_t count = demand->block_count;
  mesh self = {.count = count};
  if (count < 2) {
    *theta = (ls_theta_range){1000000, 1000000};
    return LS_OK;
  }
  ls_status status = LS_ERR_MEMORY;
  self.demand = malloc((size_t)count * (size_t)count * sizeof *self.demand);
  self.rest_out = malloc((size_t)count * sizeof *self.rest_out);
  self.rest_in = malloc((size_t)count * sizeof *self.rest_in);
  if (self.demand && self.rest_out && self.rest_in) {
    ls_demand_scale(demand, self.demand);
    theta->low_ppm = routable_ppm(&self, uplink_count / (count - 1) * NIC_UNITS);
    theta->high_ppm = possible_ppm(&self, ls_ceil_div(uplink_count, count - 1) * NIC_UNITS,
                                   uplink_count * NIC_UNITS);
    status = LS_OK;
  }
  free(self.rest_in);
  free(self.rest_out);
  free(self.demand);
  return status;
}

ls_status ls_demand_graph_theta(const ls_demand *demand, const ls_block_graph *graph,
                                ls_theta_range *theta)
{
  const int64_t count = demand->block_count;
  int64_t *weight = malloc((size_t)count * (size_t)count * sizeof *weight);
  ls_block_load load = {.most = 0};
  if (!weight) return LS_ERR_MEMORY;
  ls_demand_scale(demand, weight);
  const ls_status status = ls_block_graph_load(graph, weight, &load);
  free(weight);
  if (status != LS_OK) return status;
  const ls_wide one = (ls_wide)1000000 * NIC_UNITS;
  ls_wide low = one, high = one;
  if (load.most) low = one / load.most;
  if (load.hops) high = one * count * graph->degree / load.hops;
  theta->high_ppm = (int32_t)ls_min(high, ls_demand_clos_theta_ppm(demand, graph->degree));
  theta->low_ppm = (int32_t)ls_min(low, theta->high_ppm);
  return LS_OK;
}
