/* Draws of failures: hand-made networks, and the backends against each other. */
#include <stdlib.h>
#include <string.h>

#include "../kernels/backend.h"
#include "cuda_emu/emu_control.h"
#include "shim/shim.h"

extern const ls_backend ls_backend_cuda_emu;

/* Two leaves below two spines below one core: 4 links from each leaf to each spine, 8 from each
 * spine to the core, 16 access links a leaf. Sets: devices, then one tray over both leaves' links
 * to the first spine. */
enum { LEAF = 0, SPINE = 2, CORE = 4, TRAY = 5, PARTS = 7 };
static const ls_failure_node nodes[] = {{8, 0, 0}, {8, 0, 0}, {8, 0, 1}, {8, 0, 1}, {0, 0, 3}};
static const ls_failure_edge edges[] = {
    {5, 0, 16, LS_FAILURE_ACCESS}, {5, 1, 16, LS_FAILURE_ACCESS}, {0, 2, 4, LS_FAILURE_UP},
    {0, 3, 4, LS_FAILURE_UP},      {1, 2, 4, LS_FAILURE_UP},      {1, 3, 4, LS_FAILURE_UP},
    {2, 4, 8, LS_FAILURE_UP},      {3, 4, 8, LS_FAILURE_UP}};
static const int32_t set_first[] = {0, 1, 2, 4, 6, 8, 10};
static const int32_t taken[] = {0, 1, 2, 4, 3, 5, 6, 7, 2, 4};
static const ls_failure_component parts[] = {
    {100, -1, 2, 1},   {200, -1, 6, 2},   {210, -1, 0, 1},  {220, SPINE, 0, 0},
    {225, LEAF, 0, 0}, {226, CORE, 0, 0}, {230, TRAY, 0, 0}};

static ls_failure_net small_net(void)
{
  return (ls_failure_net){.node_count = 5,
                          .edge_count = 8,
                          .set_count = 6,
                          .taken_count = 10,
                          .part_count = PARTS,
                          .plane_count = 1,
                          .rank_max = 3,
                          .nodes = nodes,
                          .edges = edges,
                          .parts = parts,
                          .set_first = set_first,
                          .taken = taken};
}

/* What is left, in 64ths, after some parts; all cases share a state, which each leaves clear. */
static int64_t left_after(int32_t count, const int32_t *failed, int64_t *access_links)
{
  const ls_failure_net net = small_net();
  static int64_t memory[64];
  if (ls_failure_state_bytes(&net) > sizeof memory) abort();
  ls_failure_state state = ls_failure_state_at(&net, memory);
  for (int32_t i = 0; i < count; i++) ls_failure_part_fail(&net, &state, failed[i]);
  const ls_failure_loss loss = ls_failure_measure(&net, &state);
  ls_failure_clear(&state);
  *access_links = loss.access_links;
  return loss.left * 64 / LS_FAILURE_WHOLE;
}

LS_TEST(Failure, cuts_are_what_they_are_by_hand)
{
  static const struct {
    int32_t count, failed[3];
    int64_t left, access_links;
  } cases[] = {
      {1, {0}, 56, 0},       /* 1 of a leaf's 8 */
      {2, {0, 0}, 48, 0},    /* another of the same bundle */
      {1, {1}, 56, 0},       /* 2 of 8 of one of two spines */
      {2, {0, 1}, 50, 0},    /* 4 + 3 * 6/8 of 8: 50 whole 64ths */
      {1, {2}, 64, 1},       /* an access link alone */
      {1, {3}, 32, 0},       /* one of two spines */
      {2, {3, 3}, 32, 0},    /* twice dead */
      {2, {0, 3}, 32, 0},    /* a link to it that was down before */
      {2, {3, 1}, 32, 0},    /* what it lacked itself is not lacking twice */
      {1, {4}, 64, 16},      /* a leaf takes its own links alone */
      {2, {2, 4}, 64, 16},   /* one of which was down */
      {1, {5}, 0, 0},        /* the core */
      {1, {6}, 32, 0},       /* the tray */
      {3, {6, 3, 0}, 32, 0}, /* all for the same links */
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    int64_t access_links;
    EXPECT_EQ_I64(left_after(cases[i].count, cases[i].failed, &access_links), cases[i].left);
    EXPECT_EQ_I64(access_links, cases[i].access_links);
  }
}

/* A part is found as often as its weight has it. */
LS_TEST(Failure, parts_are_found_by_weight)
{
  const ls_failure_net net = small_net();
  int32_t count[PARTS] = {0};
  for (uint64_t at = 0; at < 230; at++) count[ls_failure_part_find(&net, at)]++;
  for (int32_t i = 0; i < PARTS; i++)
    EXPECT_EQ_I64(count[i], (int64_t)(parts[i].weight_sum - (i ? parts[i - 1].weight_sum : 0)));
}

enum { DRAWS = 1500 };

static ls_failure_loss *drawn(const ls_backend *backend, int32_t failures, int32_t threads)
{
  const ls_failure_net net = small_net();
  const ls_failure_batch batch = {&net, 11, failures, DRAWS};
  const ls_score_options options = {.thread_count = threads};
  ls_failure_loss *losses = malloc(DRAWS * sizeof *losses);
  if (!losses) abort();
  EXPECT_STATUS(backend->fail(&batch, &options, losses), LS_OK);
  return losses;
}

LS_TEST(Failure, is_equal_on_threads_and_on_cuda)
{
  static const int32_t failures[] = {1, 3, 40};
  for (int32_t i = 0; i < 3; i++) {
    ls_failure_loss *one = drawn(&ls_backend_cpu, failures[i], 1);
    ls_failure_loss *three = drawn(&ls_backend_cpu, failures[i], 3);
    ls_failure_loss *cuda = drawn(&ls_backend_cuda_emu, failures[i], 1);
    EXPECT_BYTES(one, three, DRAWS * sizeof *one);
    EXPECT_BYTES(one, cuda, DRAWS * sizeof *one);
    int64_t least = INT64_MAX, most = 0;
    for (int32_t j = 0; j < DRAWS; j++) {
      least = one[j].left < least ? one[j].left : least;
      most = one[j].left > most ? one[j].left : most;
    }
    EXPECT_TRUE(least < most);
    free(one);
    free(three);
    free(cuda);
  }
}

/* More draws than a launch takes, on several devices: results land where they belong. */
LS_TEST(Failure, cuts_many_draws_into_launches)
{
  enum { MANY = 70000 };
  const ls_failure_net net = small_net();
  const ls_failure_batch batch = {&net, 5, 2, MANY};
  const ls_score_options options = {.thread_count = 2};
  ls_failure_loss *cpu = shim_alloc(MANY * sizeof *cpu), *cuda = shim_alloc(MANY * sizeof *cuda);
  EXPECT_STATUS(ls_backend_cpu.fail(&batch, &options, cpu), LS_OK);
  ls_emu_reset();
  ls_emu_set_device_count(2);
  EXPECT_STATUS(ls_backend_cuda_emu.fail(&batch, &options, cuda), LS_OK);
  EXPECT_BYTES(cpu, cuda, MANY * sizeof *cpu);
  ls_emu_set_device_count(0);
  EXPECT_STATUS(ls_backend_cuda_emu.fail(&batch, &options, cuda), LS_ERR_DEVICE);
  ls_emu_reset();
}

LS_TEST(Failure, ends_when_told_to)
{
  const ls_failure_net net = small_net();
  const ls_failure_batch batch = {&net, 11, 1, DRAWS};
  const volatile int stop = 1;
  const ls_score_options options = {.thread_count = 1, .stop = &stop};
  static ls_failure_loss losses[DRAWS];
  EXPECT_STATUS(ls_backend_cpu.fail(&batch, &options, losses), LS_ERR_STOPPED);
  EXPECT_STATUS(ls_backend_cuda_emu.fail(&batch, &options, losses), LS_ERR_STOPPED);
}
