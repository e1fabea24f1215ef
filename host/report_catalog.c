#include "report_catalog.h"

#include "catalog_figures.h"

typedef struct listing {
  const ls_session *session;
  ls_json *figures;
} listing;

static void figure_add(void *context, const ls_figure *figure)
{
  const listing *self = context;
  const ls_catalog *catalog = self->session->catalog;
  const ls_number *number = ls_figure_number_const(catalog, figure);
  const ls_number *over_years = ls_figure_number_const(self->session->catalog_all_years, figure);
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "path", figure->path);
  ls_json_set_real(object, "value", ls_figure_value(figure, number->value));
  ls_json_set_real(object, "low", ls_figure_value(figure, number->low));
  ls_json_set_real(object, "high", ls_figure_value(figure, number->high));
  if (number->year) ls_json_set_int(object, "year", number->year);
  ls_json_set_text(object, "evidence", ls_evidence_names[number->evidence]);
  if (number->source >= 0) ls_json_set_text(object, "source", catalog->sources[number->source].id);
  ls_json_set_int(object, "line", number->line);
  if (over_years->curve || over_years->change_ppm) ls_json_set_bool(object, "changes", true);
  ls_json_append(self->figures, object);
}

static void part_set(ls_json *parts, const char *id, const char *name, const char *kind)
{
  ls_json *part = ls_json_object();
  ls_json_set_text(part, "name", name);
  ls_json_set_text(part, "kind", kind);
  ls_json_set(parts, id, part);
}

/* Names of what designs are made of, by id. */
static ls_json *parts_json(const ls_catalog *catalog)
{
  ls_json *parts = ls_json_object();
  for (int32_t i = 0; i < catalog->switch_count; i++) {
    const ls_catalog_switch *entry = &catalog->switches[i];
    const int32_t optic = ls_catalog_optic_find(catalog, entry->integrated_optic);
    part_set(parts, entry->id, entry->name,
             optic < 0 ? "cages" : ls_optic_kind_names[catalog->optics[optic].kind]);
  }
  for (int32_t i = 0; i < catalog->optic_count; i++)
    part_set(parts, catalog->optics[i].id, catalog->optics[i].name,
             ls_optic_kind_names[catalog->optics[i].kind]);
  for (int32_t i = 0; i < catalog->ocs_count; i++)
    part_set(parts, catalog->ocs[i].id, catalog->ocs[i].name, "ocs");
  for (int32_t i = 0; i < catalog->fiber_count; i++)
    part_set(parts, catalog->fibers[i].id, catalog->fibers[i].name, "fiber");
  return parts;
}

ls_json *ls_report_catalog_json(const ls_session *session)
{
  listing self = {session, ls_json_array()};
  ls_json *object = ls_json_object(), *sources = ls_json_object();
  ls_catalog_figures_visit(session->catalog, figure_add, &self);
  for (int32_t i = 0; i < session->catalog->source_count; i++)
    ls_json_set_text(sources, session->catalog->sources[i].id, session->catalog->sources[i].title);
  ls_json_set(object, "parts", parts_json(session->catalog));
  ls_json_set(object, "figures", self.figures);
  ls_json_set(object, "sources", sources);
  return object;
}
