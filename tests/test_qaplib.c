/* The reader of QAPLIB's files: goldens, errors that say where, and mutations of good files. */
#include <stdlib.h>

#include "qap_cases.h"

static const char *put(const char *text)
{
  const char *path = shim_format("%s/case.dat", shim_folder());
  shim_file_write(path, text, strlen(text));
  return path;
}

LS_TEST(Qaplib, reads_numbers_however_they_are_laid_out)
{
  static const char *const texts[] = {"2\n\n0 1\n2 3\n\n4 5\n6 -7\n", "2 0 1 2 3 4 5 6 -7",
                                      "\r\n 2\r\n0\t1\r\n2 3 4\r\n5\r\n6 -7\r\n\r\n",
                                      "2 +0 1 2 3\n4 5 6 -7   "};
  for (int i = 0; i < 4; i++) {
    ls_qaplib qaplib;
    ls_error error;
    ASSERT_STATUS(ls_qaplib_read(put(texts[i]), &qaplib, &error), LS_OK);
    const int64_t a[] = {0, 1, 2, 3}, b[] = {4, 5, 6, -7};
    EXPECT_EQ_I64(qaplib.n, 2);
    EXPECT_BYTES(qaplib.a, a, sizeof a);
    EXPECT_BYTES(qaplib.b, b, sizeof b);
    /* 0*4 + 1*5 + 2*6 + 3*-7, and with the two exchanged 0*-7 + 1*6 + 2*5 + 3*4. */
    EXPECT_EQ_I64(ls_qaplib_cost(&qaplib, (const int32_t[]){0, 1}), -4);
    EXPECT_EQ_I64(ls_qaplib_cost(&qaplib, (const int32_t[]){1, 0}), 28);
    ls_qaplib_destroy(&qaplib);
  }
}

LS_TEST(Qaplib, says_where_a_file_is_wrong)
{
  static const struct {
    const char *text;
    int line;
    const char *message;
  } cases[] = {
      {"", 1, "ends where number 1 of 1 of the size is expected"},
      {"two", 1, "expects an integer as number 1 of 1 of the size, got two"},
      {"0", 1, "must be 1..1024, got 0"},
      {"1025", 1, "must be 1..1024, got 1025"},
      {"2\n1 2 3 4\n5 6 7\n", 4, "ends where number 4 of 4 of the second matrix is expected"},
      {"2\n1 2\n3 x4", 3, "expects an integer as number 4 of 4 of the first matrix, got x4"},
      {"2\n1 2.5", 2, "expects an integer as number 2 of 4 of the first matrix, got 2.5"},
      {"1\n1\n\n2 3", 4, "must end after the second matrix, got 3"},
      {"1\n9223372036854775808", 2, "expects an integer of 64 bits as number 1 of 1 of the first"},
      {"1\n4611686018427387904 1", 0, "has numbers so large that a cost might leave 61 bits"},
      {"1\n2147483648 2147483648", 0, "has numbers so large that a cost might leave 61 bits"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ls_qaplib qaplib;
    ls_error error = {.line = -1};
    EXPECT_STATUS(ls_qaplib_read(put(cases[i].text), &qaplib, &error), LS_ERR_INPUT);
    EXPECT_EQ_I64(error.line, cases[i].line);
    EXPECT_CONTAINS(error.message, cases[i].message);
    EXPECT_CONTAINS(error.file, "case.dat");
  }
  ls_error error;
  ls_qaplib qaplib;
  EXPECT_STATUS(ls_qaplib_read("/nowhere/case.dat", &qaplib, &error), LS_ERR_INPUT);
}

LS_TEST(Qaplib, takes_large_numbers_whose_costs_fit)
{
  ls_qaplib qaplib;
  ls_error error;
  ASSERT_STATUS(ls_qaplib_read(put("2 0 1000000000000000 1 0 0 100 -100 0"), &qaplib, &error),
                LS_OK);
  EXPECT_EQ_I64(ls_qaplib_cost(&qaplib, (const int32_t[]){0, 1}), 99999999999999900);
  ls_qaplib_destroy(&qaplib);
}

LS_TEST(Qaplib, reads_a_solution_and_its_inverse)
{
  static const struct {
    const char *text;
    ls_qaplib_order order;
  } cases[] = {{"3 37\n2 3 1\n", LS_QAPLIB_DIRECT},
               {"3 37\n3, 1, 2", LS_QAPLIB_INVERSE},
               {"3 7 2 3 1", LS_QAPLIB_NEITHER},
               {"3 7 3 1 2", LS_QAPLIB_NEITHER}};
  int64_t a[] = {0, 1, 2, 0, 0, 3, 0, 0, 0}, b[] = {0, 9, 5, 2, 0, 6, 9, 7, 0};
  const ls_qaplib qaplib = {.n = 3, .a = a, .b = b};
  /* p = 2 3 1: 1*b[2][3] + 2*b[2][1] + 3*b[3][1] = 6 + 4 + 27; its inverse 3 1 2: 9 + 14 + 27. */
  ASSERT_EQ_I64(ls_qaplib_cost(&qaplib, (const int32_t[]){1, 2, 0}), 37);
  ASSERT_LT_I64(37, ls_qaplib_cost(&qaplib, (const int32_t[]){2, 0, 1}));
  for (int i = 0; i < 4; i++) {
    int32_t p[3];
    ls_qaplib_order order;
    ls_error error;
    ASSERT_STATUS(ls_qaplib_solution_read(put(cases[i].text), &qaplib, p, &order, &error), LS_OK);
    EXPECT_EQ_I64(order, cases[i].order);
    EXPECT_EQ_I64(ls_qaplib_cost(&qaplib, p), 37);
  }
}

LS_TEST(Qaplib, says_where_a_solution_is_wrong)
{
  static const struct {
    const char *text, *message;
  } cases[] = {{"4 0 1 2 3 4", "must be 3 as in the instance, got 4"},
               {"3 0 1 2", "ends where number 3 of 3 of the permutation is expected"},
               {"3 0 1 2 2", "must hold each of 1..3 once, got 2 again"},
               {"3 0 0 1 2", "must hold each of 1..3 once, got 0"},
               {"3 0 1 2 3 4", "must end after the permutation, got 4"}};
  int64_t zeros[9] = {0};
  const ls_qaplib qaplib = {.n = 3, .a = zeros, .b = zeros};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    int32_t p[3];
    ls_qaplib_order order;
    ls_error error;
    EXPECT_STATUS(ls_qaplib_solution_read(put(cases[i].text), &qaplib, p, &order, &error),
                  LS_ERR_INPUT);
    EXPECT_CONTAINS(error.message, cases[i].message);
  }
}

/* Each mutation is read, or refused in one sentence on a line that exists. */
LS_TEST(Qaplib, survives_mutations)
{
  static const char good[] = "3\n0 1 2\n1 0 3\n2 3 0\n\n0 5 6\n5 0 7\n6 7 0\n";
  static const char bytes[] = "0129 \n\t,-+.xe\0\xff";
  const char *path = shim_format("%s/case.dat", shim_folder());
  for (uint64_t round = 0; round < 2000; round++) {
    char text[sizeof good];
    memcpy(text, good, sizeof good);
    for (uint64_t i = 0; i <= round % 4; i++) {
      const ls_philox_words words = ls_philox(round, 0, i);
      text[ls_philox_below(words.v[0], sizeof good - 1)] =
          bytes[ls_philox_below(words.v[1], sizeof bytes - 1)];
    }
    shim_file_write(path, text, sizeof good - 1);
    ls_qaplib qaplib = {0};
    ls_error error = {.line = -1};
    const ls_status status = ls_qaplib_read(path, &qaplib, &error);
    if (status == LS_OK) {
      ASSERT_TRUE(qaplib.n >= 1 && qaplib.n <= 3);
      ls_qaplib_destroy(&qaplib);
      continue;
    }
    ASSERT_STATUS(status, LS_ERR_INPUT);
    ASSERT_TRUE(error.message[0] && !strchr(error.message, '\n'));
    ASSERT_TRUE(error.line >= 0 && error.line <= 17);
  }
}
