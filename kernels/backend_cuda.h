/* The functions of the CUDA backend that have a file of their own. */
#ifndef LS_BACKEND_CUDA_H
#define LS_BACKEND_CUDA_H

#include "backend.h"

/* As ls_backend.score. */
ls_status ls_cuda_score(const ls_score_batch *batch, const ls_score_options *options,
                        ls_score *scores, uint32_t *masks);

/* As ls_backend.fail. */
ls_status ls_cuda_fail(const ls_failure_batch *batch, const ls_score_options *options,
                       ls_failure_loss *losses);

#endif
