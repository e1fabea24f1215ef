/* Graphs of diameter 2 with almost as many nodes as a degree allows. */
#ifndef LS_WIRE_KNOWN_H
#define LS_WIRE_KNOWN_H

#include "wiring.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The polarity graph ER_q (Erdos, Renyi 1962; Brown 1966): the q^2 + q + 1 points of the projective
 * plane over the field of q elements, joined where their scalar product is 0; degree q + 1, and q
 * for q + 1 of them. The q + 1 points of a line that
 * holds its pole stand last: without them q^2 nodes of degree q are left. LS_ERR_NO when there is
 * no such field; LS_ERR_MEMORY. */
ls_status ls_wiring_polarity(int32_t q, ls_wiring *wiring);

/* The graph of McKay, Miller and Siran ("A note on large graphs of diameter two and given maximum
 * degree", J. Combin. Theory B 74, 1998) in Hafner's terms, for q = 4w + delta, delta -1, 0 or 1:
 * 2 q^2 nodes of degree (3q - delta)/2. Errors as above. */
ls_status ls_wiring_mms(int32_t q, ls_wiring *wiring);
int32_t ls_wiring_mms_degree(int32_t q); /* 0: there is none */

#ifdef __cplusplus
}
#endif
#endif
