/* Tests in C on GoogleTest. A test file holds
 *
 *     LS_TEST(Suite, says_what_holds) { EXPECT_EQ_I64(sum(2, 2), 4); }
 *
 * and nothing else is needed: the test registers itself before main, and filters, shuffling, XML
 * output and the rest of GoogleTest's options work on it. EXPECT_ goes on after a failure, ASSERT_
 * leaves the function it stands in, which must return void. This file never says how: shim.cpp
 * alone knows GoogleTest. */
#ifndef LS_SHIM_H
#define LS_SHIM_H

#include "../../kernels/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Registration ---- */

typedef struct shim_test {
  const char *suite, *name, *file;
  int line;
  void (*body)(void);
  struct shim_test *next;
} shim_test;

/* Appends *test, which lives as long as the process, to what main registers. */
void shim_register(shim_test *test);

#define LS_TEST_IF(condition, suite, name)                                                         \
  static void suite##_##name(void);                                                                \
  __attribute__((constructor)) static void suite##_##name##_register(void)                         \
  {                                                                                                \
    static shim_test test = {#suite, #name, __FILE__, __LINE__, suite##_##name, NULL};             \
    if (condition) shim_register(&test);                                                           \
  }                                                                                                \
  static void suite##_##name(void)

#define LS_TEST(suite, name) LS_TEST_IF(true, suite, name)

/* ---- Expectations. Each function returns whether it held, and reports file and line if not. */

bool shim_fail(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool shim_bool(const char *file, int line, const char *text, bool actual, bool expected);
bool shim_i64(const char *file, int line, const char *text, int64_t a, const char *relation,
              int64_t b);
bool shim_u64(const char *file, int line, const char *text, uint64_t a, const char *relation,
              uint64_t b);
bool shim_near(const char *file, int line, const char *text, double a, double b, double tolerance);
/* NULL equals only NULL. */
bool shim_string(const char *file, int line, const char *text, const char *a, const char *b);
bool shim_contains(const char *file, int line, const char *text, const char *whole,
                   const char *part);
bool shim_bytes(const char *file, int line, const char *text, const void *a, const void *b,
                size_t size);
bool shim_status(const char *file, int line, const char *text, ls_status actual,
                 ls_status expected);
/* Marks the test as skipped; the macro leaves it. */
void shim_skip(const char *file, int line, const char *why);
/* Whether the running test has failed so far: for loops that should stop at the first failure. */
bool shim_has_failed(void);

#define SHIM_AT __FILE__, __LINE__
#define SHIM_EXPECT(check) ((void)(check))
#define SHIM_ASSERT(check)                                                                         \
  do {                                                                                             \
    if (!(check)) return;                                                                          \
  } while (0)

#ifdef __clang_analyzer__ /* it cannot see that what is asserted holds from there on */
#define SHIM_TRUE(a) (a)
#define SHIM_FALSE(a) (!(a))
#else
#define SHIM_TRUE(a) shim_bool(SHIM_AT, #a, (a), true)
#define SHIM_FALSE(a) shim_bool(SHIM_AT, #a, (a), false)
#endif
#define SHIM_I64(a, relation, b) shim_i64(SHIM_AT, #a " " relation " " #b, (a), relation, (b))
#define SHIM_U64(a, relation, b) shim_u64(SHIM_AT, #a " " relation " " #b, (a), relation, (b))
#define SHIM_NEAR(a, b, tolerance) shim_near(SHIM_AT, #a " ~ " #b, (a), (b), (tolerance))
#define SHIM_STREQ(a, b) shim_string(SHIM_AT, #a " == " #b, (a), (b))
#define SHIM_CONTAINS(whole, part) shim_contains(SHIM_AT, #whole " contains " #part, whole, part)
#define SHIM_BYTES(a, b, size) shim_bytes(SHIM_AT, #a " == " #b, (a), (b), (size))
#define SHIM_STATUS(actual, expected) shim_status(SHIM_AT, #actual, (actual), (expected))

#ifndef __cplusplus /* there GoogleTest's own have these names */
#define EXPECT_TRUE(a) SHIM_EXPECT(SHIM_TRUE(a))
#define ASSERT_TRUE(a) SHIM_ASSERT(SHIM_TRUE(a))
#define EXPECT_FALSE(a) SHIM_EXPECT(SHIM_FALSE(a))
#define ASSERT_FALSE(a) SHIM_ASSERT(SHIM_FALSE(a))
#define EXPECT_EQ_I64(a, b) SHIM_EXPECT(SHIM_I64(a, "==", b))
#define ASSERT_EQ_I64(a, b) SHIM_ASSERT(SHIM_I64(a, "==", b))
#define EXPECT_NE_I64(a, b) SHIM_EXPECT(SHIM_I64(a, "!=", b))
#define ASSERT_NE_I64(a, b) SHIM_ASSERT(SHIM_I64(a, "!=", b))
#define EXPECT_LT_I64(a, b) SHIM_EXPECT(SHIM_I64(a, "<", b))
#define ASSERT_LT_I64(a, b) SHIM_ASSERT(SHIM_I64(a, "<", b))
#define EXPECT_LE_I64(a, b) SHIM_EXPECT(SHIM_I64(a, "<=", b))
#define ASSERT_LE_I64(a, b) SHIM_ASSERT(SHIM_I64(a, "<=", b))
#define EXPECT_EQ_U64(a, b) SHIM_EXPECT(SHIM_U64(a, "==", b))
#define ASSERT_EQ_U64(a, b) SHIM_ASSERT(SHIM_U64(a, "==", b))
#define EXPECT_NE_U64(a, b) SHIM_EXPECT(SHIM_U64(a, "!=", b))
#define ASSERT_NE_U64(a, b) SHIM_ASSERT(SHIM_U64(a, "!=", b))
#define EXPECT_LE_U64(a, b) SHIM_EXPECT(SHIM_U64(a, "<=", b))
#define ASSERT_LE_U64(a, b) SHIM_ASSERT(SHIM_U64(a, "<=", b))
#define EXPECT_NEAR(a, b, tolerance) SHIM_EXPECT(SHIM_NEAR(a, b, tolerance))
#define ASSERT_NEAR(a, b, tolerance) SHIM_ASSERT(SHIM_NEAR(a, b, tolerance))
#define EXPECT_STREQ(a, b) SHIM_EXPECT(SHIM_STREQ(a, b))
#define ASSERT_STREQ(a, b) SHIM_ASSERT(SHIM_STREQ(a, b))
#define EXPECT_CONTAINS(whole, part) SHIM_EXPECT(SHIM_CONTAINS(whole, part))
#define ASSERT_CONTAINS(whole, part) SHIM_ASSERT(SHIM_CONTAINS(whole, part))
#define EXPECT_BYTES(a, b, size) SHIM_EXPECT(SHIM_BYTES(a, b, size))
#define ASSERT_BYTES(a, b, size) SHIM_ASSERT(SHIM_BYTES(a, b, size))
#define EXPECT_STATUS(actual, expected) SHIM_EXPECT(SHIM_STATUS(actual, expected))
#define ASSERT_STATUS(actual, expected) SHIM_ASSERT(SHIM_STATUS(actual, expected))
#define LS_TEST_FAIL(...) SHIM_EXPECT(shim_fail(SHIM_AT, __VA_ARGS__))
#define LS_TEST_SKIP(why)                                                                          \
  do {                                                                                             \
    shim_skip(SHIM_AT, why);                                                                       \
    return;                                                                                        \
  } while (0)
#endif

/* ---- Scratch: all that these return is freed or removed when the running test ends. ---- */

/* Zeroed memory; aborts the process where there is none. */
void *shim_alloc(size_t size);
char *shim_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A new empty folder. */
const char *shim_folder(void);
/* Writes a whole file; a failure fails the test. */
bool shim_file_write(const char *path, const void *bytes, size_t size);
/* The whole file, terminated; NULL where it cannot be read. size may be NULL. */
char *shim_file_read(const char *path, size_t *size);
/* For main alone: frees and removes. */
void shim_scratch_clear(void);
/* Makes the nth malloc or calloc from now on fail, counted from 1, and no other; 0: none. */
void shim_memory_fail(int nth);

/* ---- Other programs ---- */

typedef struct shim_run_options {
  const char *folder; /* to run in; NULL: the test's own */
  const char *const
      *environment;  /* "NAME=VALUE" added to the test's own, ends with NULL; or NULL */
  const char *input; /* for its standard input; NULL: empty */
  int timeout_s;     /* 0: 120; then SIGALRM ends it, as exit_code 128 + 14 */
} shim_run_options;

typedef struct shim_result {
  int exit_code;   /* 128 + the signal where one ended it; 127: not found */
  char *out, *err; /* terminated */
  size_t out_size, err_size;
} shim_result;

/* Runs argv[0] (searched in PATH) with arguments, which end with NULL, and waits. options may be
 * NULL. False, and the test fails, when it could not be started at all. */
bool shim_run(const char *const argv[], const shim_run_options *options, shim_result *result);

#ifdef __cplusplus
}
#endif
#endif
