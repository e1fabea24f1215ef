/* Routings that do not look at loads, and distances. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "flow_paths.h"

/* The same network with every arc turned round: what a terminal is sent along shortest paths from
 * it is then what reaches it, split where it leaves each node. */
static ls_status problem_turn(const ls_flow_problem *problem, ls_flow_problem *turned)
{
  ls_flow_arc *arcs = malloc(((size_t)problem->arc_count + 1) * sizeof *arcs);
  *turned = *problem;
  turned->arcs = arcs;
  if (!arcs) return LS_ERR_MEMORY;
  for (int32_t i = 0; i < problem->arc_count; i++)
    arcs[i] = (ls_flow_arc){.from = problem->arcs[i].to,
                            .to = problem->arcs[i].from,
                            .capacity = problem->arcs[i].capacity};
  return LS_OK;
}

/* Adds what every terminal is sent; valiant: in two phases, by way of all terminals alike. */
static ls_status fewest_hops_route(const ls_flow_problem *problem, bool is_valiant, double *load)
{
  const int32_t count = problem->terminal_count;
  ls_flow_problem turned;
  ls_flow_paths paths = {0};
  ls_status status = problem_turn(problem, &turned);
  double *amount = calloc((size_t)problem->node_count + 1, sizeof *amount);
  double *out = calloc((size_t)count + 1, sizeof *out), *in = calloc((size_t)count + 1, sizeof *in);
  if (!amount || !out || !in) status = LS_ERR_MEMORY;
  if (status == LS_OK) status = ls_flow_paths_create(&turned, &paths);
  for (int32_t i = 0; status == LS_OK && i < count; i++)
    for (int32_t j = 0; j < count; j++) {
      const double demand = i == j ? 0 : problem->demand[(int64_t)i * count + j];
      out[i] += demand;
      in[j] += demand;
    }
  memset(load, 0, (size_t)problem->arc_count * sizeof *load);
  for (int32_t j = 0; status == LS_OK && j < count; j++) {
    for (int32_t i = 0; i < count; i++)
      amount[problem->terminal[i]] = i == j       ? 0
                                     : is_valiant ? (out[i] + in[j]) / count
                                                  : problem->demand[(int64_t)i * count + j];
    ls_flow_paths_find(&paths, problem->terminal[j], NULL);
    if (ls_flow_paths_send(&paths, NULL, amount, load) == INFINITY) status = LS_ERR_NO;
  }
  ls_flow_paths_destroy(&paths);
  free((void *)turned.arcs);
  free(amount);
  free(out);
  free(in);
  return status;
}

ls_status ls_flow_ecmp(const ls_flow_problem *problem, double *load)
{
  return fewest_hops_route(problem, false, load);
}

ls_status ls_flow_valiant(const ls_flow_problem *problem, double *load)
{
  return fewest_hops_route(problem, true, load);
}

ls_status ls_flow_hops(const ls_flow_problem *problem, int32_t *hops)
{
  const int32_t count = problem->terminal_count;
  ls_flow_paths paths;
  const ls_status status = ls_flow_paths_create(problem, &paths);
  for (int32_t i = 0; status == LS_OK && i < count; i++) {
    ls_flow_paths_find(&paths, problem->terminal[i], NULL);
    for (int32_t j = 0; j < count; j++) {
      const double distance = paths.distance[problem->terminal[j]];
      hops[(int64_t)i * count + j] = distance == INFINITY ? -1 : (int32_t)distance;
    }
  }
  ls_flow_paths_destroy(&paths);
  return status;
}
