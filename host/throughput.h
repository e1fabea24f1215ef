/* What an exported design delivers, from its file alone: by linear programming and by simulation of
 * routings, where the model has closed forms. A block is a leaf; traffic is in shares of what its
 * GPUs' NICs send. Rails that no link joins, and planes, are networks of their own; the least
 * counts.
 *
 * All-to-all: each GPU sends to all alike, itself among them; the maximum concurrent flow (flow.h).
 *
 * Worst: whatever the traffic, as long as no NIC sends or receives more than it can. At least half
 * of all-to-all, which carries it in two steps by way of all blocks alike (Valiant); of a Clos also
 * what it carries by way of its highest switches, each the same part of all traffic. At most what
 * capacity leaves for the permutation of blocks that asks for most hops, where traffic beyond a
 * direct trunk takes two; what the maximum concurrent flow of that very permutation is; and
 * all-to-all. */
#ifndef LS_THROUGHPUT_H
#define LS_THROUGHPUT_H

#include "flow.h"
#include "json.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ls_throughput_options {
  bool is_exact;    /* all-to-all by GLPK */
  double gap;       /* of the intervals */
  int32_t steps;    /* at most, of each flow */
  int32_t failures; /* parts that are down, drawn with seed; 0: none */
  uint64_t seed;
  int64_t work_max; /* blocks times arcs of a network beyond which nothing is routed */
  int32_t thread_count;
  const volatile int *stop;
} ls_throughput_options;

/* Shares of what the NICs that are up send, at most 1; of all networks the least. */
typedef struct ls_throughput {
  int32_t network_count, block_count; /* networks; blocks of the largest */
  double all_to_all_low, all_to_all_high;
  double all_to_all_parts; /* of 1, to which the two are told: more of them by GLPK */
  double ecmp, valiant;    /* all-to-all routed by fewest hops; by way of every block */
  double worst_low, worst_high;
  double worst_hops;                /* of a unit of the permutation that asks for most, the mean */
  double formula_low, formula_high; /* the worst, as the file claims it */
} ls_throughput;

/* LS_ERR_INPUT: not one of our files; LS_ERR_FULL: too large to be routed, *error says so;
 * LS_ERR_NO: no part of it can fail; LS_ERR_MEMORY, LS_ERR_INTERNAL. */
ls_status ls_throughput_measure(const char *path, const ls_throughput_options *options,
                                ls_throughput *found, ls_error *error);

/* The next so many-th part of 1 below or above a bound, so that an interval stays true when it is
 * printed with few decimals. */
double ls_throughput_down(double bound, double parts);
double ls_throughput_up(double bound, double parts);

/* Sets networks, blocks, all_to_all, ecmp, valiant, worst and worst_hops_mean, to four decimals,
 * all_to_all by GLPK to nine, intervals outwards, and worst_formula. */
void ls_throughput_set(const ls_throughput *found, ls_json *object);

#ifdef __cplusplus
}
#endif
#endif
