/* `lightspine throughput FILE.graphml`: what an exported design delivers, routed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "commands.h"
#include "json.h"
#include "throughput.h"

enum { STEPS_MAX = 2000, EXACT_ROUNDS_MAX = 1000, WORK_MAX = 20000000 };

/* Four of them. */
#define DECIMALS 1e4

typedef struct request {
  const char *path;
  bool is_json, is_exact;
  double gap;
} request;

static ls_status gap_read(const char *text, double *gap, ls_error *error)
{
  char *end;
  const double value = text ? strtod(text, &end) : 0;
  if (!text || end == text || *end || !(value > 0 && value < 1))
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "--gap",
                        "must be a share above 0 and below 1, such as 0.01, got %s",
                        text ? text : "nothing");
  *gap = value;
  return LS_OK;
}

static ls_status request_read(int argc, char **argv, request *wanted, ls_error *error)
{
  *wanted = (request){.gap = 0.01};
  for (int i = 1; i < argc; i++) {
    const char *word = argv[i];
    ls_status status = LS_OK;
    if (strcmp(word, "--json") == 0)
      wanted->is_json = true;
    else if (strcmp(word, "--exact") == 0)
      wanted->is_exact = true;
    else if (strcmp(word, "--gap") == 0)
      status = gap_read(++i < argc ? argv[i] : NULL, &wanted->gap, error);
    else if (word[0] == '-')
      status = ls_error_set(error, LS_ERR_INPUT, NULL, 0, word,
                            "is no option of throughput, which takes --gap G, --exact, --json");
    else if (wanted->path)
      status = ls_error_set(error, LS_ERR_INPUT, NULL, 0, word, "is one file too many");
    else
      wanted->path = word;
    if (status != LS_OK) return status;
  }
  if (wanted->path) return LS_OK;
  return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "throughput", "needs FILE.graphml");
}

static ls_status answer_json(const request *wanted, const ls_throughput *found, double seconds,
                             ls_error *error)
{
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "file", wanted->path);
  ls_json_set_text(object, "all_to_all_by", wanted->is_exact ? "linear program" : "steps");
  ls_throughput_set(found, object);
  ls_json_set_real(object, "seconds", seconds);
  return ls_json_write(object, stdout, error);
}

static void answer_print(const request *wanted, const ls_throughput *found)
{
  printf(
      "%s: %d network%s, %d leaves in the largest; shares of the NIC rate, of the worst network\n"
      "  all-to-all            %.4f to %.4f (%s)\n"
      "    fewest hops (ECMP)  %.4f\n"
      "    by way of all       %.4f (Valiant)\n"
      "  worst traffic         %.4f to %.4f, the hardest permutation takes %.3f hops a bit\n"
      "    by the formula      %.4f to %.4f\n",
      wanted->path, found->network_count, found->network_count == 1 ? "" : "s", found->block_count,
      ls_throughput_down(found->all_to_all_low, DECIMALS),
      ls_throughput_up(found->all_to_all_high, DECIMALS),
      wanted->is_exact ? "linear program" : "proved bounds", found->ecmp, found->valiant,
      ls_throughput_down(found->worst_low, DECIMALS), ls_throughput_up(found->worst_high, DECIMALS),
      found->worst_hops, found->formula_low, found->formula_high);
}

ls_status ls_command_throughput(int argc, char **argv, ls_error *error)
{
  request wanted;
  ls_throughput found;
  const double start = ls_clock_seconds();
  ls_status status = request_read(argc, argv, &wanted, error);
  if (status != LS_OK) return status;
  const ls_throughput_options options = {.is_exact = wanted.is_exact,
                                         .gap = wanted.gap,
                                         .steps = wanted.is_exact ? EXACT_ROUNDS_MAX : STEPS_MAX,
                                         .work_max = WORK_MAX,
                                         .thread_count = 1};
  status = ls_throughput_measure(wanted.path, &options, &found, error);
  if (status != LS_OK) return status;
  if (wanted.is_json) return answer_json(&wanted, &found, ls_clock_seconds() - start, error);
  answer_print(&wanted, &found);
  return LS_OK;
}
