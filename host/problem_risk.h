/* What the failures of a structure's parts cost the job: GPU-hours for each failure, and for each
 * hour until it is repaired. docs/model.md, section 6. */
#ifndef LS_PROBLEM_RISK_H
#define LS_PROBLEM_RISK_H

#include "spec.h"

#ifdef __cplusplus
extern "C" {
#endif

/* GPUs that stop together. */
int64_t ls_spec_job_gpus(const ls_spec *spec);

/* Milli-GPU-hours lost when the whole job stops: until it computes again, and what it computed
 * since its last checkpoint, half an interval on average. */
int64_t ls_spec_lost_job(const ls_spec *spec);

/* Of these what it takes to start again, where a stop was planned. */
int64_t ls_spec_lost_restart(const ls_spec *spec);

/* The job waits for each of the flaps that come with one failure of a link. */
int64_t ls_spec_lost_flaps(const ls_spec *spec);

/* Share of a step that the network decides, as the spec says; else as its traffic takes in a
 * network without loss, else 0.3. */
int32_t ls_spec_communication_ppm(const ls_spec *spec);

/* Fills kill_ppm, path_count and what the failures of chassis and OCS cost of a sized structure
 * whose sides are known. */
void ls_structure_fill_risk(const ls_spec *spec, const ls_problem *problem,
                            ls_structure *structure);

#ifdef __cplusplus
}
#endif
#endif
