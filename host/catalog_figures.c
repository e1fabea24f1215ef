/* Walks the key tables of catalog.c over the entries of a catalog. */
#include "catalog_figures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tables.h"

ls_number *ls_figure_number(ls_catalog *catalog, const ls_figure *figure)
{
  return (ls_number *)(void *)((char *)catalog + figure->offset);
}

const ls_number *ls_figure_number_const(const ls_catalog *catalog, const ls_figure *figure)
{
  return (const ls_number *)(const void *)((const char *)catalog + figure->offset);
}

double ls_figure_value(const ls_figure *figure, int64_t value)
{
  char text[32];
  ls_decimal_format(value, figure->digits, text);
  return strtod(text, NULL);
}

/* Who walks, and where. */
typedef struct walk {
  const ls_catalog *catalog;
  void (*visit)(void *context, const ls_figure *figure);
  void *context;
} walk;

/* base: of the entry, in bytes from the catalog's start. */
static void visit_entry(const walk *self, const char *list, const char *entry,
                        const ls_field *fields, size_t base)
{
  for (const ls_field *field = fields; field->key; field++) {
    if (field->type != LS_FIELD_FIGURE) continue;
    ls_figure figure = {.offset = base + field->offset,
                        .list = list,
                        .entry = entry,
                        .key = field->key,
                        .digits = field->digits,
                        .min = field->min,
                        .max = field->max};
    if (ls_figure_number_const(self->catalog, &figure)->line == 0) continue;
    if (entry[0])
      (void)snprintf(figure.path, sizeof figure.path, "%s[%s].%s", list, entry, field->key);
    else
      (void)snprintf(figure.path, sizeof figure.path, "%s.%s", list, field->key);
    self->visit(self->context, &figure);
  }
}

void ls_catalog_figures_visit(const ls_catalog *catalog,
                              void (*visit)(void *context, const ls_figure *figure), void *context)
{
  const walk self = {catalog, visit, context};
  const char *base = (const char *)catalog;
  for (const ls_field *field = ls_catalog_fields; field->key; field++) {
    if (field->type == LS_FIELD_MAP)
      visit_entry(&self, field->key, "", field->fields, field->offset);
    if (field->type != LS_FIELD_LIST) continue;
    const int32_t count = *(const int32_t *)(const void *)(base + field->count_offset);
    for (int32_t i = 0; i < count; i++) {
      const size_t offset = field->offset + (size_t)i * field->size;
      visit_entry(&self, field->key, base + offset, field->fields, offset); /* an id comes first */
    }
  }
}

static void count_figure(void *context, const ls_figure *figure)
{
  (void)figure;
  ++*(int32_t *)context;
}

int32_t ls_catalog_figure_count(const ls_catalog *catalog)
{
  int32_t count = 0;
  ls_catalog_figures_visit(catalog, count_figure, &count);
  return count;
}

static void append_figure(void *context, const ls_figure *figure)
{
  ls_figure **next = context;
  *(*next)++ = *figure;
}

ls_status ls_catalog_figures_create(const ls_catalog *catalog, ls_figure **figures, int32_t *count)
{
  const int32_t total = ls_catalog_figure_count(catalog);
  ls_figure *list = malloc((size_t)(total > 0 ? total : 1) * sizeof *list);
  if (!list) return LS_ERR_MEMORY;
  ls_figure *next = list;
  ls_catalog_figures_visit(catalog, append_figure, &next);
  *figures = list;
  *count = total;
  return LS_OK;
}
