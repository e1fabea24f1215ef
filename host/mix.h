/* The mixed variant of a design: the same wiring at the same places, but each bundle takes the link
 * option, and each box the chassis, that costs least over the years at its true length and in its
 * slot, as far as supply, vendors' shares, cages and slots allow.
 *
 * What is chosen is linear (choice.h): a module's cost by the ports that it serves, at the number
 * that the uniform design buys. The ledger then counts modules, spares and lost hours as always,
 * and decides. */
#ifndef LS_MIX_H
#define LS_MIX_H

#include "topology.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Turns a topology as ls_topology_create made it into its mixed variant where neither violates
 * anything and the mixed one costs less over the years; else it stays as it is (topology->variant
 * tells). without: LS_WITHOUT_ bits, what it may not
 * bring in. The same topology gives the same variant. LS_ERR_MEMORY: the topology is then only to
 * be destroyed. O(edges log edges), and the choice. */
ls_status ls_topology_mix(const ls_catalog *catalog, const ls_spec *spec, int32_t without,
                          ls_topology *topology);

#ifdef __cplusplus
}
#endif
#endif
