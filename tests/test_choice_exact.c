/* The choice of technology, proved: GLPK against all choices of small cases, and the search against
 * GLPK where there are too many to try. */
#include "../host/choice_exact.h"
#include "../kernels/philox.h"
#include "shim/shim.h"
#include <string.h>

enum { BOXES_MAX = 10, BUNDLES_MAX = 16, OPTIONS = 4, DRAWS = 2, CAPS = 5 };

typedef struct exact_case {
  ls_choice choice;
  ls_choice_box boxes[BOXES_MAX];
  ls_choice_bundle bundles[BUNDLES_MAX];
  ls_choice_option options[(BOXES_MAX + BUNDLES_MAX) * OPTIONS];
  ls_choice_draw draws[(BOXES_MAX + BUNDLES_MAX) * OPTIONS * DRAWS];
  int64_t limits[CAPS];
  uint64_t seed, step;
} exact_case;

static int32_t draw(exact_case *made, int32_t below)
{
  return ls_philox_below(ls_philox(23, made->seed, made->step++).v[0], below);
}

/* Options get cheaper the more they draw, so that limits count; the first one draws nothing. */
static void options_make(exact_case *made, int32_t count, bool is_bundle)
{
  for (int32_t i = 0; i < count; i++) {
    ls_choice_option *option = &made->options[made->choice.option_count++];
    *option = (ls_choice_option){.cents = 1000 - 150 * i + draw(made, 200),
                                 .draw_first = made->choice.draw_count,
                                 .draw_count = i ? DRAWS : 0,
                                 .mask_a = i ? (uint32_t)(1 + draw(made, 15)) : 15,
                                 .mask_b = i ? (uint32_t)(1 + draw(made, 15)) : 15};
    for (int32_t d = 0; d < option->draw_count; d++) {
      const int32_t cap =
          is_bundle && d ? draw(made, 2) ? LS_CHOICE_AT_A(0) : LS_CHOICE_AT_B(0) : draw(made, CAPS);
      made->draws[made->choice.draw_count++] = (ls_choice_draw){cap, 1 + draw(made, 4 * i + 1)};
    }
  }
}

static void case_make(uint64_t seed, int32_t boxes, int32_t bundles, exact_case *made)
{
  memset(made, 0, sizeof *made);
  made->seed = seed;
  made->choice = (ls_choice){.box_count = boxes,
                             .bundle_count = bundles,
                             .cap_count = CAPS,
                             .boxes = made->boxes,
                             .bundles = made->bundles,
                             .options = made->options,
                             .draws = made->draws,
                             .limits = made->limits};
  for (int32_t b = 0; b < boxes; b++) {
    made->boxes[b] = (ls_choice_box){.option_first = made->choice.option_count,
                                     .option_count = 1 + draw(made, OPTIONS),
                                     .local = {draw(made, CAPS), -1, -1}};
    options_make(made, made->boxes[b].option_count, false);
  }
  for (int32_t e = 0; e < bundles; e++) {
    const int32_t a = draw(made, boxes);
    made->bundles[e] = (ls_choice_bundle){.box_a = e % 5 ? a : -1,
                                          .box_b = (a + 1 + draw(made, boxes - 1)) % boxes,
                                          .option_first = made->choice.option_count,
                                          .option_count = 1 + draw(made, OPTIONS),
                                          .links = 1 + draw(made, 3)};
    options_make(made, made->bundles[e].option_count, true);
  }
  for (int32_t cap = 0; cap < CAPS; cap++)
    made->limits[cap] = (boxes + 2 * bundles) / 2 + draw(made, 2 * bundles);
}

static void use(const exact_case *made, const ls_choice_option *option, int32_t a, int32_t b,
                int64_t links, int64_t used[CAPS])
{
  for (int32_t i = 0; i < option->draw_count; i++) {
    const ls_choice_draw *one = &made->draws[option->draw_first + i];
    const int32_t box = one->cap == LS_CHOICE_AT_A(0) ? a : b;
    const int32_t cap = one->cap >= 0 ? one->cap : box < 0 ? -1 : made->boxes[box].local[0];
    if (cap >= 0) used[cap] += one->amount * links;
  }
}

/* Cents of a choice, -1: it may not be. */
static int64_t cents_of(const exact_case *made, const int32_t *box, const int32_t *bundle)
{
  int64_t used[CAPS] = {0}, cents = 0;
  for (int32_t b = 0; b < made->choice.box_count; b++) {
    const ls_choice_option *option = &made->options[made->boxes[b].option_first + box[b]];
    cents += option->cents;
    use(made, option, b, b, 1, used);
  }
  for (int32_t e = 0; e < made->choice.bundle_count; e++) {
    const ls_choice_bundle *of = &made->bundles[e];
    const ls_choice_option *option = &made->options[of->option_first + bundle[e]];
    if (of->box_a >= 0 && !(option->mask_a >> box[of->box_a] & 1)) return -1;
    if (!(option->mask_b >> box[of->box_b] & 1)) return -1;
    cents += option->cents * of->links;
    use(made, option, of->box_a, of->box_b, of->links, used);
  }
  for (int32_t cap = 0; cap < CAPS; cap++)
    if (used[cap] > made->limits[cap]) return -1;
  return cents;
}

static bool choice_next(const exact_case *made, int32_t *box, int32_t *bundle)
{
  for (int32_t b = 0; b < made->choice.box_count; b++) {
    if (++box[b] < made->boxes[b].option_count) return true;
    box[b] = 0;
  }
  for (int32_t e = 0; e < made->choice.bundle_count; e++) {
    if (++bundle[e] < made->bundles[e].option_count) return true;
    bundle[e] = 0;
  }
  return false;
}

LS_TEST(ChoiceExact, is_the_best_of_all)
{
  exact_case *made = shim_alloc(sizeof *made);
  int32_t none = 0;
  for (uint64_t seed = 0; seed < 100; seed++) {
    int32_t box[BOXES_MAX] = {0}, bundle[BUNDLES_MAX] = {0};
    int64_t best = -1, cents = -1;
    case_make(seed, 3, 4, made);
    for (int32_t cap = 0; cap < CAPS; cap++) made->limits[cap] -= 4 + 2 * (int64_t)(seed % 3);
    do {
      const int64_t one = cents_of(made, box, bundle);
      if (one >= 0 && (best < 0 || one < best)) best = one;
    } while (choice_next(made, box, bundle));
    const ls_status status = ls_choice_exact(&made->choice, NULL, box, bundle, &cents);
    EXPECT_STATUS(status, best < 0 ? LS_ERR_NO : LS_OK);
    EXPECT_EQ_I64(cents, best);
    if (best >= 0) EXPECT_EQ_I64(cents_of(made, box, bundle), best);
    none += best < 0;
  }
  EXPECT_LT_I64(5, none);
  EXPECT_LT_I64(none, 60);
}

/* Twenty of ten boxes and sixteen bundles, all with limits that cost something. */
LS_TEST(ChoiceExact, the_search_finds_and_bounds_what_is_proved)
{
  exact_case *made = shim_alloc(sizeof *made);
  for (uint64_t seed = 0; seed < 20; seed++) {
    int32_t box[BOXES_MAX], bundle[BUNDLES_MAX];
    int64_t cents = -1, loose = -1;
    ls_choice_answer answer;
    case_make(seed, BOXES_MAX, BUNDLES_MAX, made);
    ASSERT_STATUS(ls_choice_exact(&made->choice, NULL, box, bundle, &cents), LS_OK);
    EXPECT_EQ_I64(cents_of(made, box, bundle), cents);
    ASSERT_STATUS(ls_choice_solve(&made->choice, &answer), LS_OK);
    EXPECT_TRUE(answer.is_feasible);
    EXPECT_EQ_I64(answer.cents, cents);
    EXPECT_EQ_I64(answer.bound_cents, cents);
    EXPECT_EQ_I64(cents_of(made, answer.box, answer.bundle), cents);
    for (int32_t cap = 0; cap < CAPS; cap++) made->limits[cap] = INT32_MAX;
    ASSERT_STATUS(ls_choice_exact(&made->choice, NULL, box, bundle, &loose), LS_OK);
    EXPECT_LT_I64(loose, cents);
    ls_choice_answer_destroy(&answer);
  }
}
