/* Errors as data: what they say, and how the program ends on them. */
#include "../host/error.h"
#include "shim/shim.h"
#include <string.h>

LS_TEST(Error, set_fills_all_parts_and_returns_the_status)
{
  ls_error error;
  EXPECT_STATUS(ls_error_set(&error, LS_ERR_INPUT, "spec.yaml", 14, "cluster.gpus",
                             "must be 1..%d, got %d", 8, -8),
                LS_ERR_INPUT);
  EXPECT_STREQ(error.file, "spec.yaml");
  EXPECT_EQ_I64(error.line, 14);
  EXPECT_STREQ(error.key, "cluster.gpus");
  EXPECT_STREQ(error.message, "must be 1..8, got -8");
}

LS_TEST(Error, set_takes_null_for_everything_but_the_format)
{
  ls_error error;
  EXPECT_STATUS(ls_error_set(NULL, LS_ERR_IO, "f", 1, "k", "m"), LS_ERR_IO);
  EXPECT_STATUS(ls_error_set(&error, LS_ERR_NO, NULL, 0, NULL, "no"), LS_ERR_NO);
  EXPECT_STREQ(error.file, "");
  EXPECT_STREQ(error.key, "");
}

LS_TEST(Error, set_may_quote_the_error_it_overwrites)
{
  ls_error error;
  ls_error_set(&error, LS_ERR_IO, "a.yaml", 3, "key", "first");
  ls_error_set(&error, LS_ERR_IO, error.file, error.line, error.key, "second, after %s",
               error.message);
  EXPECT_STREQ(error.file, "a.yaml");
  EXPECT_STREQ(error.message, "second, after first");
}

LS_TEST(Error, set_cuts_what_is_too_long)
{
  char *longer = shim_alloc(5000);
  memset(longer, 'x', 4999);
  ls_error error;
  ls_error_set(&error, LS_ERR_INPUT, longer, 1, longer, "%s", longer);
  EXPECT_EQ_U64(strlen(error.file), sizeof error.file - 1);
  EXPECT_EQ_U64(strlen(error.key), sizeof error.key - 1);
  EXPECT_EQ_U64(strlen(error.message), sizeof error.message - 1);
}

/* The text for the parts given. */
static const char *formatted(const char *file, int line, const char *key)
{
  ls_error error;
  ls_error_set(&error, LS_ERR_INPUT, file, line, key, "is wrong");
  char *text = shim_alloc(256);
  ls_error_format(&error, text, 256);
  return text;
}

LS_TEST(Error, format_shows_the_parts_that_are_there)
{
  EXPECT_STREQ(formatted("a.yaml", 14, "cluster.gpus"), "a.yaml:14: cluster.gpus is wrong");
  EXPECT_STREQ(formatted("a.yaml", 14, NULL), "a.yaml:14: is wrong");
  EXPECT_STREQ(formatted("a.yaml", 0, "cluster"), "a.yaml: cluster is wrong");
  EXPECT_STREQ(formatted("a.yaml", 0, NULL), "a.yaml: is wrong");
  EXPECT_STREQ(formatted(NULL, 0, "--seed"), "--seed is wrong");
  EXPECT_STREQ(formatted(NULL, 0, NULL), "is wrong");
}

LS_TEST(Error, format_stays_in_its_buffer)
{
  ls_error error;
  ls_error_set(&error, LS_ERR_INPUT, "a.yaml", 1, NULL, "is wrong");
  char text[9] = "12345678";
  ls_error_format(&error, text, 8);
  EXPECT_STREQ(text, "a.yaml:");
  EXPECT_EQ_I64(text[8], '\0');
}

LS_TEST(Error, every_status_has_its_exit_code)
{
  EXPECT_EQ_I64(ls_status_exit_code(LS_OK), 0);
  EXPECT_EQ_I64(ls_status_exit_code(LS_ERR_NO), 1);
  EXPECT_EQ_I64(ls_status_exit_code(LS_ERR_INPUT), 2);
  EXPECT_EQ_I64(ls_status_exit_code(LS_ERR_IO), 3);
  EXPECT_EQ_I64(ls_status_exit_code(LS_ERR_MEMORY), 3);
  EXPECT_EQ_I64(ls_status_exit_code(LS_ERR_DEVICE), 3);
  EXPECT_EQ_I64(ls_status_exit_code(LS_ERR_FULL), 3);
  EXPECT_EQ_I64(ls_status_exit_code(LS_ERR_TIME), 3);
  EXPECT_EQ_I64(ls_status_exit_code(LS_ERR_INTERNAL), 3);
  EXPECT_EQ_I64(ls_status_exit_code(LS_ERR_STOPPED), 130);
}
