/* How full the trays are: strands above each row, and between halls across each gap.
 *
 * A cord that leaves its rack lies above the rows of both ends, once where they are one, and across
 * every gap between their halls. A circuit lies where its legs do. Copper has no strands. */
#ifndef LS_TRAYS_H
#define LS_TRAYS_H

#include "json.h"
#include "problem_build.h"
#include "topology.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The most trays that one cord lies in. */
enum { LS_TRAYS_OF_CORD = 2 + LS_AREA_MAX };

/* Those above the rows come first, then the gaps, each by the hall before it. */
int32_t ls_trays_count(const ls_spec_floor *floor);

/* The trays of a cord between two slots; returns how many. O(areas). */
int32_t ls_trays_of_cord(const ls_spec_floor *floor, int32_t slot_a, int32_t slot_b,
                         int32_t trays[LS_TRAYS_OF_CORD]);

/* "row3", or "north-south" for the gap between these halls. */
void ls_trays_name(const ls_spec_floor *floor, int32_t tray, char name[32]);

/* Strands in each tray of a placed topology. strands: [ls_trays_count]. O(edges * areas). */
void ls_trays_strands(const ls_spec *spec, const ls_topology *topology, int64_t *strands);

/* Fills totals.tray of a placed topology. LS_ERR_MEMORY. O(edges * areas). */
ls_status ls_trays_measure(const ls_spec *spec, ls_topology *topology);

/* Whether the fullest tray holds more than the spec allows. */
bool ls_trays_are_over(const ls_spec *spec, const ls_totals *totals);

/* What a uniform design that fills a tray too much tells of others of its structure, at its places:
 * in each tier how few strands a link must have so that the tray can hold all with the least
 * strands elsewhere, and where the design is within all of these itself, fewer than it has in the
 * tier that has the most to spare there. */
ls_status ls_trays_bound(const ls_spec *spec, const ls_topology *topology,
                         ls_strand_bounds *bounds);

/* Sets fullest_tray. */
void ls_trays_set(const ls_spec *spec, const ls_totals *totals, ls_json *object);

/* "the tray row3 holds 5,000 strands of at most 4,000"; without a cap none is told. */
void ls_trays_sentence(const ls_spec *spec, const ls_totals *totals, char text[128]);

#ifdef __cplusplus
}
#endif
#endif
