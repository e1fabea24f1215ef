/* A rank in words: which chassis, optics and fibers it stands for, for people and for JSON. */
#ifndef LS_DESIGN_H
#define LS_DESIGN_H

#include "json.h"
#include "session.h"

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
 * latency_ns_max, bandwidth_at_risk_gbps. */
void ls_design_metrics_set(const ls_score *score, ls_json *object);

/* Short texts for tables; each at least 96 bytes. chassis: "sn5600/q3450-ld"; optics per tier:
 * "dsp-800g-dr8+lpo-800g-dr8 | ...". */
void ls_design_chassis_text(const ls_session *session, const ls_structure *structure,
                            char text[128]);
void ls_design_optics_text(const ls_session *session, const ls_structure *structure,
                           const uint16_t link[LS_TIER_MAX], char text[256]);

#ifdef __cplusplus
}
#endif
#endif
