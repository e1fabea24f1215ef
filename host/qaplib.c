#include "qaplib.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "wide.h"

enum { FILE_BYTES_MAX = 1 << 29 };

typedef struct reader {
  const char *path, *at;
  int32_t line;
  ls_error *error;
} reader;

static void blanks_skip(reader *self)
{
  for (; *self->at == ',' || isspace((unsigned char)*self->at); self->at++)
    self->line += *self->at == '\n';
}

/* The word that stands where a number should, shortened for a message. */
static void word_copy(const char *at, char word[24])
{
  int32_t length = 0;
  for (; length < 23 && at[length] && !isspace((unsigned char)at[length]); length++)
    word[length] = isprint((unsigned char)at[length]) ? at[length] : '?';
  word[length] = '\0';
}

/* The next integer; what names it in errors: "the number 7 of 12 of the first matrix". */
static ls_status integer_read(reader *self, const char *name, int64_t index, int64_t count,
                              int64_t *value)
{
  char *end, word[24];
  blanks_skip(self);
  if (!*self->at)
    return ls_error_set(self->error, LS_ERR_INPUT, self->path, self->line, NULL,
                        "ends where number %lld of %lld of %s is expected", (long long)index + 1,
                        (long long)count, name);
  errno = 0;
  const long long number = strtoll(self->at, &end, 10);
  const bool is_whole = end != self->at && (!*end || *end == ',' || isspace((unsigned char)*end));
  if (!is_whole || errno) {
    word_copy(self->at, word);
    return ls_error_set(self->error, LS_ERR_INPUT, self->path, self->line, NULL,
                        "expects %s as number %lld of %lld of %s, got %s",
                        errno ? "an integer of 64 bits" : "an integer", (long long)index + 1,
                        (long long)count, name, word);
  }
  self->at = end;
  *value = number;
  return LS_OK;
}

static ls_status end_read(reader *self, const char *after)
{
  char word[24];
  blanks_skip(self);
  if (!*self->at) return LS_OK;
  word_copy(self->at, word);
  return ls_error_set(self->error, LS_ERR_INPUT, self->path, self->line, NULL,
                      "must end after %s, got %s", after, word);
}

static ls_status count_read(reader *self, int32_t *n)
{
  int64_t value;
  const ls_status status = integer_read(self, "the size", 0, 1, &value);
  if (status != LS_OK) return status;
  if (value < 1 || value > LS_QAPLIB_N_MAX)
    return ls_error_set(self->error, LS_ERR_INPUT, self->path, self->line, "n",
                        "must be 1..%d, got %lld", LS_QAPLIB_N_MAX, (long long)value);
  *n = (int32_t)value;
  return LS_OK;
}

/* ---- Instances ---- */

static ls_status matrix_read(reader *self, const char *name, int32_t n, int64_t *matrix)
{
  const int64_t count = (int64_t)n * n;
  for (int64_t i = 0; i < count; i++) {
    const ls_status status = integer_read(self, name, i, count, &matrix[i]);
    if (status != LS_OK) return status;
  }
  return LS_OK;
}

static ls_wide magnitude(int64_t value) { return value < 0 ? -(ls_wide)value : value; }

/* No sum of products of the two matrices may come near the end of 64 bits, whatever the order. */
static ls_status range_check(const reader *self, const ls_qaplib *qaplib)
{
  const int64_t count = (int64_t)qaplib->n * qaplib->n;
  const ls_wide most = (ls_wide)1 << 60;
  ls_wide sum_a = 0, sum_b = 0, most_a = 0, most_b = 0;
  for (int64_t i = 0; i < count; i++) {
    const ls_wide a = magnitude(qaplib->a[i]), b = magnitude(qaplib->b[i]);
    sum_a += a;
    sum_b += b;
    if (a > most_a) most_a = a;
    if (b > most_b) most_b = b;
  }
  const bool fits = most_a <= most && most_b <= most && sum_a <= most && sum_b <= most &&
                    (sum_a * most_b <= most || sum_b * most_a <= most);
  if (fits) return LS_OK;
  return ls_error_set(self->error, LS_ERR_INPUT, self->path, 0, NULL,
                      "has numbers so large that a cost might leave 61 bits");
}

ls_status ls_qaplib_read(const char *path, ls_qaplib *qaplib, ls_error *error)
{
  char *text = NULL;
  size_t size;
  ls_qaplib read = {0};
  ls_status status = ls_file_read(path, FILE_BYTES_MAX, &text, &size, error);
  if (status != LS_OK) return status;
  reader self = {.path = path, .at = text, .line = 1, .error = error};
  status = count_read(&self, &read.n);
  if (status == LS_OK) {
    const size_t n = read.n > 0 ? (size_t)read.n : 1, entries = n * n;
    read.a = calloc(entries, sizeof *read.a);
    read.b = calloc(entries, sizeof *read.b);
    if (!read.a || !read.b) status = ls_error_set(error, LS_ERR_MEMORY, path, 0, NULL, "no memory");
  }
  if (status == LS_OK) status = matrix_read(&self, "the first matrix", read.n, read.a);
  if (status == LS_OK) status = matrix_read(&self, "the second matrix", read.n, read.b);
  if (status == LS_OK) status = end_read(&self, "the second matrix");
  if (status == LS_OK) status = range_check(&self, &read);
  if (status == LS_OK)
    *qaplib = read;
  else
    ls_qaplib_destroy(&read);
  free(text);
  return status;
}

void ls_qaplib_destroy(ls_qaplib *qaplib)
{
  free(qaplib->a);
  free(qaplib->b);
  *qaplib = (ls_qaplib){0};
}

int64_t ls_qaplib_cost(const ls_qaplib *qaplib, const int32_t *p)
{
  const int32_t n = qaplib->n;
  ls_wide sum = 0;
  for (int32_t i = 0; i < n; i++)
    for (int32_t j = 0; j < n; j++)
      sum += (ls_wide)qaplib->a[(int64_t)i * n + j] * qaplib->b[(int64_t)p[i] * n + p[j]];
  return (int64_t)sum;
}

/* ---- Solutions ---- */

/* 1-based in the file. inverse is filled beside p and says, until then, who has come. */
static ls_status permutation_read(reader *self, int32_t n, int32_t *p, int32_t *inverse)
{
  for (int32_t i = 0; i < n; i++) inverse[i] = -1;
  for (int32_t i = 0; i < n; i++) {
    int64_t value;
    const ls_status status = integer_read(self, "the permutation", i, n, &value);
    if (status != LS_OK) return status;
    if (value < 1 || value > n || inverse[value - 1] >= 0)
      return ls_error_set(self->error, LS_ERR_INPUT, self->path, self->line, NULL,
                          "must hold each of 1..%d once, got %lld%s", n, (long long)value,
                          value < 1 || value > n ? "" : " again");
    p[i] = (int32_t)value - 1;
    inverse[value - 1] = i;
  }
  return LS_OK;
}

static ls_status solution_parse(reader *self, const ls_qaplib *qaplib, int32_t *p, int32_t *inverse,
                                int64_t *claimed)
{
  int32_t n;
  ls_status status = count_read(self, &n);
  if (status != LS_OK) return status;
  if (n != qaplib->n)
    return ls_error_set(self->error, LS_ERR_INPUT, self->path, self->line, "n",
                        "must be %d as in the instance, got %d", qaplib->n, n);
  status = integer_read(self, "the cost", 0, 1, claimed);
  if (status == LS_OK) status = permutation_read(self, n, p, inverse);
  if (status == LS_OK) status = end_read(self, "the permutation");
  return status;
}

ls_status ls_qaplib_solution_read(const char *path, const ls_qaplib *qaplib, int32_t *p,
                                  ls_qaplib_order *order, ls_error *error)
{
  char *text = NULL;
  size_t size;
  int64_t claimed = 0;
  int32_t *words = calloc(2 * (size_t)qaplib->n, sizeof *words);
  if (!words) return ls_error_set(error, LS_ERR_MEMORY, path, 0, NULL, "no memory");
  int32_t *inverse = words + qaplib->n;
  ls_status status = ls_file_read(path, FILE_BYTES_MAX, &text, &size, error);
  if (status == LS_OK) {
    reader self = {.path = path, .at = text, .line = 1, .error = error};
    status = solution_parse(&self, qaplib, words, inverse, &claimed);
  }
  if (status == LS_OK) {
    const int64_t direct = ls_qaplib_cost(qaplib, words), other = ls_qaplib_cost(qaplib, inverse);
    const bool is_inverse = direct != claimed && (other == claimed || other < direct);
    memcpy(p, is_inverse ? inverse : words, (size_t)qaplib->n * sizeof *p);
    *order = direct != claimed && other != claimed ? LS_QAPLIB_NEITHER
             : is_inverse                          ? LS_QAPLIB_INVERSE
                                                   : LS_QAPLIB_DIRECT;
  }
  free(text);
  free(words);
  return status;
}
