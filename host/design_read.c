#include "design_read.h"

#include "../kernels/evaluate.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "fields.h"
#include "names.h"
#include "spec_space.h"
#include "tables.h"

/* ---- Reading ---- */

static const char *const tier_names[] = {"access",      "leaf_spine",  "spine_core", "leaf_leaf",
                                         "spine_spine", "spine_super", "super_core", NULL};
static const int32_t tier_of_name[] = {0, 1, 2, 1, 2, 2, 3};

static ls_status read_ratio(ls_field_reader *reader, const ls_field *field,
                            const ls_yaml_node *node, void *target)
{
  ls_design_file *design = reader->context;
  (void)field;
  (void)target;
  if (node->kind == LS_YAML_SCALAR &&
      ls_ratio_parse(node->text, &design->oversubscription_num, &design->oversubscription_den))
    return LS_OK;
  return ls_field_refuse_got(reader, node, "must be a ratio of 1..64 such as 3, 1.5 or \"3:2\"");
}

static ls_status check_link(ls_field_reader *reader, const ls_field *field,
                            const ls_yaml_node *node, void *target)
{
  struct ls_design_link *link = target;
  (void)reader;
  (void)field;
  link->tier = tier_of_name[link->tier];
  link->line = node->line;
  return LS_OK;
}

#define ID(owner_, key_, member_, fallback_, doc_)                                                 \
  {                                                                                                \
    .key = key_, .doc = doc_, .type = LS_FIELD_ID, .offset = offsetof(owner_, member_),            \
    .max = LS_ID_MAX - 1, .fallback = fallback_                                                    \
  }
#define CHOICE(owner_, key_, member_, names_, doc_)                                                \
  {                                                                                                \
    .key = key_, .doc = doc_, .type = LS_FIELD_CHOICE, .offset = offsetof(owner_, member_),        \
    .size = sizeof(int32_t), .names = names_                                                       \
  }
#define NUMBER(owner_, key_, member_, min_, max_, fallback_, doc_)                                 \
  {                                                                                                \
    .key = key_, .doc = doc_, .type = LS_FIELD_NUMBER, .offset = offsetof(owner_, member_),        \
    .size = sizeof(int32_t), .min = min_, .max = max_, .fallback = fallback_                       \
  }
#define END                                                                                        \
  {                                                                                                \
    .key = NULL                                                                                    \
  }

static const ls_field switch_fields[] = {
    ID(ls_design_file, "leaf", switches.leaf, NULL, "chassis of the leaves"),
    ID(ls_design_file, "spine", switches.spine, "", "chassis of the spines and super-spines"),
    ID(ls_design_file, "core", switches.core, "", "chassis of the cores"), END};

static const ls_field link_fields[] = {
    CHOICE(struct ls_design_link, "tier", tier, tier_names, "which links"),
    ID(struct ls_design_link, "optic_a", optic_a, NULL, "optics at the end nearer to the GPU"),
    ID(struct ls_design_link, "optic_b", optic_b, NULL, "optics at the other end"),
    ID(struct ls_design_link, "fiber", fiber, "", "fiber; absent: the first, or copper"),
    NUMBER(struct ls_design_link, "circulators", circulators, 0, 2, "0", "external ones: 0 or 2"),
    END};

static ls_status skip_value(ls_field_reader *reader, const ls_field *field,
                            const ls_yaml_node *node, void *target)
{
  (void)reader;
  (void)field;
  (void)node;
  (void)target;
  return LS_OK;
}

const ls_field ls_design_fields[] = {
    CHOICE(ls_design_file, "family", family, ls_family_choices, "topology"),
    {.key = "block_graph",
     .doc = "what joins the blocks of ocs_spine, ocs_core and direct",
     .type = LS_FIELD_CHOICE,
     .offset = offsetof(ls_design_file, block_kind),
     .size = sizeof(int32_t),
     .names = ls_block_kind_names,
     .fallback = "found"},
    NUMBER(ls_design_file, "planes", planes, 1, 16, "1", "parallel networks a NIC is split over"),
    {.key = "port_gbps",
     .doc = "NIC rate by planes; for people alone",
     .type = LS_FIELD_CUSTOM,
     .fallback = "",
     .read = skip_value,
     .schema = "{}"},
    {.key = "oversubscription",
     .doc = "down:up at the leaves",
     .type = LS_FIELD_CUSTOM,
     .fallback = "1",
     .read = read_ratio,
     .schema = LS_RATIO_SCHEMA},
    {.key = "switches", .doc = "a chassis per tier", .type = LS_FIELD_MAP, .fields = switch_fields},
    ID(ls_design_file, "scale_up", scale_up, "", "scale-up network; absent: none is counted"),
    ID(ls_design_file, "ocs", ocs, "", "OCS model"),
    {.key = "links",
     .doc = "what a link of each tier is made of",
     .type = LS_FIELD_LIST,
     .size = sizeof(struct ls_design_link),
     .offset = offsetof(ls_design_file, links),
     .count_offset = offsetof(ls_design_file, link_count),
     .item_max = LS_TIER_MAX,
     .fields = link_fields,
     .read = check_link},
    END};

ls_status ls_design_read(const char *path, ls_design_file *design, ls_error *error)
{
  ls_yaml_tree tree;
  ls_design_file read = {.planes = 1, .oversubscription_num = 1, .oversubscription_den = 1};
  ls_status status = ls_yaml_read(path, &tree, error);
  if (status != LS_OK) return status;
  ls_field_reader reader = {.tree = &tree, .error = error, .context = &read, .line = 1};
  snprintf(read.path, sizeof read.path, "%s", path);
  status = ls_fields_read(&reader, ls_design_fields, &tree.nodes[0], &read);
  ls_yaml_destroy(&tree);
  if (status == LS_OK) *design = read;
  return status;
}

/* ---- Names ---- */

/* Position of an id among count entries of stride bytes whose first member is their id, or -1. */
static int32_t id_find(const char *id, const void *entries, int32_t count, size_t stride)
{
  for (int32_t i = 0; i < count; i++)
    if (strcmp((const char *)entries + (size_t)i * stride, id) == 0) return i;
  return -1;
}

static int32_t switch_find(const ls_catalog *catalog, const char *id)
{
  return id_find(id, catalog->switches, catalog->switch_count, sizeof *catalog->switches);
}

static int32_t fiber_find(const ls_catalog *catalog, const char *id)
{
  return id[0] ? id_find(id, catalog->fibers, catalog->fiber_count, sizeof *catalog->fibers) : 0;
}

static int32_t ocs_find(const ls_catalog *catalog, const char *id)
{
  return id_find(id, catalog->ocs, catalog->ocs_count, sizeof *catalog->ocs);
}

static int32_t scale_up_find(const ls_catalog *catalog, const char *id)
{
  return id_find(id, catalog->scale_up, catalog->scale_up_count, sizeof *catalog->scale_up);
}

/* Sets the bit of a name, or refuses it; an empty name sets none. */
static ls_status mask_add(const ls_design_file *design, int32_t line, const char *key,
                          const char *id, int32_t index, uint32_t *mask, ls_error *error)
{
  if (!id[0]) return LS_OK;
  if (index < 0)
    return ls_error_set(error, LS_ERR_INPUT, design->path, line, key,
                        "names %s, which the catalog does not have", id);
  *mask |= 1u << index;
  return LS_OK;
}

ls_status ls_design_narrow(const ls_design_file *design, const ls_catalog *catalog, ls_spec *spec,
                           ls_error *error)
{
  const char *chassis[LS_TIER_MAX] = {design->switches.leaf, design->switches.spine,
                                      design->switches.core, ""};
  ls_spec_space space = {.family_mask = 1u << design->family,
                         .block_kind_mask = 1u << design->block_kind,
                         .has_nic_cpo = true,
                         .plane_count = 1,
                         .planes = {design->planes},
                         .oversubscription_count = 1,
                         .oversubscription_num = {design->oversubscription_num},
                         .oversubscription_den = {design->oversubscription_den}};
  ls_status status = LS_OK;
  if (design->planes < 1 || spec->cluster.nic_gbps % design->planes)
    return ls_error_set(error, LS_ERR_INPUT, design->path, 0, "planes",
                        "must divide the NIC's %d Gb/s, got %d", spec->cluster.nic_gbps,
                        design->planes);
  for (int32_t i = 0; status == LS_OK && i < LS_TIER_MAX; i++)
    status = mask_add(design, 0, "switches", chassis[i], switch_find(catalog, chassis[i]),
                      &space.switch_mask, error);
  if (status == LS_OK)
    status = mask_add(design, 0, "ocs", design->ocs, ocs_find(catalog, design->ocs),
                      &space.ocs_mask, error);
  if (status == LS_OK)
    status = mask_add(design, 0, "scale_up", design->scale_up,
                      scale_up_find(catalog, design->scale_up), &space.scale_up_mask, error);
  for (int32_t i = 0; status == LS_OK && i < design->link_count; i++) {
    const struct ls_design_link *link = &design->links[i];
    status = mask_add(design, link->line, "links", link->optic_a,
                      ls_catalog_optic_find(catalog, link->optic_a), &space.optic_mask, error);
    if (status == LS_OK)
      status = mask_add(design, link->line, "links", link->optic_b,
                        ls_catalog_optic_find(catalog, link->optic_b), &space.optic_mask, error);
    if (status == LS_OK)
      status = mask_add(design, link->line, "links", link->fiber, fiber_find(catalog, link->fiber),
                        &space.fiber_mask, error);
  }
  space.fiber_mask |= 1; /* a link that names no fiber gets the first */
  if (status == LS_OK) spec->space = space;
  return status;
}

/* ---- Rank ---- */

static bool structure_matches(const ls_design_file *design, const ls_catalog *catalog,
                              const ls_structure *structure)
{
  const bool has_super = structure->family == LS_CLOS4;
  const char *chassis[LS_TIER_MAX] = {design->switches.leaf, design->switches.spine,
                                      has_super ? design->switches.spine : design->switches.core,
                                      has_super ? design->switches.core : ""};
  for (int32_t tier = 0; tier < LS_TIER_MAX; tier++) {
    const int32_t wanted = chassis[tier][0] ? switch_find(catalog, chassis[tier]) : -1;
    if (structure->switch_index[tier] != wanted) return false;
  }
  if (structure->scale_up_index !=
      (design->scale_up[0] ? scale_up_find(catalog, design->scale_up) : -1))
    return false;
  return structure->ocs_index == (design->ocs[0] ? ocs_find(catalog, design->ocs) : -1);
}

/* The option of a tier that is the design's link, or -1. */
static int64_t option_find(const ls_design_file *design, const ls_catalog *catalog,
                           const ls_problem *problem, const ls_structure *structure, int32_t tier)
{
  const struct ls_design_link *wanted = NULL;
  for (int32_t i = 0; i < design->link_count; i++)
    if (design->links[i].tier == tier) wanted = &design->links[i];
  for (uint32_t i = 0; wanted && i < structure->option_count[tier]; i++) {
    const ls_link_row *row = &problem->links[problem->options[structure->option_first[tier] + i]];
    const bool is_copper = ls_optic_is_copper(problem->optics[row->optic_a].kind);
    if (row->optic_a == ls_catalog_optic_find(catalog, wanted->optic_a) &&
        row->optic_b == ls_catalog_optic_find(catalog, wanted->optic_b) &&
        (is_copper || row->fiber == fiber_find(catalog, wanted->fiber)) &&
        row->circulator_count == wanted->circulators)
      return i;
  }
  return -1;
}

/* The rank of the design's options in a structure; false: one of them is not there. */
static bool structure_rank(const ls_design_file *design, const ls_catalog *catalog,
                           const ls_problem *problem, const ls_structure *structure, uint64_t *rank)
{
  uint64_t offset = 0;
  for (int32_t tier = 0; tier < structure->tier_count; tier++) {
    const int64_t option = option_find(design, catalog, problem, structure, tier);
    if (option < 0) return false;
    offset = offset * structure->option_count[tier] + (uint64_t)option;
  }
  *rank = structure->rank_first + offset;
  return true;
}

ls_status ls_design_rank(const ls_design_file *design, const ls_catalog *catalog,
                         const ls_problem *problem, uint64_t *rank, ls_error *error)
{
  for (uint32_t s = 0; s < problem->structure_count; s++)
    if (structure_matches(design, catalog, &problem->structures[s]) &&
        structure_rank(design, catalog, problem, &problem->structures[s], rank))
      return LS_OK;
  return ls_error_set(error, LS_ERR_INPUT, design->path, 0, "links",
                      "do not go together with these switches: each tier needs a link whose ends "
                      "mate and fit their chassis, and all switches one protocol");
}

static bool is_same_structure(const ls_structure *a, const ls_structure *b)
{
  return a->family == b->family && a->is_rail == b->is_rail && a->planes == b->planes &&
         a->oversubscription_num == b->oversubscription_num &&
         a->oversubscription_den == b->oversubscription_den && a->ocs_index == b->ocs_index &&
         a->scale_up_index == b->scale_up_index && a->port_gbps == b->port_gbps &&
         memcmp(a->switch_index, b->switch_index, sizeof a->switch_index) == 0;
}

ls_status ls_design_rank_wide(const ls_design_file *design, const ls_catalog *catalog,
                              const ls_problem *narrow, uint64_t narrow_rank,
                              const ls_problem *wide, uint64_t *rank, ls_error *error)
{
  const ls_structure *wanted = &narrow->structures[ls_rank_structure(narrow, narrow_rank)];
  for (uint32_t s = 0; s < wide->structure_count; s++)
    if (is_same_structure(wanted, &wide->structures[s]) &&
        structure_rank(design, catalog, wide, &wide->structures[s], rank))
      return LS_OK;
  return ls_error_set(error, LS_ERR_INPUT, design->path, 0, NULL,
                      "is no design of this spec's space");
}
