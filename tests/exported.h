/* Exports of small designs of every family, for the tests of the GraphML writer and of the
 * verifier; and edits of their text. */
#ifndef LS_TEST_EXPORTED_H
#define LS_TEST_EXPORTED_H

#include "../host/graphml.h"
#include "../host/problem_build.h"
#include "../kernels/evaluate.h"
#include "fabric.h"
#include "shim/shim.h"
#include <stdlib.h>
#include <string.h>

typedef struct exported {
  const char *path; /* in a folder of the running test */
  char *text;       /* of the file */
} exported;

typedef struct exported_wish {
  ls_family family;
  bool is_rail;
  int32_t planes, gpu_count;
  int32_t optic;            /* FABRIC_ optic of the upper tier (clos1: of access), -1: any */
  int32_t circulator_count; /* of that tier, -1: any */
} exported_wish;

static inline bool exported_is_wished(const ls_problem *problem, uint64_t rank,
                                      const exported_wish *wish)
{
  uint16_t link[LS_TIER_MAX];
  ls_score score;
  ls_rank_decode(problem, rank, link);
  const ls_link_row *row = &problem->links[link[wish->family == LS_CLOS1 ? 0 : 1]];
  if (wish->optic >= 0 && row->optic_a != wish->optic) return false;
  if (wish->circulator_count >= 0 && row->circulator_count != wish->circulator_count) return false;
  return ls_rank_score(problem, rank, &score) == 0;
}

/* The first rank as wished whose topology is feasible at its true lengths. */
static inline bool exported_find(const ls_problem *problem, const ls_catalog *catalog,
                                 const ls_spec *spec, const exported_wish *wish,
                                 ls_topology *topology)
{
  for (uint32_t s = 0; s < problem->structure_count; s++) {
    const ls_structure *structure = &problem->structures[s];
    if (structure->family != wish->family || structure->is_rail != wish->is_rail ||
        structure->planes != wish->planes || structure->violation_mask != 0)
      continue;
    for (uint64_t i = 0; i < structure->rank_count; i++) {
      const uint64_t rank = structure->rank_first + i;
      if (!exported_is_wished(problem, rank, wish)) continue;
      if (ls_topology_create(problem, catalog, spec, rank, topology, NULL) != LS_OK) continue;
      if (topology->totals.violation_mask == 0) return true;
      ls_topology_destroy(topology);
    }
  }
  return false;
}

/* Writes catalog's and spec's first design as wished; a failure fails the test. */
static inline bool exported_write(const ls_catalog *catalog, const ls_spec *spec,
                                  const exported_wish *wish, exported *made)
{
  ls_problem *problem = NULL;
  ls_topology topology;
  bool is_made = false;
  if (!SHIM_STATUS(ls_problem_create(catalog, spec, &problem, NULL), LS_OK)) return false;
  if (!exported_find(problem, catalog, spec, wish, &topology)) {
    shim_fail(SHIM_AT, "no feasible design of family %d, %d planes", wish->family, wish->planes);
  } else {
    made->path = shim_format("%s/design.graphml", shim_folder());
    is_made = SHIM_STATUS(ls_graphml_write(&topology, catalog, spec, made->path, NULL), LS_OK);
    made->text = shim_file_read(made->path, NULL);
    ls_topology_destroy(&topology);
  }
  ls_problem_destroy(problem);
  return is_made && made->text != NULL;
}

static inline bool exported_create(exported_wish wish, exported *made)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_spec *spec = shim_alloc(sizeof *spec);
  fabric_catalog(catalog);
  fabric_spec(catalog, wish.gpu_count, spec);
  return exported_write(catalog, spec, &wish, made);
}

/* Sixteen groups of GPUs: each sends most to the next one, some to itself and little to the others.
 */
static inline const ls_demand *exported_demand(void)
{
  enum { GROUPS = 16 };
  ls_demand *demand = shim_alloc(sizeof *demand);
  demand->block_count = GROUPS;
  demand->gpu_count = shim_alloc(GROUPS * sizeof *demand->gpu_count);
  demand->weight = shim_alloc(GROUPS * GROUPS * sizeof *demand->weight);
  for (int32_t i = 0; i < GROUPS; i++) {
    demand->gpu_count[i] = 32;
    for (int32_t j = 0; j < GROUPS; j++)
      demand->weight[i * GROUPS + j] = j == (i + 1) % GROUPS ? 1000 : j == i ? 200 : 1;
  }
  return demand;
}

static inline exported_wish exported_clos2(void)
{
  return (exported_wish){LS_CLOS2, false, 2, 128, FABRIC_DR, 0};
}

static inline exported_wish exported_mesh(void)
{
  return (exported_wish){LS_OCS_SPINE, false, 1, 128, FABRIC_BIDI, 0};
}

/* text with the size bytes at `at` replaced by with. */
static inline char *exported_splice(const char *text, const char *at, size_t size, const char *with)
{
  return shim_format("%.*s%s%s", (int)(at - text), text, with, at + size);
}

/* text with the first `part` at or behind `from` replaced; NULL, and the test fails, without. */
static inline char *exported_replace(const char *text, const char *from, const char *part,
                                     const char *with)
{
  const char *at = strstr(from, part);
  if (at == NULL) {
    shim_fail(SHIM_AT, "no %s in the export", part);
    return NULL;
  }
  return exported_splice(text, at, strlen(part), with);
}

/* The value of <data key="key"> of the element that starts at `from`, up to 127 bytes. */
static inline bool exported_value(const char *from, const char *key, char value[128])
{
  const char *open = shim_format("<data key=\"%s\">", key), *at = strstr(from, open);
  const char *end = at == NULL ? NULL : strchr(at + strlen(open), '<');
  if (end == NULL) return shim_fail(SHIM_AT, "no %s in the export", key);
  snprintf(value, 128, "%.*s", (int)(end - at - (long)strlen(open)), at + strlen(open));
  return true;
}

/* text with another value there. */
static inline char *exported_set(const char *text, const char *from, const char *key,
                                 const char *value)
{
  char old[128];
  if (!exported_value(from, key, old)) return NULL;
  return exported_replace(text, from, shim_format("<data key=\"%s\">%s<", key, old),
                          shim_format("<data key=\"%s\">%s<", key, value));
}

/* text with another value wherever the key stands; NULL, and the test fails, where it does not. */
static inline char *exported_set_all(const char *text, const char *key, const char *value)
{
  const char *open = shim_format("<data key=\"%s\">", key);
  const size_t length = strlen(open), size = strlen(value);
  size_t count = 0, used = 0;
  for (const char *at = strstr(text, open); at != NULL; at = strstr(at + length, open)) count++;
  if (count == 0) {
    shim_fail(SHIM_AT, "no %s in the export", key);
    return NULL;
  }
  char *made = shim_alloc(strlen(text) + count * size + 1);
  for (const char *at; (at = strstr(text, open)) != NULL;) {
    const size_t head = (size_t)(at - text) + length;
    memcpy(made + used, text, head);
    memcpy(made + used + head, value, size);
    used += head + size;
    text += head + strcspn(text + head, "<");
  }
  memcpy(made + used, text, strlen(text) + 1);
  return made;
}

/* The first element behind `from` whose text holds mark, such as "<edge " and ">trunk<";
 * its id is written to id. NULL, and the test fails, when there is none. */
static inline const char *exported_element(const char *from, const char *tag, const char *mark,
                                           char id[128])
{
  const char *close = strcmp(tag, "<edge ") == 0 ? "</edge>" : "</node>";
  for (const char *at = strstr(from, tag); at != NULL; at = strstr(at + 1, tag)) {
    const char *end = strstr(at, close), *found = strstr(at, mark);
    if (end == NULL || found == NULL || found > end) continue;
    const char *start = strstr(at, "id=\"") + 4;
    snprintf(id, 128, "%.*s", (int)strcspn(start, "\""), start);
    return at;
  }
  shim_fail(SHIM_AT, "no %s with %s", tag, mark);
  return NULL;
}

#endif
