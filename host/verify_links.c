/* Recomputes each link of a file by itself: length by tray, stock, strands, connectors, loss,
 * margin of both directions, overload, reach, price; where devices stand; and the totals.
 *
 *   length = ceil((|dx| + |dy| + 2 (tray height + drop)) (1 + slack)) + fixed slack
 *   loss   = ceil(length x loss/km) + matings + circulators + OCS pass or shuffle box
 *   margin = tx - loss - both internal losses - penalty - threshold, of the worse direction */
#include "verify_graph.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const GRAPH = "graph";

/* Rounded up; b > 0. */
static int64_t divide_up(int64_t a, int64_t b) { return a / b + (a % b > 0); }

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

static int64_t distance(int64_t a, int64_t b) { return a < b ? b - a : a - b; }

static const ls_record_optic *optic_at(const ls_record *record, int32_t index)
{
  return index < 0 ? NULL : &record->optics[index];
}

/* Copper cables, with retimers or without. */
static bool is_copper(const ls_record_optic *optic)
{
  return strcmp(optic->mate_class, "copper") == 0;
}

/* ---- Lengths ---- */

static int64_t cord_length_mm(const ls_record *record, const ls_record_edge *edge)
{
  const ls_record_site *site = &record->site;
  const ls_record_node *a = &record->nodes[edge->node_a], *b = &record->nodes[edge->node_b];
  if (a->slot == b->slot) return site->in_rack_mm;
  const int64_t path_mm = distance(a->x_mm, b->x_mm) + distance(a->y_mm, b->y_mm) +
                          2 * (site->tray_height_mm + site->drop_mm_per_end);
  return divide_up(path_mm * (1000000 + site->slack_ppm), 1000000) + site->slack_fixed_mm;
}

/* The shortest cord on sale that is long enough. */
static int64_t stock_length_mm(const ls_record_site *site, int64_t length_mm)
{
  for (int32_t i = 0; i < site->stock_count; i++)
    if (site->stock_mm[i] >= length_mm) return site->stock_mm[i];
  if (site->stock_count == 0) return length_mm;
  const int64_t step_mm = site->stock_mm[site->stock_count - 1];
  return divide_up(length_mm, step_mm) * step_mm;
}

/* ---- One edge ---- */

/* What the parts of an edge follow from: its cord, or for a circuit the legs of both ends. */
typedef struct parts {
  int64_t length_mm, mating_count, circulator_count;
  int64_t pass_loss_mdb, box_cents; /* of an OCS or a shuffle box */
} parts;

static parts parts_of(const ls_record *record, const ls_leg_index *index,
                      const ls_record_edge *edge)
{
  const ls_record_site *site = &record->site;
  parts found = {0, 0, edge->circulator_count, 0, 0};
  const bool is_same_slot = record->nodes[edge->node_a].slot == record->nodes[edge->node_b].slot;
  if (edge->kind != LS_BUNDLE_CIRCUIT) {
    found.length_mm = cord_length_mm(record, edge);
    found.mating_count = is_same_slot ? least(site->cord_mating_count, 2) : site->cord_mating_count;
    /* A cord between like devices is joined in a box. */
    if (edge->kind == LS_BUNDLE_TRUNK && ls_record_is_peer(record, edge)) {
      found.pass_loss_mdb = site->shuffle_box_loss_mdb;
      ls_verify_add_product(&found.box_cents, edge->strand_count, site->shuffle_box_capex_cents);
    }
    return found;
  }
  const int32_t ends[2] = {edge->node_a, edge->node_b};
  found.circulator_count = 0;
  if (edge->via >= 0) found.pass_loss_mdb = record->nodes[edge->via].loss_mdb;
  for (int i = 0; i < 2; i++) {
    const int32_t leg = edge->via < 0 ? -1 : ls_leg_find(index, ends[i], edge->via);
    if (leg < 0) continue; /* verify_checks.c says so */
    found.length_mm += record->edges[leg].length_mm;
    found.mating_count += record->edges[leg].mating_count;
    found.circulator_count += record->edges[leg].circulator_count;
  }
  return found;
}

static void check_length(const ls_record *record, const ls_record_edge *edge, const parts *found,
                         ls_verify_report *report)
{
  const bool is_circuit = edge->kind == LS_BUNDLE_CIRCUIT;
  ls_verify_compare(report, edge->id, "length_mm", edge->length_mm, found->length_mm);
  ls_verify_compare(report, edge->id, "stock_mm", edge->stock_mm,
                    is_circuit ? 0 : stock_length_mm(&record->site, found->length_mm));
}

/* Strands of a link: pairs, one strand each where both directions share it. */
static int64_t strand_count(const ls_record *record, const ls_record_edge *edge,
                            const ls_record_optic *optic)
{
  if (is_copper(optic) || optic->pair_gbps <= 0) return 0;
  const int64_t pairs = divide_up(record->site.port_gbps, optic->pair_gbps);
  return pairs * (edge->circulator_count > 0 ? 1 : optic->strands_per_pair);
}

static void check_reach(const ls_record_edge *edge, const ls_record_optic *a,
                        const ls_record_optic *b, ls_verify_report *report)
{
  const int64_t reach_mm = least(a->reach_mm, b->reach_mm);
  char claimed[64], found[64];
  if (edge->length_mm <= reach_mm) return;
  snprintf(claimed, sizeof claimed, "%" PRId64 " mm", reach_mm);
  snprintf(found, sizeof found, "%" PRId64 " mm long", edge->length_mm);
  ls_verify_mismatch(report, edge->id, "reach", claimed, found);
}

static int64_t direction_margin_mdb(const ls_record_optic *from, const ls_record_optic *to,
                                    int64_t loss_mdb)
{
  return from->tx_mdbm - from->internal_loss_mdb - loss_mdb - to->internal_loss_mdb -
         to->penalty_mdb - to->threshold_mdbm;
}

/* Light too weak or too strong at either end, at the loss found. */
static void check_margin(const ls_record_edge *edge, const ls_record_optic *a,
                         const ls_record_optic *b, int64_t loss_mdb, ls_verify_report *report)
{
  const int64_t margin_mdb =
      least(direction_margin_mdb(a, b, loss_mdb), direction_margin_mdb(b, a, loss_mdb));
  char found[64];
  ls_verify_compare(report, edge->id, "margin_mdb", edge->margin_mdb, margin_mdb);
  if (margin_mdb < 0) {
    snprintf(found, sizeof found, "%" PRId64 " mdB", margin_mdb);
    ls_verify_mismatch(report, edge->id, "optical budget", "at least 0", found);
  }
  if (a->tx_max_mdbm - loss_mdb > b->overload_mdbm || b->tx_max_mdbm - loss_mdb > a->overload_mdbm)
    ls_verify_mismatch(report, edge->id, "receiver overload", "none", "too much light");
}

/* Fiber, connectors, circulators (of every strand) and box of one cord. */
static int64_t cord_capex_cents(const ls_record *record, const ls_record_edge *edge,
                                const ls_record_fiber *fiber, const parts *found)
{
  int64_t strand_mm = 0, fiber_cents = 0;
  ls_verify_add_product(&strand_mm, edge->strand_count, edge->stock_mm);
  ls_verify_add_product(&fiber_cents, strand_mm, fiber->capex_cents_per_km);
  int64_t sum_cents = divide_up(fiber_cents, 1000000);
  ls_verify_add_product(&sum_cents, found->box_cents, 1);
  ls_verify_add_product(&sum_cents, edge->mating_count, record->site.mating_capex_cents);
  int64_t circulators = 0;
  ls_verify_add_product(&circulators, edge->strand_count, edge->circulator_count);
  ls_verify_add_product(&sum_cents, circulators, record->site.circulator_capex_cents);
  return sum_cents;
}

static void check_copper(const ls_record_edge *edge, ls_verify_report *report)
{
  if (edge->fiber != LS_RECORD_NONE)
    ls_verify_mismatch(report, edge->id, "fiber", edge->fiber_id, "none: it is copper");
  ls_verify_compare(report, edge->id, "strand_count", edge->strand_count, 0);
  ls_verify_compare(report, edge->id, "mating_count", edge->mating_count, 0);
  ls_verify_compare(report, edge->id, "circulator_count", edge->circulator_count, 0);
  ls_verify_compare(report, edge->id, "loss_mdb", edge->loss_mdb, 0);
  ls_verify_compare(report, edge->id, "margin_mdb", edge->margin_mdb, 0);
  ls_verify_compare(report, edge->id, "cord_capex_cents", edge->cord_capex_cents, 0);
}

/* The fiber part of an edge; b is NULL for legs. */
static void check_fiber(const ls_record *record, const ls_record_edge *edge,
                        const ls_record_optic *a, const ls_record_optic *b, const parts *found,
                        ls_verify_report *report)
{
  const ls_record_site *site = &record->site;
  if (edge->fiber < 0) {
    ls_verify_mismatch(report, edge->id, "fiber", edge->fiber_id, "not in the file's tables");
    return;
  }
  const ls_record_fiber *fiber = &record->fibers[edge->fiber];
  const int64_t loss_mdb = divide_up(edge->length_mm * fiber->loss_mdb_per_km, 1000000) +
                           edge->mating_count * site->mating_loss_mdb +
                           edge->circulator_count * site->circulator_loss_mdb +
                           found->pass_loss_mdb;
  ls_verify_compare(report, edge->id, "strand_count", edge->strand_count,
                    strand_count(record, edge, a));
  ls_verify_compare(report, edge->id, "mating_count", edge->mating_count, found->mating_count);
  ls_verify_compare(report, edge->id, "circulator_count", edge->circulator_count,
                    found->circulator_count);
  ls_verify_compare(report, edge->id, "loss_mdb", edge->loss_mdb, loss_mdb);
  ls_verify_compare(report, edge->id, "cord_capex_cents", edge->cord_capex_cents,
                    edge->kind == LS_BUNDLE_CIRCUIT ? 0
                                                    : cord_capex_cents(record, edge, fiber, found));
  if (b != NULL)
    check_margin(edge, a, b, loss_mdb, report);
  else
    ls_verify_compare(report, edge->id, "margin_mdb", edge->margin_mdb, 0);
}

/* Optics that the file has figures for and that stand on the faces at both ends. */
static bool check_optics(const ls_record *record, const ls_record_edge *edge,
                         ls_verify_report *report)
{
  const ls_record_node *a = &record->nodes[edge->node_a], *b = &record->nodes[edge->node_b];
  const ls_record_face *face_b = ls_record_is_peer(record, edge) ? &b->up : &b->down;
  const bool is_leg = edge->kind == LS_BUNDLE_OCS_LEG;
  if (!ls_record_face_names(&a->up, edge->optic_a_id))
    ls_verify_mismatch(report, edge->id, "optic_a", edge->optic_a_id, a->up.optic_ids);
  if (is_leg && edge->optic_b != LS_RECORD_NONE)
    ls_verify_mismatch(report, edge->id, "optic_b", edge->optic_b_id, "none");
  if (!is_leg && !ls_record_face_names(face_b, edge->optic_b_id))
    ls_verify_mismatch(report, edge->id, "optic_b", edge->optic_b_id, face_b->optic_ids);
  if (edge->optic_a < 0)
    ls_verify_mismatch(report, edge->id, "optic_a", edge->optic_a_id, "not in the file's tables");
  if (edge->optic_b == LS_RECORD_UNKNOWN)
    ls_verify_mismatch(report, edge->id, "optic_b", edge->optic_b_id, "not in the file's tables");
  return edge->optic_a >= 0 && (edge->optic_b >= 0 || is_leg);
}

/* Light of one kind, at one rate of lanes and of pairs; a copper cable has two like ends. */
static void check_mating(const ls_record_edge *edge, const ls_record_optic *a,
                         const ls_record_optic *b, ls_verify_report *report)
{
  if (strcmp(a->mate_class, b->mate_class) != 0)
    ls_verify_mismatch(report, edge->id, "mate_class", a->mate_class, b->mate_class);
  if (is_copper(a) && strcmp(a->id, b->id) != 0)
    ls_verify_mismatch(report, edge->id, "ends of a copper cable", a->id, b->id);
  ls_verify_compare(report, edge->id, "lane_gbps", a->lane_gbps, b->lane_gbps);
  ls_verify_compare(report, edge->id, "pair_gbps", a->pair_gbps, b->pair_gbps);
}

static void check_edge(const ls_record *record, const ls_leg_index *index,
                       const ls_record_edge *edge, ls_verify_report *report)
{
  const parts found = parts_of(record, index, edge);
  check_length(record, edge, &found, report);
  if (!check_optics(record, edge, report)) return;
  const ls_record_optic *a = optic_at(record, edge->optic_a), *b = optic_at(record, edge->optic_b);
  if (b != NULL) {
    check_mating(edge, a, b, report);
    check_reach(edge, a, b, report);
  }
  if (is_copper(a))
    check_copper(edge, report);
  else
    check_fiber(record, edge, a, b, &found, report);
}

/* ---- Nodes ---- */

/* Slots are counted row by row from 0. */
static void check_slot(const ls_record_site *site, const ls_record_node *node,
                       ls_verify_report *report)
{
  if (node->slot < 0 || node->slot >= site->row_count * site->racks_per_row) {
    ls_verify_compare(report, node->id, "slot", node->slot,
                      site->row_count * site->racks_per_row - 1);
    return;
  }
  ls_verify_compare(report, node->id, "x in mm", node->x_mm,
                    node->slot % site->racks_per_row * site->rack_pitch_mm);
  ls_verify_compare(report, node->id, "y in mm", node->y_mm,
                    ls_record_row_y_mm(site, node->slot / site->racks_per_row));
}

static void check_node(const ls_record *record, const ls_record_node *node,
                       ls_verify_report *report)
{
  check_slot(&record->site, node, report);
  if (node->kind != LS_DEVICE_RACK) return;
  ls_verify_compare(report, node->id, "unit_capex_cents", node->unit_capex_cents, 0);
  ls_verify_compare(report, node->id, "unit_power_mw", node->unit_power_mw, 0);
}

/* ---- Totals ---- */

static void add_face(const ls_record *record, const ls_record_face *face, ls_record_claims *sums)
{
  ls_verify_add_product(&sums->capex_cents, face->modules_capex_cents, 1);
  ls_verify_add_product(&sums->optics_power_mw, face->modules_power_mw, 1);
  for (int32_t i = 0; i < face->group_count; i++)
    if (record->optics[face->groups[i].optic].module_gbps > 0)
      ls_verify_add_product(&sums->module_count, face->groups[i].module_count, 1);
}

static void add_node(const ls_record *record, const ls_record_node *node, ls_record_claims *sums)
{
  const bool is_ocs = node->kind == LS_DEVICE_OCS;
  ls_verify_add_product(&sums->capex_cents, node->unit_capex_cents, 1);
  ls_verify_add_product(is_ocs ? &sums->ocs_power_mw : &sums->switch_power_mw, node->unit_power_mw,
                        1);
  add_face(record, &node->down, sums);
  add_face(record, &node->up, sums);
}

static void add_edge(const ls_record_edge *edge, ls_record_claims *sums)
{
  int64_t strand_mm = 0;
  if (edge->kind == LS_BUNDLE_CIRCUIT) return;
  ls_verify_add_product(&sums->capex_cents, edge->link_count, edge->cord_capex_cents);
  ls_verify_add_product(&strand_mm, edge->strand_count, edge->stock_mm);
  ls_verify_add_product(&sums->fiber_mm, edge->link_count, strand_mm);
}

static void check_totals(const ls_record *record, ls_verify_report *report)
{
  const ls_record_claims *claims = &record->claims;
  ls_record_claims sums = {0};
  for (int32_t i = 0; i < record->node_count; i++) add_node(record, &record->nodes[i], &sums);
  for (int32_t i = 0; i < record->edge_count; i++) add_edge(&record->edges[i], &sums);
  for (int32_t i = 0; i < 2; i++) {
    const ls_record_units *units = &record->site.scale_up[i];
    ls_verify_add_product(&sums.capex_cents, units->count, units->capex_cents);
    ls_verify_add_product(&sums.scale_up_power_mw, units->power_mw, 1);
  }
  ls_verify_add_product(&sums.power_mw, sums.scale_up_power_mw, 1);
  ls_verify_add_product(&sums.power_mw, sums.optics_power_mw, 1);
  ls_verify_add_product(&sums.power_mw, sums.switch_power_mw, 1);
  ls_verify_add_product(&sums.power_mw, sums.ocs_power_mw, 1);
  ls_verify_compare(report, GRAPH, "capex_cents", claims->capex_cents, sums.capex_cents);
  ls_verify_compare(report, GRAPH, "optics_power_mw", claims->optics_power_mw,
                    sums.optics_power_mw);
  ls_verify_compare(report, GRAPH, "switch_power_mw", claims->switch_power_mw,
                    sums.switch_power_mw);
  ls_verify_compare(report, GRAPH, "ocs_power_mw", claims->ocs_power_mw, sums.ocs_power_mw);
  ls_verify_compare(report, GRAPH, "scale_up_power_mw", claims->scale_up_power_mw,
                    sums.scale_up_power_mw);
  ls_verify_compare(report, GRAPH, "power_mw", claims->power_mw, sums.power_mw);
  ls_verify_compare(report, GRAPH, "module_count", claims->module_count, sums.module_count);
  ls_verify_compare(report, GRAPH, "fiber_mm", claims->fiber_mm, sums.fiber_mm);
}

ls_status ls_verify_check_links(const ls_record *record, ls_verify_report *report)
{
  ls_leg_index index;
  const ls_status status = ls_leg_index_create(record, &index);
  if (status != LS_OK) return status;
  for (int32_t i = 0; i < record->edge_count; i++)
    check_edge(record, &index, &record->edges[i], report);
  for (int32_t i = 0; i < record->node_count; i++) check_node(record, &record->nodes[i], report);
  check_totals(record, report);
  ls_leg_index_destroy(&index);
  return LS_OK;
}
