#include "export_link.h"

#include <inttypes.h>

static const ls_record_optic *end_optic(const ls_record *record, int32_t optic)
{
  return optic < 0 ? NULL : &record->optics[optic];
}

int64_t ls_link_gbps(const ls_record *record, const ls_record_edge *edge)
{
  const ls_record_optic *ends[] = {end_optic(record, edge->optic_a),
                                   end_optic(record, edge->optic_b)};
  int64_t gbps = record->site.port_gbps;
  for (int32_t i = 0; i < 2; i++)
    if (ends[i] && ends[i]->module_gbps > 0 && ends[i]->module_gbps < gbps)
      gbps = ends[i]->module_gbps;
  return gbps;
}

int64_t ls_link_delay_ps(const ls_record *record, const ls_record_edge *edge, bool with_passes)
{
  const ls_record_optic *ends[] = {end_optic(record, edge->optic_a),
                                   end_optic(record, edge->optic_b)};
  const int64_t fs_per_mm = edge->fiber < 0 ? record->site.copper_latency_fs_per_mm
                                            : record->fibers[edge->fiber].latency_fs_per_mm;
  int64_t delay_ps = record->site.fec_latency_ps + edge->length_mm * fs_per_mm / 1000;
  for (int32_t i = 0; i < 2; i++)
    if (ends[i]) delay_ps += ends[i]->latency_ps;
  if (with_passes)
    delay_ps += (record->nodes[edge->node_a].unit_latency_ps +
                 record->nodes[edge->node_b].unit_latency_ps) /
                2;
  return delay_ps;
}

void ls_link_label(const ls_record *record, const ls_record_edge *edge,
                   char label[LS_LINK_LABEL_MAX])
{
  snprintf(label, LS_LINK_LABEL_MAX, "%" PRId64 " x %" PRId64 "G", edge->link_count,
           ls_link_gbps(record, edge));
}
