/* What a GraphML export says of supply, for graphml_keys.c: of each resource of the catalog what
 * one buyer can get and what the design needs, of each vendor what it gets of the money, and of
 * each entry that the design buys whom it is from and what it draws on. Needs and money of a
 * uniform design are those of the sizing formulas, not of the graph: verify compares the two. */
#include "graphml_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evaluation.h"
#include "problem_supply.h"

/* Beside what a reader's double holds there is no number for "any". */
enum { ANY_NUMBER = -1 };

typedef struct supply {
  const ls_problem *problem;
  const ls_catalog *catalog;
  ls_graphml_attributes *into;
  ls_part parts[LS_ENTRIES_MAX];
  int32_t part_count;
} supply;

static const char *part_id(const supply *self, const ls_part *part)
{
  return part->list == LS_PART_SWITCH  ? self->catalog->switches[part->index].id
         : part->list == LS_PART_OPTIC ? self->catalog->optics[part->index].id
                                       : self->catalog->ocs[part->index].id;
}

static const char *part_vendor(const supply *self, const ls_part *part)
{
  return part->list == LS_PART_SWITCH  ? self->catalog->switches[part->index].vendor
         : part->list == LS_PART_OPTIC ? self->catalog->optics[part->index].vendor
                                       : self->catalog->ocs[part->index].vendor;
}

static int64_t part_cents(const supply *self, const ls_part *part)
{
  const ls_problem *problem = self->problem;
  return part->count * (part->list == LS_PART_SWITCH  ? problem->switches[part->index].capex_cents
                        : part->list == LS_PART_OPTIC ? problem->optics[part->index].capex_cents
                                                      : problem->ocs[part->index].capex_cents);
}

static int64_t needed_of(const supply *self, int32_t resource)
{
  int64_t needed = 0;
  for (int32_t i = 0; i < self->part_count; i++) {
    const int32_t *draw = ls_supply_draw(self->catalog, &self->parts[i]);
    if (draw) needed += self->parts[i].count * draw[resource];
  }
  return needed;
}

static void add_resources(const supply *self)
{
  for (int32_t i = 0; i < self->catalog->resource_count; i++) {
    const ls_catalog_resource *resource = &self->catalog->resources[i];
    const struct {
      const char *field;
      int64_t value;
    } fields[] = {
        {"units_per_year", resource->units_per_year.value},
        {"buyer_share_ppm", resource->buyer_share_ppm.value},
        {"available", resource->is_unlimited ? ANY_NUMBER : ls_resource_available(resource)},
        {"needed", needed_of(self, i)}};
    for (size_t j = 0; j < sizeof fields / sizeof *fields; j++) {
      char name[96];
      snprintf(name, sizeof name, "resource.%s.%s", resource->id, fields[j].field);
      ls_graphml_add_number(self->into, name, fields[j].value);
    }
  }
}

/* Every entry once, wherever its first place is. */
static void add_entries(const supply *self)
{
  static const char *const tables[] = {"switch", "optic", "ocs"};
  for (int32_t i = 0; i < self->part_count; i++) {
    const ls_part *part = &self->parts[i];
    const int32_t *draw = ls_supply_draw(self->catalog, part);
    int32_t first = 0;
    char name[128];
    while (self->parts[first].list != part->list || self->parts[first].index != part->index)
      first++;
    if (first < i) continue;
    snprintf(name, sizeof name, "%s.%s.vendor", tables[part->list], part_id(self, part));
    ls_graphml_add_text(self->into, name, part_vendor(self, part));
    for (int32_t r = 0; r < self->catalog->resource_count; r++) {
      snprintf(name, sizeof name, "%s.%s.draw.%s", tables[part->list], part_id(self, part),
               self->catalog->resources[r].id);
      ls_graphml_add_number(self->into, name, draw ? draw[r] : 0);
    }
  }
}

/* Every vendor once; parts that several make are nobody's. */
static void add_vendors(const supply *self)
{
  for (int32_t i = 0; i < self->part_count; i++) {
    const char *vendor = part_vendor(self, &self->parts[i]);
    int32_t first = 0;
    int64_t cents = 0;
    char name[96];
    while (strcmp(part_vendor(self, &self->parts[first]), vendor) != 0) first++;
    if (vendor[0] == '\0' || first < i) continue;
    for (int32_t j = i; j < self->part_count; j++)
      if (strcmp(part_vendor(self, &self->parts[j]), vendor) == 0)
        cents += part_cents(self, &self->parts[j]);
    snprintf(name, sizeof name, "vendor.%s.capex_cents", vendor);
    ls_graphml_add_number(self->into, name, cents);
  }
}

ls_status ls_graphml_add_supply(const ls_topology *topology, const ls_catalog *catalog,
                                const ls_spec *spec, ls_graphml_attributes *into)
{
  supply self = {.problem = topology->problem, .catalog = catalog, .into = into};
  if (topology->variant == LS_MIXED) {
    self.part_count = ls_supply_graph_parts(topology, self.parts);
  } else {
    ls_evaluation *evaluation = malloc(sizeof *evaluation);
    if (!evaluation) return LS_ERR_MEMORY;
    ls_evaluation_init(topology->problem, catalog, topology->rank, evaluation);
    self.part_count = ls_supply_parts(topology->problem, evaluation, self.parts);
    free(evaluation);
  }
  ls_graphml_add_text(into, "supply_scenario", ls_supply_scenario_names[spec->supply_scenario]);
  ls_graphml_add_number(into, "vendor_share_ppm_max", spec->vendor_share_ppm_max);
  add_resources(&self);
  add_vendors(&self);
  add_entries(&self);
  return LS_OK;
}
