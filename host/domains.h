/* Failure domains: what fails as one, and how much of the network goes with it.
 *
 * With an instance of a domain fail all links with an end, an OCS or, for trays, a cord in it, and
 * the GPUs that stand in it. Its share is the part of a tier's links that fail, of the tiers the
 * largest. Its share of the rest is what the other GPUs lose: where a part g of the GPUs stand
 * outside, they are due g of each tier's links, and
 *     rest = max over tiers of (failed - (1 - g) all) / (g all), at least 0; 1 where g is 0.
 * Limits judge the rest: no network keeps GPUs up that are without power themselves. */
#ifndef LS_DOMAINS_H
#define LS_DOMAINS_H

#include "json.h"
#include "topology.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Names in specs and JSON, by ls_failure_domain; NULL ends them. */
extern const char *const ls_domain_names[];

/* Fills totals.domains of a placed topology: of each kind the instance with the largest share of
 * the rest. LS_ERR_MEMORY. O(edges + nodes * areas). */
ls_status ls_domains_measure(const ls_spec *spec, ls_topology *topology);

/* Fills totals.domains of laser lots, which need no places. O(edges). */
void ls_domains_add_lots(const ls_catalog *catalog, ls_topology *topology);

/* The first kind whose worst instance takes more than the problem allows, or LS_FAILS_COUNT. */
ls_failure_domain ls_domains_over(const ls_problem *problem, const ls_totals *totals);

/* Sets failure_domains: of each kind that occurs its worst instance. */
void ls_domains_set(const ls_problem *problem, const ls_totals *totals, ls_json *object);

/* "feed a takes 75 % of the rest of the network, at most 50 % are allowed"; text has 128 bytes. */
void ls_domains_sentence(const ls_problem *problem, const ls_totals *totals,
                         ls_failure_domain domain, char text[128]);

#ifdef __cplusplus
}
#endif
#endif
