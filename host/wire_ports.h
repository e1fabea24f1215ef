/* Switches with ports that hold links, hosts or nothing, and the search that exchanges what two
 * ports hold. One exchange is that of two links' ends, a host that moves to a free port, or the
 * swing of Yasudo, Koibuchi, Nakano, Matsutani and Amano ("Order/radix problem: towards low
 * end-to-end latency interconnection networks", ICPP 2017): a link and a host that change places.
 */
#ifndef LS_WIRE_PORTS_H
#define LS_WIRE_PORTS_H

#include "wire_lift.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_PORT_FREE = -1, LS_PORT_HOST = -2 };

typedef struct ls_ports {
  int32_t switch_count, radix;
  int64_t sum;   /* over ordered pairs of hosts of the links between their switches */
  int32_t *port; /* [switch_count][radix] the port that a link leads to, or one of the above */
} ls_ports;

/* All free. LS_ERR_MEMORY. */
ls_status ls_ports_create(int32_t switch_count, int32_t radix, ls_ports **ports);
void ls_ports_destroy(ls_ports *ports); /* NULL is fine */

/* Marks the switches that have hosts or lie on a shortest way between some; others serve nobody.
 * is_useful: [switch_count]. LS_ERR_MEMORY. O(switch_count^3). */
ls_status ls_ports_useful(const ls_ports *ports, bool *is_useful);

/* Anneals from *ports, which becomes the best seen; hot and cold are in units of sum. Returns the
 * evaluations done, -1 without memory. */
int64_t ls_ports_anneal(ls_ports *ports, const ls_lift_run *run);

#ifdef __cplusplus
}
#endif
#endif
