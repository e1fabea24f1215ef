/* Spaces to sweep in tests: the shipped catalog and a shipped spec, changed in memory. */
#ifndef LS_TEST_SWEEP_SPACE_H
#define LS_TEST_SWEEP_SPACE_H

#include "../host/problem_build.h"
#include "../kernels/backend.h"
#include "shim/shim.h"

typedef struct sweep_space {
  ls_catalog *catalog;
  ls_spec *spec;
  ls_problem *problem; /* NULL until built */
} sweep_space;

/* Reads the inputs; false, and the test fails, when they cannot be read. Name: "lab-64", ... */
static inline bool sweep_space_read(sweep_space *space, const char *name)
{
  ls_error error = {.line = 0};
  *space = (sweep_space){shim_alloc(sizeof(ls_catalog)), shim_alloc(sizeof(ls_spec)), NULL};
  const char *catalog = LS_TEST_SOURCE_DIR "/topologies/catalog.yaml";
  const char *spec = shim_format("%s/topologies/%s.yaml", LS_TEST_SOURCE_DIR, name);
  ls_status status = ls_catalog_read(catalog, space->catalog, &error);
  if (status == LS_OK) status = ls_spec_read(spec, space->catalog, space->spec, &error);
  return status == LS_OK || shim_fail(__FILE__, __LINE__, "%s", error.message);
}

static inline bool sweep_space_build(sweep_space *space)
{
  ls_error error = {.line = 0};
  return ls_problem_create(space->catalog, space->spec, &space->problem, &error) == LS_OK ||
         shim_fail(__FILE__, __LINE__, "%s", error.message);
}

static inline void sweep_space_destroy(sweep_space *space) { ls_problem_destroy(space->problem); }

/* A front with what the sweep that made it says. */
typedef struct swept {
  ls_status status;
  int32_t count;
  ls_front_member *front; /* [count] */
  ls_sweep_stats stats;
} swept;

static inline swept sweep_with(const ls_backend *backend, const ls_problem *problem,
                               const ls_sweep_options *options)
{
  swept result = {.count = 0};
  ls_front *front;
  result.status = ls_front_create(problem->objective_mask, &front);
  if (result.status != LS_OK) return result;
  result.status = backend->sweep(problem, options, front, &result.stats);
  result.count = ls_front_count(front);
  result.front = shim_alloc(((size_t)result.count + 1) * sizeof *result.front);
  ls_front_read(front, result.front);
  ls_front_destroy(front);
  return result;
}

static inline void expect_same_front(const swept *a, const swept *b)
{
  EXPECT_STATUS(a->status, LS_OK);
  EXPECT_STATUS(b->status, LS_OK);
  ASSERT_EQ_I64(a->count, b->count);
  EXPECT_BYTES(a->front, b->front, (size_t)a->count * sizeof *a->front);
  EXPECT_EQ_U64(a->stats.evaluated_count, b->stats.evaluated_count);
  EXPECT_EQ_U64(a->stats.bounded_count, b->stats.bounded_count);
  EXPECT_EQ_U64(a->stats.feasible_count, b->stats.feasible_count);
}

#endif
