/* The order/radix problem: how many switches of so many ports, which hosts on which of them, and
 * which switches joined, so that hosts are fewest links apart on average. docs/wire.md says how it
 * is searched. */
#ifndef LS_WIRE_HOSTS_H
#define LS_WIRE_HOSTS_H

#include "wire.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LS_HOSTS_MAX = 1 << 14, LS_HOSTS_RADIX_MAX = 256, LS_HOSTS_SWITCHES_MAX = LS_APSP_CHUNK };

typedef struct ls_hosts_options {
  int32_t hosts, radix;
  uint64_t seed;
  int32_t thread_count;
  int64_t evaluations;      /* as in ls_wire_options */
  double seconds, deadline; /* as in ls_wire_options */
  const volatile int *stop; /* NULL: none */
} ls_hosts_options;

typedef struct ls_hosts_result {
  ls_wiring wiring; /* nodes 0..hosts-1 are hosts, the switches follow; the caller destroys it */
  int32_t switch_count;
  int64_t distance_sum; /* over unordered pairs of hosts */
  int64_t evaluations;
  const char *bounded_by; /* as in ls_wire_result */
} ls_hosts_result;

/* What no network can be below: the distances from one host to all others at least, summed, and the
 * furthest. The ports at the end of d links number (radix-1)^(d-1) at most, and a port that leads
 * on gives radix-1. */
ls_moore ls_hosts_bound(int64_t hosts, int64_t radix);

/* 2 <= hosts <= LS_HOSTS_MAX, 3 <= radix. LS_ERR_NO when no network of LS_HOSTS_SWITCHES_MAX
 * switches has room for the hosts; LS_ERR_MEMORY. */
ls_status ls_hosts_run(const ls_hosts_options *options, ls_hosts_result *result, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
