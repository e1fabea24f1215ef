#include "variant.h"

#include <stdlib.h>
#include <string.h>

#include "catalog_year.h"
#include "problem_build.h"
#include "refinement.h"

/* A copy of size bytes, or NULL. */
static void *duplicate(const void *bytes, size_t size)
{
  void *copy = malloc(size);
  return copy ? memcpy(copy, bytes, size) : NULL;
}

ls_status ls_variant_create(const ls_session *base, ls_session *variant, ls_error *error)
{
  ls_session made = *base;
  made.problem = NULL;
  made.progress = NULL;
  made.store = NULL; /* its steps are of the base */
  made.catalog = duplicate(base->catalog, sizeof *base->catalog);
  made.spec = duplicate(base->spec, sizeof *base->spec);
  if (!made.catalog || !made.spec) {
    ls_variant_destroy(&made);
    return ls_error_set(error, LS_ERR_MEMORY, NULL, 0, NULL, "no memory for a variant");
  }
  *variant = made;
  return LS_OK;
}

ls_status ls_variant_create_year(const ls_session *base, int32_t year, ls_session *variant,
                                 ls_error *error)
{
  const ls_status status = ls_variant_create(base, variant, error);
  return status == LS_OK ? ls_variant_set_year(variant, year, error) : status;
}

ls_status ls_variant_set_year(ls_session *variant, int32_t year, ls_error *error)
{
  (void)error;
  variant->spec->year = year;
  return ls_catalog_at(variant->catalog_all_years, year, variant->spec->supply_scenario,
                       variant->catalog);
}

ls_status ls_variant_build(ls_session *variant, ls_error *error)
{
  ls_problem_destroy(variant->problem);
  variant->problem = NULL;
  const ls_status status =
      ls_problem_create(variant->catalog, variant->spec, &variant->problem, error);
  if (status == LS_OK && variant->refinement)
    ls_refinement_apply(variant->refinement, variant->problem);
  return status;
}

void ls_variant_destroy(ls_session *variant)
{
  ls_problem_destroy(variant->problem);
  free(variant->catalog);
  free(variant->spec);
  memset(variant, 0, sizeof *variant);
}
