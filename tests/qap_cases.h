/* Instances for tests of placement: random ones of every kind, and a file's. */
#ifndef LS_TEST_QAP_CASES_H
#define LS_TEST_QAP_CASES_H

#include <stdio.h>
#include <string.h>

#include "../host/qaplib.h"
#include "../kernels/philox.h"
#include "shim/shim.h"

/* Where the library's files lie: beside the project, not in it. */
#define QAP_LIBRARY LS_TEST_SOURCE_DIR "/../shared/data/qaplib/"

typedef struct qap_case {
  const char *name;
  int32_t n;
  int64_t most; /* entries are 0..most, or -most..most */
  bool is_a_symmetric, is_b_symmetric, has_diagonals, is_signed;
} qap_case;

/* One of each kind; none is too large to be searched in a test. */
static const qap_case qap_kinds[] = {
    {"symmetric", 40, 99, true, true, false, false},
    {"one symmetric", 33, 2000, true, false, false, false},
    {"the other symmetric", 17, 99, false, true, true, false},
    {"asymmetric", 31, 99, false, false, false, false},
    {"asymmetric with diagonals", 32, 150, false, false, true, true},
    {"beyond 16 bits", 20, 2000, true, true, true, false},
    {"large flows", 19, 3000000, false, false, true, true},
    {"largest flows", 13, 40000000, true, true, true, true},
    {"two", 2, 9, false, false, true, false},
    {"many alike", 35, 1, true, true, false, false},
};

enum { QAP_KIND_COUNT = sizeof qap_kinds / sizeof *qap_kinds };

static inline int64_t qap_draw(uint64_t stream, uint64_t step, const qap_case *made)
{
  const ls_philox_words words = ls_philox(7, stream, step);
  const uint64_t number = (uint64_t)words.v[1] << 32 | words.v[0];
  const int64_t value = (int64_t)(number % ((uint64_t)made->most + 1));
  return made->is_signed && words.v[2] & 1 ? -value : value;
}

/* Matrices live until the test ends. */
static inline ls_qaplib qap_make(const qap_case *made, uint64_t seed)
{
  const int64_t n = made->n;
  const size_t bytes = (size_t)(n * n) * sizeof(int64_t);
  ls_qaplib qaplib = {.n = made->n, .a = shim_alloc(bytes), .b = shim_alloc(bytes)};
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < n; j++) {
      const uint64_t at = (uint64_t)(i * n + j), mirror = (uint64_t)(j * n + i);
      if (i == j && !made->has_diagonals) continue;
      qaplib.a[at] = qap_draw(2 * seed, made->is_a_symmetric && j > i ? mirror : at, made);
      qaplib.b[at] = qap_draw(2 * seed + 1, made->is_b_symmetric && j > i ? mirror : at, made);
    }
  return qaplib;
}

/* As a file of the library, in a folder of the test's. */
static inline const char *qap_write(const ls_qaplib *qaplib, const char *name)
{
  const int64_t count = (int64_t)qaplib->n * qaplib->n;
  char *text = shim_alloc((size_t)count * 2 * 24 + 64);
  size_t length = (size_t)sprintf(text, "%d\n", qaplib->n);
  for (int64_t i = 0; i < 2 * count; i++)
    length += (size_t)sprintf(text + length, " %lld%s",
                              (long long)(i < count ? qaplib->a[i] : qaplib->b[i - count]),
                              i % qaplib->n == qaplib->n - 1 ? "\n" : "");
  const char *path = shim_format("%s/%s.dat", shim_folder(), name);
  shim_file_write(path, text, length);
  return path;
}

#endif
