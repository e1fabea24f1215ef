/* From a QAPLIB instance to what the searches walk on (kernels/qap.h): which matrix is made
 * symmetric, how wide the numbers must be, and memory for searches. */
#ifndef LS_QAP_BUILD_H
#define LS_QAP_BUILD_H

#include "../kernels/qap.h"
#include "qaplib.h"

#ifdef __cplusplus
extern "C" {
#endif

/* destroy frees it. width is the narrowest that provably holds everything, but not below least.
 * LS_ERR_MEMORY; LS_OK otherwise, since what ls_qaplib_read accepts fits 64 bits. O(n^2). */
ls_status ls_qap_create(const ls_qaplib *qaplib, ls_qap_width least, ls_qap **qap, ls_error *error);
void ls_qap_destroy(ls_qap *qap);

/* Memory of one search; contents are zeros. Harmless to destroy one of zeros. LS_ERR_MEMORY. */
ls_status ls_qap_state_create(const ls_qap *qap, ls_qap_state *state);
/* The same without the permuted matrix, for a search that runs on a device: b is NULL. */
ls_status ls_qap_state_create_bare(const ls_qap *qap, ls_qap_state *state);
/* Gives a state what a quiet run of tempering keeps; on error the state is as it was. */
ls_status ls_qap_walk_create(const ls_qap *qap, ls_qap_state *state);
void ls_qap_state_destroy(ls_qap_state *state);
ls_status ls_qap_tabu_create(const ls_qap *qap, ls_qap_tabu *tabu);
void ls_qap_tabu_destroy(ls_qap_tabu *tabu);

#ifdef __cplusplus
}
#endif
#endif
