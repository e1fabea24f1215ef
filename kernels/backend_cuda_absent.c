/* Stands in for backend_cuda*.cu where there is no nvcc. */
#include <stdio.h>

#include "apsp_backend.h"
#include "backend.h"
#include "qap_backend.h"

static ls_status absent_probe(char *text, size_t capacity)
{
  snprintf(text, capacity, "this program was built without CUDA");
  return LS_ERR_DEVICE;
}

static ls_status absent_sweep(const ls_problem *problem, const ls_sweep_options *options,
                              ls_front *front, ls_sweep_stats *stats)
{
  (void)problem;
  (void)options;
  (void)front;
  (void)stats;
  return LS_ERR_DEVICE;
}

static ls_status absent_score(const ls_score_batch *batch, const ls_score_options *options,
                              ls_score *scores,
                              uint32_t *masks) /* NOLINT(readability-non-const-parameter): seam */
{
  (void)batch;
  (void)options;
  (void)scores;
  (void)masks;
  return LS_ERR_DEVICE;
}

static ls_status absent_fail(const ls_failure_batch *batch, const ls_score_options *options,
                             ls_failure_loss *losses)
{
  (void)batch;
  (void)options;
  (void)losses;
  return LS_ERR_DEVICE;
}

static ls_status absent_create(const ls_qap *qap, int32_t task_count, ls_qap_device **device)
{
  (void)qap;
  (void)task_count;
  (void)device;
  return LS_ERR_DEVICE;
}

static ls_status absent_run(ls_qap_device *device, ls_qap_task *tasks, int32_t count)
{
  (void)device;
  (void)tasks;
  (void)count;
  return LS_ERR_DEVICE;
}

static void absent_destroy(ls_qap_device *device) { (void)device; }

static ls_status absent_apsp_create(const ls_apsp_shape *shape, const ls_apsp_capacity *capacity,
                                    ls_apsp_device **device)
{
  (void)shape;
  (void)capacity;
  (void)device;
  return LS_ERR_DEVICE;
}

static ls_status absent_apsp_evaluate(ls_apsp_device *device, const ls_apsp_batch *batch,
                                      ls_apsp_sum *sums)
{
  (void)device;
  (void)batch;
  (void)sums;
  return LS_ERR_DEVICE;
}

static void absent_apsp_destroy(ls_apsp_device *device) { (void)device; }

const ls_apsp_backend ls_apsp_cuda = {.name = "cuda",
                                      .create = absent_apsp_create,
                                      .evaluate = absent_apsp_evaluate,
                                      .destroy = absent_apsp_destroy};

const ls_qap_backend ls_qap_cuda = {.name = "cuda",
                                    .create = absent_create,
                                    .temper = absent_run,
                                    .tabu = absent_run,
                                    .destroy = absent_destroy};

const ls_backend ls_backend_cuda = {.name = "cuda",
                                    .probe = absent_probe,
                                    .sweep = absent_sweep,
                                    .score = absent_score,
                                    .fail = absent_fail};
