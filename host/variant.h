/* The same question with other inputs: another year, another figure, a constraint less. A
 * variant shares machine and backend of the session it comes from and owns its inputs. */
#ifndef LS_VARIANT_H
#define LS_VARIANT_H

#include "session.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Copies catalog and spec of base, for the caller to change before ls_variant_build. base must
 * outlive the variant. LS_ERR_MEMORY. */
ls_status ls_variant_create(const ls_session *base, ls_session *variant, ls_error *error);

/* As ls_variant_create, with the catalog resolved for another year. */
ls_status ls_variant_create_year(const ls_session *base, int32_t year, ls_session *variant,
                                 ls_error *error);

/* Moves the variant's inputs to another year. */
ls_status ls_variant_set_year(ls_session *variant, int32_t year, ls_error *error);

/* (Re)builds the variant's problem from its inputs as they stand. LS_ERR_NO when they span no
 * design, as ls_problem_create. */
ls_status ls_variant_build(ls_session *variant, ls_error *error);

void ls_variant_destroy(ls_session *variant);

#ifdef __cplusplus
}
#endif
#endif
