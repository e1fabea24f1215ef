/* Every figure of a catalog, one after the other, with its place: so that a check can count
 * them, and a tornado or a random draw change any of them. Walks the key tables that read them. */
#ifndef LS_CATALOG_FIGURES_H
#define LS_CATALOG_FIGURES_H

#include "catalog.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LS_FIGURE_PATH_MAX 112

/* Where a figure stands: the same in every copy of a catalog, also in one made for another year,
 * so that a list made once serves them all. */
typedef struct ls_figure {
  size_t offset;                 /* of its ls_number in ls_catalog */
  const char *list, *entry;      /* "optics" and the entry's id; entry is empty in parts */
  const char *key;               /* "capex_usd" */
  int digits;                    /* of the key's unit: the number is key times 10^digits */
  int64_t min, max;              /* what the key allows, in stored units */
  char path[LS_FIGURE_PATH_MAX]; /* "optics[dsp-800g-dr8].capex_usd", "parts.mating_loss_db" */
} ls_figure;

/* The figure's number in this catalog, to be changed or only read. */
ls_number *ls_figure_number(ls_catalog *catalog, const ls_figure *figure);
const ls_number *ls_figure_number_const(const ls_catalog *catalog, const ls_figure *figure);

/* A value of the figure in the unit of its key. */
double ls_figure_value(const ls_figure *figure, int64_t value);

/* Calls visit for every figure the catalog's file gives (absent keys are none), in the order of
 * the key tables. entry points into *catalog. O(figures). */
void ls_catalog_figures_visit(const ls_catalog *catalog,
                              void (*visit)(void *context, const ls_figure *figure), void *context);

int32_t ls_catalog_figure_count(const ls_catalog *catalog);

/* The same as an array; free it. LS_ERR_MEMORY. */
ls_status ls_catalog_figures_create(const ls_catalog *catalog, ls_figure **figures, int32_t *count);

#ifdef __cplusplus
}
#endif
#endif
