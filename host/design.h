/* A rank in words: which chassis, optics and fibers it stands for, for people and for JSON. */
#ifndef LS_DESIGN_H
#define LS_DESIGN_H

#include "json.h"
#include "session.h"
#include "topology.h"

#ifdef __cplusplus
extern "C" {
#endif

/* {family, planes, port_gbps, oversubscription, switches{leaf,...}, ocs, links[{tier, optic_a,
 * optic_b, fiber, circulators}]}: the design file's content. */
ls_json *ls_design_json(const ls_session *session, uint64_t rank);

/* Counts, level-1 metrics and scores of a design of the front, with its design. */
ls_json *ls_design_front_json(const ls_session *session, const ls_front_member *member);

/* Sets leaf_count ... oversubscription_actual of a structure. */
void ls_design_counts_set(const ls_structure *structure, ls_json *object);

/* Sets the metrics in the units people use: capex_usd, power_w, throughput_worst_low,
 * latency_ns_max, bandwidth_at_risk_gbps, tco_usd, lost_gpu_hours_per_year, usd_per_gpu_hour. */
void ls_design_metrics_set(const ls_score *score, ls_json *object);

/* Sets capex_usd, tco_usd and what goes with it, the powers, module, engine, laser and FAU counts,
 * fiber_km, worst latency, throughput and bandwidth at risk. */
void ls_design_totals_set(const ls_totals *totals, ls_json *object);

/* Short texts for tables. chassis: "sn5600 / q3450-ld", with an OCS ", OCS palomar". Optics per
 * tier: "dsp-800g-dr8+lpo-800g-dr8 | lpo-800g-dr8 [hollow-core]": one id where both ends are
 * alike, a fiber in brackets where it is not the catalog's first, "+circulators" with them. */
void ls_design_chassis_text(const ls_session *session, const ls_structure *structure,
                            char text[192]);
void ls_design_optics_text(const ls_session *session, const ls_structure *structure,
                           const uint16_t link[LS_TIER_MAX], char text[384]);

/* Fiber ids per tier, "copper" where there is none: "copper | g652d". */
void ls_design_fibers_text(const ls_session *session, const ls_structure *structure,
                           const uint16_t link[LS_TIER_MAX], char text[192]);

/* OCS units of the design, over all planes. */
int32_t ls_design_ocs_count(const ls_problem *problem, uint64_t rank);

#ifdef __cplusplus
}
#endif
#endif
