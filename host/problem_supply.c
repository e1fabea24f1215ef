#include "problem_supply.h"

#include <string.h>

#include "../kernels/evaluate.h"

int64_t ls_resource_available(const ls_catalog_resource *resource)
{
  if (resource->is_unlimited) return INT64_MAX;
  const int64_t units = resource->units_per_year.value, share = resource->buyer_share_ppm.value;
  return units / 1000000 * share + units % 1000000 * share / 1000000;
}

/* ---- Shared resources ---- */

/* More chassis of this kind than any design has. At a leaf no more ports lead up than down; above,
 * a count rounded up to a divisor at most doubles; a partial pod keeps as many spines as its
 * chassis have ports, and each rail and plane may have a partial leaf. A slow port may leave
 * bandwidth that too few ports cannot use. */
static int64_t chassis_bound(const ls_spec *spec, const ls_catalog_switch *box)
{
  const int64_t gbps = (int64_t)spec->cluster.gpu_count * spec->cluster.nic_gbps;
  const int64_t ports = ls_max(box->port_count_max.value, 1);
  int64_t planes = 1;
  for (int32_t i = 0; i < spec->space.plane_count; i++)
    planes = ls_max(planes, spec->space.planes[i]);
  const int64_t usable_gbps =
      ls_max(ls_min(box->bandwidth_gbps.value, ports * (spec->cluster.nic_gbps / planes)), 1);
  return LS_TIER_MAX *
         (4 * gbps / usable_gbps + planes * (ports + spec->cluster.gpus_per_server) + 1);
}

/* No design draws more on the resource than this. */
static int64_t need_bound(const ls_catalog *catalog, const ls_spec *spec, int32_t resource)
{
  const int64_t gbps = (int64_t)spec->cluster.gpu_count * spec->cluster.nic_gbps;
  int64_t of_boxes = 0, of_modules = 0, of_ocs = 0, chassis = 0;
  for (int32_t i = 0; i < catalog->switch_count; i++) {
    const ls_catalog_switch *box = &catalog->switches[i];
    const int64_t count = chassis_bound(spec, box);
    chassis = ls_max(chassis, count);
    of_boxes = ls_max(of_boxes, count * box->draw[resource]);
  }
  for (int32_t i = 0; i < catalog->optic_count; i++) {
    const ls_catalog_optic *optic = &catalog->optics[i];
    const int64_t count = 2 * LS_TIER_MAX * (gbps / ls_max(optic->module_gbps.value, 1)) +
                          2 * chassis + spec->cluster.gpu_count;
    if (!ls_optic_is_integrated(optic->kind))
      of_modules = ls_max(of_modules, count * optic->draw[resource]);
  }
  /* A port each for every fiber pair of every uplink, at 100 Gb/s a pair. */
  for (int32_t i = 0; i < catalog->ocs_count; i++)
    of_ocs = ls_max(of_ocs, (gbps / 100 + chassis) * catalog->ocs[i].draw[resource]);
  return of_boxes + of_modules + of_ocs;
}

static void add_resource(const ls_catalog *catalog, int32_t from, ls_problem *problem)
{
  const int32_t to = problem->resource_count++;
  problem->resource_limit[to] = ls_resource_available(&catalog->resources[from]);
  for (int32_t i = 0; i < problem->switch_count; i++)
    problem->switches[i].draw[to] = catalog->switches[i].draw[from];
  for (int32_t i = 0; i < problem->optic_count; i++)
    problem->optics[i].draw[to] =
        ls_optic_is_integrated(catalog->optics[i].kind) ? 0 : catalog->optics[i].draw[from];
  for (int32_t i = 0; i < problem->ocs_count; i++)
    problem->ocs[i].draw[to] = catalog->ocs[i].draw[from];
}

/* ---- Vendors ---- */

/* What an item adds to a vendor's account: its price less the share where the vendor sells it,
 * minus the share where others do. Not above 0 in sum: no more than the share. */
static int64_t signed_cents(const char *of_item, const char *vendor, int64_t cents,
                            int32_t share_ppm)
{
  const int64_t share_cents = cents / 1000000 * share_ppm + cents % 1000000 * share_ppm / 1000000;
  return strcmp(of_item, vendor) == 0 ? cents - share_cents : -share_cents;
}

static void add_vendor(const ls_catalog *catalog, const ls_spec *spec, const char *vendor,
                       ls_problem *problem)
{
  const int32_t share_ppm = (int32_t)spec->vendor_share_ppm_max;
  const int32_t to = problem->resource_count++;
  problem->resource_limit[to] = 0;
  for (int32_t i = 0; i < problem->switch_count; i++)
    problem->switches[i].draw[to] = signed_cents(catalog->switches[i].vendor, vendor,
                                                 problem->switches[i].capex_cents, share_ppm);
  for (int32_t i = 0; i < problem->optic_count; i++)
    problem->optics[i].draw[to] =
        signed_cents(catalog->optics[i].vendor, vendor, problem->optics[i].capex_cents, share_ppm);
  for (int32_t i = 0; i < problem->ocs_count; i++)
    problem->ocs[i].draw[to] =
        signed_cents(catalog->ocs[i].vendor, vendor, problem->ocs[i].capex_cents, share_ppm);
}

/* Vendors that a design of the spec may pay. */
typedef struct vendor_list {
  const char *name[LS_SWITCH_MAX + LS_OPTIC_MAX + LS_OCS_MAX]; /* [count] */
  int32_t count;
} vendor_list;

/* Lists a vendor unless it has no name, was there before, or sells nothing that was chosen. */
static void vendor_list_add(vendor_list *list, const char *vendor, bool is_chosen)
{
  if (vendor[0] == '\0' || !is_chosen) return;
  for (int32_t i = 0; i < list->count; i++)
    if (strcmp(list->name[i], vendor) == 0) return;
  list->name[list->count++] = vendor;
}

static void vendor_list_fill(const ls_catalog *catalog, const ls_spec *spec, vendor_list *list)
{
  const ls_spec_space *space = &spec->space;
  list->count = 0;
  if (spec->vendor_share_ppm_max <= 0 || spec->vendor_share_ppm_max >= 1000000) return;
  for (int32_t i = 0; i < catalog->switch_count; i++)
    vendor_list_add(list, catalog->switches[i].vendor, space->switch_mask >> i & 1);
  for (int32_t i = 0; i < catalog->optic_count; i++)
    vendor_list_add(list, catalog->optics[i].vendor, space->optic_mask >> i & 1);
  for (int32_t i = 0; i < catalog->ocs_count; i++)
    vendor_list_add(list, catalog->ocs[i].vendor, space->ocs_mask >> i & 1);
}

ls_status ls_problem_check_vendors(const ls_catalog *catalog, const ls_spec *spec, ls_error *error)
{
  vendor_list list;
  int32_t room = LS_RESOURCE_MAX;
  vendor_list_fill(catalog, spec, &list);
  for (int32_t i = 0; i < catalog->resource_count; i++) room -= !catalog->resources[i].is_unlimited;
  if (list.count <= room) return LS_OK;
  return ls_error_set(error, LS_ERR_INPUT, spec->path, 0, "limits.vendor_share_max",
                      "holds for %d vendors at most beside what may run short, and %s is one more; "
                      "choose fewer by space.vendors",
                      room, list.name[room]);
}

void ls_problem_fill_supply(const ls_catalog *catalog, const ls_spec *spec, ls_problem *problem)
{
  vendor_list list;
  problem->resource_count = 0;
  memset(problem->resource_limit, 0, sizeof problem->resource_limit);
  for (int32_t i = 0; i < catalog->resource_count; i++)
    if (need_bound(catalog, spec, i) > ls_resource_available(&catalog->resources[i]))
      add_resource(catalog, i, problem);
  problem->vendor_first = problem->resource_count;
  vendor_list_fill(catalog, spec, &list);
  for (int32_t i = 0; i < list.count && problem->resource_count < LS_RESOURCE_MAX; i++)
    add_vendor(catalog, spec, list.name[i], problem);
}

/* ---- What a design needs ---- */

int32_t ls_supply_parts(const ls_problem *problem, const ls_evaluation *evaluation,
                        ls_part parts[LS_PARTS_MAX])
{
  const ls_structure *structure = evaluation->structure;
  int32_t count = 0;
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++)
    if (structure->switch_index[tier] >= 0)
      parts[count++] = (ls_part){LS_PART_SWITCH, structure->switch_index[tier],
                                 ls_chassis_units(problem, structure, tier).count};
  for (int32_t tier = 0; tier < structure->tier_count; tier++)
    for (int32_t end = 0; end < 2; end++) {
      const ls_link_row *link = &evaluation->link[tier];
      parts[count++] = (ls_part){LS_PART_OPTIC, end ? link->optic_b : link->optic_a,
                                 ls_end_units(problem, structure, tier, link, end).count};
    }
  if (evaluation->ocs_count)
    parts[count++] = (ls_part){LS_PART_OCS, structure->ocs_index, evaluation->ocs_count};
  return count;
}

int32_t ls_supply_graph_parts(const ls_topology *topology, ls_part parts[LS_ENTRIES_MAX])
{
  int64_t switches[LS_SWITCH_MAX] = {0}, optics[LS_OPTIC_MAX] = {0}, ocs[LS_OCS_MAX] = {0};
  int32_t count = 0;
  for (int32_t n = 0; n < topology->node_count; n++) {
    const ls_node *node = &topology->nodes[n];
    const ls_face *faces[2] = {&node->down, &node->up};
    for (int32_t f = 0; f < 2; f++)
      for (int32_t i = 0; i < faces[f]->kind_count; i++)
        optics[faces[f]->lit[i].optic] += faces[f]->lit[i].module_count;
    if (node->kind == LS_NODE_OCS)
      ocs[node->catalog_index]++;
    else if (node->kind != LS_NODE_RACK)
      switches[node->catalog_index]++;
  }
  for (int32_t i = 0; i < LS_SWITCH_MAX; i++)
    if (switches[i]) parts[count++] = (ls_part){LS_PART_SWITCH, i, switches[i]};
  for (int32_t i = 0; i < LS_OPTIC_MAX; i++)
    if (optics[i]) parts[count++] = (ls_part){LS_PART_OPTIC, i, optics[i]};
  for (int32_t i = 0; i < LS_OCS_MAX; i++)
    if (ocs[i]) parts[count++] = (ls_part){LS_PART_OCS, i, ocs[i]};
  return count;
}

const int32_t *ls_supply_draw(const ls_catalog *catalog, const ls_part *part)
{
  if (part->list == LS_PART_SWITCH) return catalog->switches[part->index].draw;
  if (part->list == LS_PART_OCS) return catalog->ocs[part->index].draw;
  const ls_catalog_optic *optic = &catalog->optics[part->index];
  return ls_optic_is_integrated(optic->kind) ? NULL : optic->draw;
}

void ls_supply_needed(const ls_catalog *catalog, const ls_problem *problem,
                      const ls_evaluation *evaluation, int64_t *needed)
{
  ls_part parts[LS_PARTS_MAX];
  const int32_t count = ls_supply_parts(problem, evaluation, parts);
  memset(needed, 0, LS_RESOURCE_MAX * sizeof *needed);
  for (int32_t i = 0; i < count; i++) {
    const int32_t *draw = ls_supply_draw(catalog, &parts[i]);
    for (int32_t r = 0; draw && r < catalog->resource_count; r++)
      needed[r] += parts[i].count * draw[r];
  }
}

void ls_supply_set(const ls_session *session, const ls_evaluation *evaluation, ls_json *object)
{
  const ls_catalog *catalog = session->catalog;
  int64_t needed[LS_RESOURCE_MAX];
  ls_json *array = ls_json_array();
  ls_supply_needed(catalog, session->problem, evaluation, needed);
  for (int32_t i = 0; i < catalog->resource_count; i++) {
    if (!needed[i] || catalog->resources[i].is_unlimited) continue;
    ls_json *entry = ls_json_object();
    ls_json_set_text(entry, "resource", catalog->resources[i].id);
    ls_json_set_int(entry, "needed", needed[i]);
    ls_json_set_int(entry, "available", ls_resource_available(&catalog->resources[i]));
    ls_json_append(array, entry);
  }
  ls_json_set(object, "supply", array);
}
