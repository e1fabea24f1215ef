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

/* Share of a step that the network decides, as the spec says; else as its traffic takes in a
 * network without loss, else 0.3. */
int32_t ls_spec_communication_ppm(const ls_spec *spec);

/* What a part's failure costs the job: at once, and in each hour that it is down. */
typedef struct ls_part_loss {
  int64_t lost_mgpuh, slow_mgpuh;
} ls_part_loss;

/* Of a part that ends the job with that chance, else takes one of width equal paths; without
 * flaps. */
ls_part_loss ls_spec_part_loss(const ls_spec *spec, int64_t p_kill_ppm, int64_t width);

/* Fills lost_end, slow_end, lost_chassis, slow_chassis, lost_ocs and slow_ocs of a sized
 * structure whose sides are known. */
void ls_structure_fill_risk(const ls_spec *spec, const ls_problem *problem,
                            ls_structure *structure);

#ifdef __cplusplus
}
#endif
#endif
