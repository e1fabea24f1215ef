/* liblightspine as a program of somebody else uses it (host/lightspine.h). */
#include <unistd.h>

#include "../host/lightspine.h"
#include "../host/session.h"
#include "../host/sweep.h"
#include "shim/shim.h"

static const char *const spec_path = LS_TEST_SOURCE_DIR "/topologies/lab-64.yaml";

static lightspine_study *open_lab(void)
{
  const lightspine_options options = {.backend = "cpu", .threads = 1};
  lightspine_study *study = NULL;
  char message[LIGHTSPINE_MESSAGE_MAX] = "";
  if (lightspine_open(spec_path, &options, &study, message) != LIGHTSPINE_OK)
    shim_fail(__FILE__, __LINE__, "%s", message);
  return study;
}

LS_TEST(Library, sweeps_to_the_front_that_the_program_finds)
{
  const ls_arguments arguments = {.positional = {spec_path}, .backend = "cpu", .seed = 1};
  ls_session session = {0};
  ls_sweep_result swept = {0};
  ls_error error = {.line = 0};
  lightspine_design *front = NULL;
  int32_t count = 0;
  ASSERT_STATUS(ls_session_open(&arguments, &session, &error), LS_OK);
  ASSERT_STATUS(ls_sweep_run(&session, session.problem, &swept, &error), LS_OK);
  lightspine_study *study = open_lab();
  ASSERT_TRUE(study != NULL);
  EXPECT_EQ_U64(lightspine_space_size(study), session.problem->space_size);
  EXPECT_EQ_I64(lightspine_sweep(study, &front, &count, NULL), LIGHTSPINE_OK);
  ASSERT_EQ_I64(count, swept.front_count);
  for (int32_t i = 0; i < count; i++) {
    const int64_t *metric = swept.front[i].score.metric;
    EXPECT_EQ_U64(front[i].rank, swept.front[i].rank);
    EXPECT_NEAR(front[i].capex_usd, (double)metric[LS_METRIC_CAPEX] / 100, 0);
    EXPECT_NEAR(front[i].throughput_worst_low, 1 - (double)metric[LS_METRIC_LOSS] / 1e6, 0);
    EXPECT_NEAR(front[i].usd_per_gpu_hour, (double)metric[LS_METRIC_GPU_HOUR] / 1e6, 0);
  }
  lightspine_free(front);
  lightspine_close(study);
  ls_sweep_destroy(&swept);
  ls_session_close(&session);
}

LS_TEST(Library, evaluates_a_rank_with_its_ledger)
{
  lightspine_study *study = open_lab();
  char *json = NULL, message[LIGHTSPINE_MESSAGE_MAX] = "";
  ASSERT_TRUE(study != NULL);
  EXPECT_EQ_I64(lightspine_evaluate(study, 0, &json, message), LIGHTSPINE_OK);
  ASSERT_TRUE(json != NULL);
  EXPECT_CONTAINS(json, "\"ledger\"");
  EXPECT_CONTAINS(json, "\"capex_usd\"");
  lightspine_free(json);
  json = NULL;
  const uint64_t beyond = lightspine_space_size(study);
  EXPECT_EQ_I64(lightspine_evaluate(study, beyond, &json, message), LIGHTSPINE_INPUT);
  EXPECT_CONTAINS(message, "rank");
  EXPECT_TRUE(json == NULL);
  lightspine_close(study);
}

LS_TEST(Library, optimizes_into_a_folder)
{
  lightspine_study *study = open_lab();
  char *json = NULL, message[LIGHTSPINE_MESSAGE_MAX] = "";
  ASSERT_TRUE(study != NULL);
  const char *folder = shim_format("%s/run", shim_folder());
  EXPECT_EQ_I64(lightspine_optimize(study, folder, &json, message), LIGHTSPINE_OK);
  EXPECT_STREQ(message, "");
  ASSERT_TRUE(json != NULL);
  EXPECT_CONTAINS(json, "\"picks\"");
  EXPECT_EQ_I64(access(shim_format("%s/cheapest.graphml", folder), R_OK), 0);
  lightspine_free(json);
  lightspine_close(study);
}

LS_TEST(Library, says_what_is_wrong_and_leaves_results_alone)
{
  const lightspine_options no_backend = {.backend = "abacus"}, few_threads = {.threads = -1};
  char message[LIGHTSPINE_MESSAGE_MAX] = "";
  lightspine_study *study = NULL;
  EXPECT_EQ_I64(lightspine_open("missing.yaml", NULL, &study, message), LIGHTSPINE_INPUT);
  EXPECT_CONTAINS(message, "missing.yaml");
  EXPECT_EQ_I64(lightspine_open(spec_path, &no_backend, &study, message), LIGHTSPINE_INPUT);
  EXPECT_CONTAINS(message, "abacus");
  EXPECT_EQ_I64(lightspine_open(spec_path, &few_threads, &study, NULL), LIGHTSPINE_INPUT);
  EXPECT_TRUE(study == NULL);
  lightspine_close(study);
}

LS_TEST(Library, stops_where_its_caller_asks_for_it)
{
  const volatile int stop = 1;
  const lightspine_options options = {.backend = "cpu", .stop = &stop};
  char *json = NULL, message[LIGHTSPINE_MESSAGE_MAX] = "";
  lightspine_study *study = NULL;
  ASSERT_EQ_I64(lightspine_open(spec_path, &options, &study, message), LIGHTSPINE_OK);
  const char *folder = shim_format("%s/run", shim_folder());
  EXPECT_EQ_I64(lightspine_optimize(study, folder, &json, message), LIGHTSPINE_STOPPED);
  EXPECT_CONTAINS(message, "stopped");
  EXPECT_TRUE(json == NULL);
  lightspine_close(study);
}
