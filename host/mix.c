#include "mix.h"

#include <stdlib.h>
#include <string.h>

#include "mix_tables.h"

/* What a topology was before it was mixed. */
typedef struct backup {
  ls_node *nodes;
  ls_edge *edges;
  ls_ledger_line *ledger;
  int32_t ledger_count;
  ls_totals totals;
} backup;

static ls_status backup_take(ls_topology *topology, backup *before)
{
  const size_t nodes = (size_t)topology->node_count * sizeof *before->nodes;
  const size_t edges = (size_t)topology->edge_count * sizeof *before->edges;
  *before = (backup){malloc(nodes), malloc(edges), topology->ledger, topology->ledger_count,
                     topology->totals};
  if (!before->nodes || !before->edges) return LS_ERR_MEMORY;
  memcpy(before->nodes, topology->nodes, nodes);
  memcpy(before->edges, topology->edges, edges);
  topology->ledger = NULL;
  topology->ledger_count = 0;
  return LS_OK;
}

/* The arrays of the backup become the topology's again; the others are freed. */
static void backup_restore(ls_topology *topology, backup *before)
{
  memcpy(topology->nodes, before->nodes, (size_t)topology->node_count * sizeof *before->nodes);
  memcpy(topology->edges, before->edges, (size_t)topology->edge_count * sizeof *before->edges);
  free(topology->ledger);
  topology->ledger = before->ledger;
  topology->ledger_count = before->ledger_count;
  topology->totals = before->totals;
  topology->variant = LS_UNIFORM;
  before->ledger = NULL;
}

static void backup_free(backup *before)
{
  free(before->ledger);
  free(before->edges);
  free(before->nodes);
}

/* ---- The answer of the choice ---- */

static void kind_count(ls_mix_kind list[LS_MIX_KINDS], int32_t *count, int32_t tier, int32_t index,
                       int64_t many)
{
  int32_t at = 0;
  while (at < *count && (list[at].tier < tier || (list[at].tier == tier && list[at].index < index)))
    at++;
  if (at == *count || list[at].tier != tier || list[at].index != index) {
    if (*count == LS_MIX_KINDS) return;
    memmove(&list[at + 1], &list[at], (size_t)(*count - at) * sizeof *list);
    list[at] = (ls_mix_kind){.tier = tier, .index = index};
    ++*count;
  }
  list[at].count += many;
}

/* Gives boxes and bundles what was chosen, and counts what there is. */
static void answer_take(ls_mix *mix, const ls_choice_answer *answer)
{
  ls_topology *topology = mix->build.topology;
  ls_mixture *mixture = &topology->totals.mixture;
  const ls_totals *totals = &topology->totals;
  *mixture = (ls_mixture){.uniform_tco_cents = totals->tco_cents,
                          .uniform_capex_cents = totals->capex_cents,
                          .uniform_optics_power_mw = totals->optics_power_mw,
                          .uniform_power_mw = ls_totals_power_mw(totals),
                          .choice_cents = answer->cents,
                          .bound_cents = answer->bound_cents};
  for (int32_t box = 0; box < mix->choice.box_count; box++) {
    ls_node *node = &topology->nodes[mix->box_first + box];
    node->catalog_index = (int16_t)mix->meaning[mix->boxes[box].option_first + answer->box[box]];
    kind_count(mixture->boxes, &mixture->box_kind_count,
               ls_node_tier(topology->structure, node->kind), node->catalog_index, 1);
  }
  for (int32_t i = 0; i < mix->bundle_count; i++)
    topology->edges[mix->edge[i]].link =
        mix->meaning[mix->bundles[i].option_first + answer->bundle[i]];
  for (int32_t e = 0; e < topology->edge_count; e++) {
    const ls_edge *edge = &topology->edges[e];
    if (edge->kind != LS_EDGE_OCS_LEG)
      kind_count(mixture->links, &mixture->link_kind_count, edge->tier, edge->link,
                 edge->link_count);
  }
  topology->variant = LS_MIXED;
}

/* Whether some tier is of several kinds: what is of one kind throughout is the design of another
 * rank, which level 1 has judged. */
static bool is_mixed(const ls_mixture *mixture)
{
  for (int32_t i = 1; i < mixture->box_kind_count; i++)
    if (mixture->boxes[i].tier == mixture->boxes[i - 1].tier) return true;
  for (int32_t i = 1; i < mixture->link_kind_count; i++)
    if (mixture->links[i].tier == mixture->links[i - 1].tier) return true;
  return false;
}

static bool is_kept(const ls_totals *mixed, const ls_totals *uniform)
{
  return !mixed->violation_mask && is_mixed(&mixed->mixture) &&
         mixed->tco_cents < uniform->tco_cents;
}

static ls_status answer_try(ls_mix *mix, const ls_choice_answer *answer)
{
  ls_topology *topology = mix->build.topology;
  backup before;
  ls_status status = backup_take(topology, &before);
  if (status == LS_OK) {
    answer_take(mix, answer);
    status = ls_build_faces(&mix->build);
    if (status == LS_OK) status = ls_build_measure_all(&mix->build);
    if (status == LS_ERR_FULL || (status == LS_OK && !is_kept(&topology->totals, &before.totals))) {
      backup_restore(topology, &before);
      status = LS_OK;
    }
  }
  backup_free(&before);
  return status;
}

ls_status ls_topology_mix(const ls_catalog *catalog, const ls_spec *spec, int32_t without,
                          ls_topology *topology)
{
  ls_choice_answer answer = {0};
  if (topology->totals.violation_mask) return LS_OK;
  ls_mix *mix = calloc(1, sizeof *mix);
  if (!mix) return LS_ERR_MEMORY;
  mix->build = ls_build_of(catalog, spec, topology);
  mix->without = without;
  mix->box_first = mix->build.first[LS_NODE_LEAF];
  ls_status status = ls_mix_find(mix);
  if (status == LS_OK && mix->has_news) {
    status = ls_mix_fill(mix);
    if (status == LS_OK) status = ls_choice_solve(&mix->choice, &answer);
    if (status == LS_OK && answer.is_feasible) status = answer_try(mix, &answer);
  }
  ls_choice_answer_destroy(&answer);
  ls_mix_destroy(mix);
  free(mix);
  return status;
}
