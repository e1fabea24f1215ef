/* The shim proves itself: what holds passes, what does not shows its file and line. */
#include "shim/shim.h"
#include <stdlib.h>
#include <string.h>

#define SELF_TEST "LS_SHIM_SELF_TEST"

static bool is_self_test(void) { return getenv(SELF_TEST) != NULL; }

LS_TEST_IF(is_self_test(), ShimFailing, expectations)
{
  int marks_the_line = __LINE__ + 1;
  EXPECT_EQ_I64(2 + 2, 5);
  EXPECT_STREQ("left", "right");
  EXPECT_STATUS(LS_ERR_IO, LS_OK);
  EXPECT_NEAR(1.0, 2.0, 0.5);
  EXPECT_CONTAINS("whole", "part");
  EXPECT_BYTES("abc", "abd", 3);
  EXPECT_TRUE(shim_has_failed());
  LS_TEST_FAIL("first failure at line %d", marks_the_line);
}

static void helper_asserts(bool *is_left)
{
  ASSERT_TRUE(1 > 2);
  *is_left = false;
}

LS_TEST_IF(is_self_test(), ShimFailing, assert_leaves)
{
  bool is_left = true;
  helper_asserts(&is_left);
  EXPECT_TRUE(is_left);
}

LS_TEST_IF(is_self_test(), ShimPassing, twin) { EXPECT_FALSE(shim_has_failed()); }

LS_TEST_IF(is_self_test(), ShimPassing, skipped) { LS_TEST_SKIP("no such device"); }

/* Runs this binary on the tests above. */
static bool self_run(const char *filter, const char *xml, shim_result *result)
{
  const char *argv[] = {LS_TEST_BINARY, shim_format("--gtest_filter=%s", filter),
                        shim_format("--gtest_output=xml:%s", xml), NULL};
  const char *environment[] = {SELF_TEST "=1", NULL};
  const shim_run_options options = {.environment = environment};
  return shim_run(argv, &options, result);
}

LS_TEST(Shim, passes_what_holds)
{
  EXPECT_TRUE(true);
  EXPECT_FALSE(false);
  EXPECT_EQ_I64(INT64_MIN, INT64_MIN);
  EXPECT_NE_I64(1, 2);
  EXPECT_LT_I64(-1, 0);
  EXPECT_LE_I64(0, 0);
  EXPECT_EQ_U64(UINT64_MAX, UINT64_MAX);
  EXPECT_LE_U64(1, UINT64_MAX);
  EXPECT_NEAR(1.0, 1.25, 0.25);
  EXPECT_STREQ("same", "same");
  EXPECT_STREQ(NULL, NULL);
  EXPECT_CONTAINS("whole", "hol");
  EXPECT_BYTES("abc", "abd", 2);
  EXPECT_STATUS(LS_ERR_FULL, LS_ERR_FULL);
}

LS_TEST(Shim, failure_shows_file_line_and_values)
{
  shim_result result;
  const char *xml = shim_format("%s/result.xml", shim_folder());
  ASSERT_TRUE(self_run("ShimFailing.expectations:ShimPassing.twin", xml, &result));
  EXPECT_EQ_I64(result.exit_code, 1);
  EXPECT_CONTAINS(result.out, "[  FAILED  ] ShimFailing.expectations");
  EXPECT_CONTAINS(result.out, "[       OK ] ShimPassing.twin");
  EXPECT_CONTAINS(result.out, "expected 2 + 2 == 5\n  got 4 and 5");
  EXPECT_CONTAINS(result.out, "LS_ERR_IO to be LS_OK, got LS_ERR_IO (3)");
  EXPECT_CONTAINS(result.out, "byte 2 of 3 is 0x63 and 0x64");
  EXPECT_CONTAINS(result.out, "Running 2 tests"); /* the filter left out all others */

  /* The failing test says in words where its first failure is. */
  const char *words = strstr(result.out, "first failure at line ");
  ASSERT_TRUE(words != NULL);
  int line = atoi(words + strlen("first failure at line "));
  EXPECT_CONTAINS(result.out, shim_format("%s:%d: Failure", __FILE__, line));
  const char *written = shim_file_read(xml, NULL);
  ASSERT_TRUE(written != NULL);
  EXPECT_CONTAINS(written, "<testcase name=\"expectations\"");
  EXPECT_CONTAINS(written, shim_format("%s:%d", __FILE__, line));
}

LS_TEST(Shim, assert_leaves_its_function)
{
  shim_result result;
  const char *xml = shim_format("%s/result.xml", shim_folder());
  ASSERT_TRUE(self_run("ShimFailing.assert_leaves", xml, &result));
  EXPECT_EQ_I64(result.exit_code, 1);
  EXPECT_CONTAINS(result.out, "expected 1 > 2 to be true");
  EXPECT_TRUE(strstr(result.out, "expected is_left") == NULL);
}

LS_TEST(Shim, skip_is_no_failure)
{
  shim_result result;
  const char *xml = shim_format("%s/result.xml", shim_folder());
  ASSERT_TRUE(self_run("ShimPassing.skipped", xml, &result));
  EXPECT_EQ_I64(result.exit_code, 0);
  EXPECT_CONTAINS(result.out, "[  SKIPPED ] ShimPassing.skipped");
  EXPECT_CONTAINS(result.out, "no such device");
}

LS_TEST(Shim, run_catches_output_and_exit_code)
{
  shim_result result;
  const char *environment[] = {"GREETING=hello", NULL};
  const shim_run_options options = {.folder = "/", .environment = environment, .input = "typed"};
  const char *argv[] = {"sh", "-c", "echo $GREETING in $PWD; cat; echo wrong >&2; exit 7", NULL};
  ASSERT_TRUE(shim_run(argv, &options, &result));
  EXPECT_EQ_I64(result.exit_code, 7);
  EXPECT_STREQ(result.out, "hello in /\ntyped");
  EXPECT_STREQ(result.err, "wrong\n");
}

LS_TEST(Shim, run_reports_signals_and_time)
{
  shim_result result;
  const shim_run_options options = {.timeout_s = 1};
  ASSERT_TRUE(shim_run((const char *[]){"sleep", "60", NULL}, &options, &result));
  EXPECT_EQ_I64(result.exit_code, 128 + 14);
  ASSERT_TRUE(shim_run((const char *[]){"no-such-program-at-all", NULL}, NULL, &result));
  EXPECT_EQ_I64(result.exit_code, 127);
}

LS_TEST(Shim, scratch_is_zeroed_and_reads_back)
{
  const char *path = shim_format("%s/file", shim_folder());
  ASSERT_TRUE(shim_file_write(path, "a\0b", 3));
  size_t size = 0;
  const char *text = shim_file_read(path, &size);
  ASSERT_EQ_U64(size, 3);
  EXPECT_BYTES(text, "a\0b", 4);
  EXPECT_TRUE(shim_file_read("/no/such/file", NULL) == NULL);
}
