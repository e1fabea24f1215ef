/* A result of level 2 in words and JSON: of a uniform design what its rank says, of a mixed one how
 * many boxes and links of each kind every tier has, and what that saves. */
#ifndef LS_RESULT_TEXT_H
#define LS_RESULT_TEXT_H

#include "json.h"
#include "level2.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_RESULT_TEXT_MAX = 1536 };

/* As ls_design_chassis_text, ls_design_optics_text and ls_design_fibers_text; where a tier is mixed
 * "sn5600 x12 + q3450-ld x20". */
void ls_result_chassis_text(const ls_session *session, const ls_result *result,
                            char text[LS_RESULT_TEXT_MAX]);
void ls_result_optics_text(const ls_session *session, const ls_result *result,
                           char text[LS_RESULT_TEXT_MAX]);
void ls_result_fibers_text(const ls_session *session, const ls_result *result,
                           char text[LS_RESULT_TEXT_MAX]);

/* Sets `variant`, and of a mixed result `mixed`. */
void ls_result_variant_set(const ls_session *session, const ls_result *result, ls_json *object);

/* Prints what a mixed result saves over the uniform design, and how far its choice may be from the
 * best; nothing of a uniform one. */
void ls_result_print_saved(const ls_result *result);

#ifdef __cplusplus
}
#endif
#endif
