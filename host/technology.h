/* What class of optics a design is made of: the words in which years and explanations speak. */
#ifndef LS_TECHNOLOGY_H
#define LS_TECHNOLOGY_H

#include "session.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Optics per tier of links, by kind: "dsp | dsp+cpo | cpo", with an OCS ", OCS", with a
 * scale-up network "; scale-up oio". */
enum { LS_TECHNOLOGY_TEXT_MAX = 96 };
const char *ls_technology_text(const ls_session *session, uint64_t rank,
                               char text[LS_TECHNOLOGY_TEXT_MAX]);

/* The kind of one end (0: nearer to the GPU) of a tier's links, as in catalogs: "dsp". */
const char *ls_technology_kind(const ls_session *session, uint64_t rank, int32_t tier, int32_t end);

/* Whether a chassis of the design has integrated optics; whether it has OCS. */
bool ls_technology_has_cpo(const ls_problem *problem, uint64_t rank);
bool ls_technology_has_ocs(const ls_problem *problem, uint64_t rank);

/* The design's first part that cannot be bought for its place in the year of the session's
 * problem: names it in text ("q3450-ld at the leaf is not on sale before 2027") and returns true;
 * false: all can be bought. The rank is one of problem, which has the same catalog entries. */
enum { LS_GATE_TEXT_MAX = 160 };
bool ls_technology_gate(const ls_session *session, const ls_problem *problem, uint64_t rank,
                        char text[LS_GATE_TEXT_MAX]);

#ifdef __cplusplus
}
#endif
#endif
