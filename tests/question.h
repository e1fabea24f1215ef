/* A whole session without a command line: the shipped catalog and a shipped spec, changed in
 * memory, on the CPU. */
#ifndef LS_TEST_QUESTION_H
#define LS_TEST_QUESTION_H

#include <stdlib.h>

#include "../host/problem_build.h"
#include "../host/session.h"
#include "../host/topology.h"
#include "shim/shim.h"

typedef struct question {
  ls_session session;
} question;

static const volatile int question_never_stops = 0;

/* Reads the inputs of topologies/<name>.yaml; the problem is built by question_build. */
static inline bool question_read(question *asked, const char *name)
{
  ls_error error = {.line = 0};
  const ls_arguments arguments = {
      .positional = {shim_format("%s/topologies/%s.yaml", LS_TEST_SOURCE_DIR, name)},
      .backend = "cpu"};
  *asked = (question){.session = {.backend = &ls_backend_cpu, .thread_count = 2}};
  const ls_status status = ls_session_read(&arguments, &asked->session, &error);
  asked->session.stop = &question_never_stops;
  return status == LS_OK || shim_fail(__FILE__, __LINE__, "%s", error.message);
}

static inline bool question_build(question *asked)
{
  ls_error error = {.line = 0};
  ls_session *session = &asked->session;
  ls_status status = ls_problem_create(session->catalog, session->spec, &session->problem, &error);
  if (status == LS_OK) status = ls_devices_create(&session->devices, &error);
  return status == LS_OK || shim_fail(__FILE__, __LINE__, "%s", error.message);
}

static inline void question_destroy(question *asked) { ls_session_close(&asked->session); }

/* Builds and places the first design of each family that finds places, and tells of each. */
static inline void question_place_families(const question *asked, const ls_placer *placer,
                                           void (*told)(void *context, const ls_topology *topology))
{
  const ls_session *session = &asked->session;
  uint32_t seen_mask = 0;
  for (uint32_t s = 0; s < session->problem->structure_count && !shim_has_failed(); s++) {
    const ls_structure *structure = &session->problem->structures[s];
    ls_topology topology;
    if (structure->violation_mask || seen_mask >> structure->family & 1 ||
        ls_topology_create_placed(session->problem, session->catalog, session->spec,
                                  structure->rank_first, placer, &topology, NULL))
      continue;
    seen_mask |= 1U << structure->family;
    told(placer->context, &topology);
    ls_topology_destroy(&topology);
  }
}

#endif
