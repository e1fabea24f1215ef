/* Mutates good inputs at random, by a counter and so the same each time: the readers must answer
 * LS_OK with values in range, or one sentence with a line that exists, and never touch what they
 * were not given. Built with LS_LIBFUZZER it is an entry for libFuzzer instead:
 *   clang -fsanitize=fuzzer,address,undefined -DLS_LIBFUZZER -D_GNU_SOURCE -I. \
 *     tests/test_inputs_fuzz.c
 * host/{catalog,catalog_rules,spec,spec_space,fields,yaml_tree,files,error}.c -lyaml -lnettle
 */
#include "../host/tables.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Aborts where a promise is broken, so that both kinds of fuzzer see it. */
static void require(bool holds, const char *what)
{
  if (holds) return;
  fprintf(stderr, "broken promise: %s\n", what);
  abort();
}

static void check_error(const ls_error *error, const char *text, size_t size)
{
  int line_count = 1;
  for (size_t i = 0; i < size; i++)
    if (text[i] == '\n' || text[i] == '\r')
      line_count++;
    else if ((unsigned char)text[i] >= 0x80)
      line_count++; /* NEL, LS and PS count in YAML */
  require(error->message[0] != '\0', "an error says something");
  require(!strchr(error->message, '\n'), "an error is one sentence");
  require(error->line >= 0 && error->line <= line_count + 1, "an error's line exists");
}

static void check_catalog(const ls_catalog *catalog)
{
  require(catalog->switch_count >= 1 && catalog->switch_count <= LS_SWITCH_MAX, "switches fit");
  for (int32_t i = 0; i < catalog->switch_count; i++) {
    const ls_number *power = &catalog->switches[i].power_mw;
    require(0 < power->low && power->low <= power->value && power->value <= power->high,
            "power is a range above 0");
    require(power->source < catalog->source_count, "a source exists");
  }
}

static void check_spec(const ls_spec *spec)
{
  require(spec->cluster.gpu_count >= 1 && spec->cluster.gpu_count <= 4194304, "gpus in range");
  require(spec->space.plane_count >= 1 && spec->space.plane_count <= 8, "planes fit");
  for (int32_t i = 0; i < spec->space.plane_count; i++)
    require(spec->cluster.nic_gbps % spec->space.planes[i] == 0, "planes divide the NIC");
  for (int32_t i = 0; i < spec->space.oversubscription_count; i++)
    require(spec->space.oversubscription_den[i] >= 1 &&
                spec->space.oversubscription_num[i] >= spec->space.oversubscription_den[i],
            "oversubscription is at least 1");
  require(spec->space.switch_mask != 0 && spec->space.optic_mask != 0, "something is chosen");
  require(spec->floor.blocked_count <= LS_BLOCKED_MAX, "blocked slots fit");
}

/* One input as catalog, and as spec against a good catalog. True when it was read. */
static bool try_input(const char *text, size_t size, bool is_spec, const ls_catalog *catalog)
{
  static ls_catalog result;
  ls_spec spec;
  ls_yaml_tree tree;
  ls_error error = {.line = 0};
  ls_status status = ls_yaml_parse(text, size, "fuzz.yaml", &tree, &error);
  if (status == LS_OK) {
    status = is_spec ? ls_spec_read_tree(&tree, catalog, &spec, &error)
                     : ls_catalog_read_tree(&tree, &result, &error);
    ls_yaml_destroy(&tree);
  }
  require(status == LS_OK || status == LS_ERR_INPUT || status == LS_ERR_MEMORY,
          "a reader's status is one of three");
  if (status != LS_OK)
    check_error(&error, text, size);
  else if (is_spec)
    check_spec(&spec);
  else
    check_catalog(&result);
  return status == LS_OK;
}

#ifdef LS_LIBFUZZER

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static ls_catalog catalog;
  if (catalog.switch_count == 0 &&
      ls_catalog_read("tests/data/inputs/catalog_good.yaml", &catalog, NULL) != LS_OK)
    abort();
  if (size == 0) return 0;
  (void)try_input((const char *)data + 1, size - 1, data[0] & 1, &catalog);
  return 0;
}

#else

#include "shim/shim.h"

#define INPUTS LS_TEST_SOURCE_DIR "/tests/data/inputs"
#define TEXT_MAX 65536

/* A counter-based generator: splitmix64 of (seed, step). */
typedef struct dice {
  uint64_t seed, step;
} dice;

static uint64_t roll(dice *from, uint64_t sides)
{
  uint64_t mixed = from->seed * 0xd1342543de82ef95u + ++from->step * 0x9e3779b97f4a7c15u;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
  return (mixed ^ (mixed >> 31)) % sides;
}

static const char *const words[] = {"0",
                                    "-1",
                                    "1.5",
                                    "99999999999999999999",
                                    "0x1F",
                                    ".nan",
                                    "1e9",
                                    "~",
                                    "true",
                                    "\"3:2\"",
                                    "[",
                                    "]",
                                    "{",
                                    "}",
                                    ": ",
                                    "- ",
                                    "\n",
                                    "\n  ",
                                    "#",
                                    "&a ",
                                    "*a",
                                    "!!int ",
                                    "---\n",
                                    "\"",
                                    "'",
                                    "|\n",
                                    ">\n",
                                    "\t",
                                    "\xc3\xa9",
                                    "\xff",
                                    "%YAML 1.2\n",
                                    "? ",
                                    "<<: ",
                                    "\\",
                                    "@",
                                    "value: 1",
                                    "assumed",
                                    "gpus: 64",
                                    "source: book",
                                    "low: 1, ",
                                    "[[0, 1]]",
                                    "\xe2\x80\xa8",
                                    "\r",
                                    "0000",
                                    "planes"};

/* Changes text of *size bytes in place at one spot. */
static void mutate(dice *from, char *text, size_t *size)
{
  size_t at = (size_t)roll(from, *size + 1);
  size_t span = (size_t)roll(from, roll(from, 8) == 0 ? 400 : 12) + 1;
  if (span > *size - at) span = *size - at;
  switch (roll(from, 5)) {
  case 0: /* a byte becomes another */
    if (at < *size) text[at] = (char)roll(from, 256);
    return;
  case 1: /* a span goes */
    memmove(text + at, text + at + span, *size - at - span);
    *size -= span;
    return;
  case 2: /* a span is said twice */
    if (*size + span > TEXT_MAX) return;
    memmove(text + at + span, text + at, *size - at);
    *size += span;
    return;
  default: { /* a word comes in */
    const char *word = words[roll(from, sizeof words / sizeof words[0])];
    size_t length = strlen(word);
    if (*size + length > TEXT_MAX) return;
    memmove(text + at + length, text + at, *size - at);
    for (size_t i = 0; i < length; i++) text[at + i] = word[i];
    *size += length;
  }
  }
}

static void fuzz(const char *path, bool is_spec, int32_t input_count)
{
  static ls_catalog catalog;
  size_t size_first = 0;
  const char *first = shim_file_read(path, &size_first);
  char *text = shim_alloc(TEXT_MAX);
  ASSERT_TRUE(first != NULL && size_first < TEXT_MAX);
  ASSERT_STATUS(ls_catalog_read(INPUTS "/catalog_good.yaml", &catalog, NULL), LS_OK);
  int32_t read_count = 0;
  for (int32_t i = 0; i < input_count; i++) {
    dice from = {.seed = (uint64_t)i + 1};
    size_t size = size_first;
    memcpy(text, first, size);
    for (uint64_t left = roll(&from, 6); left > 0; left--) mutate(&from, text, &size);
    /* A block of its own size, so that a read beyond the end is seen. */
    char *exact = malloc(size > 0 ? size : 1);
    if (!exact) abort();
    memcpy(exact, text, size);
    read_count += try_input(exact, size, is_spec, &catalog);
    free(exact);
  }
  EXPECT_LE_I64(1, read_count); /* some mutants stay good: the fuzzer reaches the end */
  EXPECT_LT_I64(read_count, input_count);
}

LS_TEST(InputsFuzz, mutated_specs_are_read_or_refused)
{
  fuzz(INPUTS "/spec_good_everything.yaml", true, 10000);
}

LS_TEST(InputsFuzz, mutated_catalogs_are_read_or_refused)
{
  fuzz(INPUTS "/catalog_good.yaml", false, 2000);
}

#endif
