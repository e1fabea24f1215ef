/* What a link of a bundle is, as formats tell it: its rate, its delay, its label. */
#ifndef LS_EXPORT_LINK_H
#define LS_EXPORT_LINK_H

#include "verify_graph.h"

enum { LS_LINK_LABEL_MAX = 48 };

/* Of a GPU's link to its scale-up switch, as SimAI's own templates have it: the design has no
 * figure. */
enum { LS_SCALE_UP_LINK_NS = 25 };

/* Of one link, Gb/s: that of the port, or less where the module of an end is slower. */
int64_t ls_link_gbps(const ls_record *record, const ls_record_edge *edge);

/* Of one link, one way, ps: optics of both ends, error correction and glass or copper. With_passes
 * adds half of the chassis at each end, so that a path sums up to its switches too: each is between
 * two links. */
int64_t ls_link_delay_ps(const ls_record *record, const ls_record_edge *edge, bool with_passes);

/* "8 x 800G". */
void ls_link_label(const ls_record *record, const ls_record_edge *edge,
                   char label[LS_LINK_LABEL_MAX]);

#endif
