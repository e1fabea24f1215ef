/* The quadratic assignment problem as the searches see it: place n things on n places so that
 *
 *     cost = sum over i, j of A[i][j] * B[p(i)][p(j)]
 *
 * is least. Everything is an integer, and a search walks by swaps of two things.
 *
 * Layout. A search keeps its own permuted copy of B, B'[i][j] = B[p(i)][p(j)], so that all it reads
 * is contiguous; an accepted swap exchanges two rows and two columns of it. Diagonals stand aside
 * and are 0 in the matrices. Where A or B is symmetric the other one is replaced by itself plus its
 * transpose and each pair counts once (parts = 1), which leaves the cost as it is; otherwise a row
 * is followed by its column (parts = 2), and a sum over both is a sum over one longer row.
 *
 * The change by a swap of u and v, over all other k, in O(n):
 *
 *     delta(u, v) = sum (A[u][k] - A[v][k]) * (B'[v][k] - B'[u][k])   and what they share
 *
 * and the change of delta(i, j) by a swap of u and v that are neither, in O(1) (Taillard, "Robust
 * taboo search for the quadratic assignment problem", Parallel Computing 17, 1991):
 *
 *     (x[i] - x[j]) * (z[i] - z[j]),  x = A[u] - A[v],  z = B'[u] - B'[v] before the swap.
 *
 * Which of several best moves tabu search takes: that of the least v, then of the least u, where a
 * pair is called (u, v) with u < v, but with u > v where both lie in the same block of
 * LS_QAP_BLOCK. What order tempering proposes in, and with which random numbers, is in
 * qap_temper.h. */
#ifndef LS_QAP_H
#define LS_QAP_H

#include "compat.h"

/* The highest temperature, in its own units. */
#define LS_QAP_TEMPERATURE_MAX 0x1p58

#ifdef __cplusplus
extern "C" {
#endif

/* What matrices are held in, and what a delta is: the least that provably holds them. */
typedef enum ls_qap_width {
  LS_QAP_16, /* int16_t, int32_t */
  LS_QAP_32, /* int32_t, int32_t */
  LS_QAP_64, /* int64_t, int64_t */
  LS_QAP_WIDTH_COUNT
} ls_qap_width;

enum {
  LS_QAP_ALIGNMENT = 64,    /* bytes of a row's multiple: the widest vector */
  LS_QAP_BLOCK = 16,        /* columns of a tabu matrix that are looked at together */
  LS_QAP_LOGARITHMS = 1024, /* entries of the table of -ln u */
  LS_QAP_LOGARITHM_BITS = 16
};

typedef struct ls_qap {
  int32_t n, stride; /* of a part, in elements */
  int32_t parts;     /* 1: symmetric; 2: each row is followed by its column */
  bool has_diagonals;
  ls_qap_width width;
  const void *a, *b;                      /* [n][parts][stride] of the width, padded with 0 */
  const int64_t *a_diagonal, *b_diagonal; /* [n] */
} ls_qap;

/* What a tempering run may keep beside its state, where few proposals are accepted: a proposal is
 * then a look, and an accepted one costs O(n^2). The walk is the same. */
typedef struct ls_qap_walk {
  void *products; /* [n][lane_stride] of deltas, as of a tabu run */
  void *x, *z;    /* [2][lane_stride] of deltas */
  void *row;      /* [2][lane_stride] of deltas: products[j][j]; the deltas of one row */
  int32_t *rows;  /* [n] that a swap changes */
  bool is_kept;   /* products and products[j][j] belong to the state as it is */
} ls_qap_walk;

/* One search's place in the problem. */
typedef struct ls_qap_state {
  int64_t cost, best_cost;
  int32_t *p, *best_p; /* [n] */
  int64_t *diagonal;   /* [n] of B, permuted */
  void *b;             /* [n][parts][stride] of B, permuted */
  ls_qap_walk *walk;   /* of tempering; NULL: it keeps nothing */
  int64_t accepted;    /* proposals of the last run of tempering */
  int64_t idle;        /* of those, that left the cost as it was */
} ls_qap_state;

/* What a tabu run keeps beside its state; lane_stride = n rounded up to LS_QAP_BLOCK. */
typedef struct ls_qap_tabu {
  void *delta; /* [n][lane_stride] of deltas */
  void *pair;  /* [n][lane_stride] until when the swap is forbidden, as iteration, like a delta */
  void *until; /* [n][n] until when thing i may not return to place l, like a delta */
  void *x, *z; /* [2][lane_stride] of deltas */
  void *products; /* [n][lane_stride] of deltas: row j, the sums of A[i][k] * B'[j][k] over k */
  void *column;   /* [3][lane_stride] of deltas */
  int32_t *rows;  /* [n] that a move changes */
} ls_qap_tabu;

/* How far to go, and with which random numbers. */
typedef struct ls_qap_run {
  uint64_t seed, stream;     /* the random numbers: a stream is used by one run alone */
  int64_t step_count;        /* tabu: moves; tempering: proposals */
  int64_t target;            /* a cost that ends the run */
  int64_t temperature;       /* tempering: in units of cost, times 2^LS_QAP_LOGARITHM_BITS */
  const int32_t *logarithms; /* tempering: [LS_QAP_LOGARITHMS] of -ln u, falling, times the same */
  bool is_quiet; /* tempering: few proposals will be accepted, so that a walk is worth keeping */
  bool (*is_over)(void *context); /* asked now and then, ends the run; NULL: nothing does */
  void *context;
} ls_qap_run;

/* The functions of one width in one instruction set. */
typedef struct ls_qap_functions {
  /* Takes state->p over: permutes B and computes the cost, which also becomes the best. */
  void (*begin)(const ls_qap *qap, ls_qap_state *state);
  int64_t (*delta)(const ls_qap *qap, const ls_qap_state *state, int32_t u, int32_t v);
  /* Swaps u and v, whose delta is given; of a state without a walk. */
  void (*swap)(const ls_qap *qap, ls_qap_state *state, int32_t u, int32_t v, int64_t delta);
  /* Robust tabu search from state; returns the moves done. */
  int64_t (*tabu)(const ls_qap *qap, ls_qap_state *state, ls_qap_tabu *tabu, const ls_qap_run *run);
  /* Metropolis steps at one temperature; returns the proposals done. */
  int64_t (*temper)(const ls_qap *qap, ls_qap_state *state, const ls_qap_run *run);
  /* Goes down by swaps until none is for the better. */
  void (*descend)(const ls_qap *qap, ls_qap_state *state);
} ls_qap_functions;

/* By width, in the instruction set that isa.h chooses. */
const ls_qap_functions *ls_qap_functions_choose(ls_qap_width width);

/* Elements of a width in a row of n, padded. */
LS_HD int32_t ls_qap_stride(ls_qap_width width, int32_t n)
{
  const int32_t each = LS_QAP_ALIGNMENT / (width == LS_QAP_16 ? 2 : width == LS_QAP_32 ? 4 : 8);
  return (n + each - 1) / each * each;
}

LS_HD int32_t ls_qap_lane_stride(int32_t n)
{
  return (n + LS_QAP_BLOCK - 1) / LS_QAP_BLOCK * LS_QAP_BLOCK;
}

LS_HD size_t ls_qap_data_bytes(ls_qap_width width)
{
  return width == LS_QAP_16 ? 2 : width == LS_QAP_32 ? 4 : 8;
}

LS_HD size_t ls_qap_delta_bytes(ls_qap_width width) { return width == LS_QAP_64 ? 8 : 4; }

#ifdef __cplusplus
}
#endif
#endif
