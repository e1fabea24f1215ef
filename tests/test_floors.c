/* Floors as architects describe them, designed by the real program: what it exports is read here
 * without any of its code, and held against what the spec's text says of the floor. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../host/topology.h"
#include "question.h"

/* rows x racks of a letter: '.' free, '#' blocked, 'G' GPU racks stand there, 'N' a network rack
 * does, 'g' for GPU racks alone, '~' liquid-cooled. */
typedef struct floor_map {
  const char *name;
  const char *rows[8]; /* NULL ends them */
  int64_t rack_kw, gpu_racks, servers;
  double rack_pitch_m, row_pitch_m;
} floor_map;

static const floor_map columns = {
    "columns", {"..#...#..", ".........", "..#.#.#..", "........#", "..#.#.#.#", ".........", NULL},
    60,        32,
    128,       0.75,
    3.0};
static const floor_map half_built = {
    "half-built", {"GGGGGGGGN#", "GGGGGGGGN#", "..........", "..........", "gggggggggg", NULL},
    60,           32,
    128,          0.6,
    3.6};
static const floor_map liquid_part = {"liquid-part",
                                      {"..............", "..............", "..............",
                                       "..............", "..............", ".............~", NULL},
                                      60,
                                      64,
                                      256,
                                      0.6,
                                      3.6};
static const floor_map kw_starved = {"kw-starved",
                                     {"..............", "..............", "..............",
                                      "..............", "..............", NULL},
                                     30,
                                     64,
                                     128,
                                     0.6,
                                     3.6};

static const char *const answers[] = {"cheapest", "least-power",   "fastest",    "safest",
                                      "knee",     "all-pluggable", "without-ocs"};
enum { ANSWERS = sizeof answers / sizeof *answers, SLOTS_MAX = 8 * 16, BLADES_MAX = 1024 };

static int run(const char *a, const char *b, const char *c, const char *d, shim_result *result)
{
  const char *const argv[] = {LS_TEST_PROGRAM, a, b, c, d, NULL};
  *result =
      (shim_result){.exit_code = -1, .out = shim_format("%s", ""), .err = shim_format("%s", "")};
  shim_run(argv, NULL, result);
  return result->exit_code;
}

static const char *optimize(const char *spec)
{
  const char *folder = shim_format("%s/out", shim_folder());
  shim_result result;
  if (run("optimize", spec, "-o", folder, &result) != 0)
    shim_fail(SHIM_AT, "%s: %s", spec, result.err);
  return folder;
}

static const char *spec_path(const char *name)
{
  return shim_format("%s/topologies/%s.yaml", LS_TEST_SOURCE_DIR, name);
}

/* ---- What an export says ---- */

typedef struct stander {
  char id[64], kind[16];
  int32_t slot;
  int64_t servers, rack_units, breaker_mw;
  double x_m, y_m;
  bool is_liquid_cooled;
} stander;

/* The text of <data key="n_KEY"> in a line. */
static const char *field(const char *line, const char *key)
{
  const char *open = shim_format("<data key=\"n_%s\">", key), *at = strstr(line, open);
  if (!at) return "";
  at += strlen(open);
  return shim_format("%.*s", (int)strcspn(at, "<"), at);
}

static int64_t number(const char *line, const char *key) { return atoll(field(line, key)); }

/* What the breaker of a box without a figure for it must bear: itself and its modules. */
static int64_t breaker_mw(const char *line)
{
  const int64_t most_mw = number(line, "unit_power_mw_max");
  if (most_mw > 0) return most_mw;
  return number(line, "unit_power_mw") +
         number(line, "down_module_count") * number(line, "down_module_power_mw") +
         number(line, "up_module_count") * number(line, "up_module_power_mw");
}

static int32_t standers_read(const char *path, stander standers[BLADES_MAX])
{
  char *text = shim_file_read(path, NULL);
  int32_t count = 0;
  if (!text) return 0;
  for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
    if (strncmp(line, "<node id=\"", 10) != 0 || count == BLADES_MAX) continue;
    stander *one = &standers[count++];
    *one = (stander){.slot = (int32_t)number(line, "slot"),
                     .servers = number(line, "server_count"),
                     .rack_units = number(line, "rack_units"),
                     .breaker_mw = breaker_mw(line),
                     .x_m = atof(field(line, "x")),
                     .y_m = atof(field(line, "y")),
                     .is_liquid_cooled = number(line, "is_liquid_cooled") != 0};
    snprintf(one->id, sizeof one->id, "%.*s", (int)strcspn(line + 10, "\""), line + 10);
    snprintf(one->kind, sizeof one->kind, "%s", field(line, "kind"));
  }
  return count;
}

/* ---- What the floor demands ---- */

static char letter(const floor_map *map, int32_t slot)
{
  const int32_t racks = (int32_t)strlen(map->rows[0]);
  return map->rows[slot / racks][slot % racks];
}

static int32_t slot_count(const floor_map *map)
{
  int32_t rows = 0;
  while (map->rows[rows]) rows++;
  return rows * (int32_t)strlen(map->rows[0]);
}

/* Sums per slot: racks of GPUs, other devices, U, mW. */
typedef struct load {
  int64_t gpu_racks, devices, rack_units, power_mw;
} load;

static void expect_slots_hold(const floor_map *map, const load *loads)
{
  int64_t built_empty = 0, opened = 0, gpu_racks = 0;
  for (int32_t s = 0; s < slot_count(map); s++) {
    const load *of = &loads[s];
    const char is = letter(map, s);
    EXPECT_LE_I64(of->gpu_racks, 1);
    EXPECT_LE_I64(of->rack_units, 48);
    EXPECT_LE_I64(of->power_mw, map->rack_kw * 1000000);
    if (is == '#') EXPECT_EQ_I64(of->gpu_racks + of->devices, 0);
    if (is == 'G') EXPECT_EQ_I64(of->gpu_racks, 1);
    if (is == 'g' && of->devices) EXPECT_EQ_I64(of->gpu_racks, 1);
    if (is == 'N') EXPECT_EQ_I64(of->gpu_racks, 0);
    built_empty += is == 'N' && !of->devices;
    opened += is != 'N' && !of->gpu_racks && of->devices;
    gpu_racks += of->gpu_racks;
  }
  EXPECT_EQ_I64(gpu_racks, map->gpu_racks);
  if (built_empty) EXPECT_EQ_I64(opened, 0);
}

/* Whether an answer was exported; of several names for one design one has files. */
static bool expect_floor_kept(const floor_map *map, const char *path)
{
  stander *standers = shim_alloc(BLADES_MAX * sizeof *standers);
  load loads[SLOTS_MAX] = {{0}};
  const int32_t count = standers_read(path, standers);
  const int32_t racks = (int32_t)strlen(map->rows[0]);
  int64_t servers = 0;
  for (int32_t i = 0; i < count; i++) {
    const stander *one = &standers[i];
    if (!SHIM_I64(one->slot, "<", slot_count(map)) || !SHIM_I64(0, "<=", one->slot)) return true;
    load *of = &loads[one->slot];
    const bool is_rack = strcmp(one->kind, "rack") == 0;
    of->gpu_racks += is_rack;
    of->devices += !is_rack;
    of->rack_units += is_rack ? one->servers * 8 : one->rack_units;
    of->power_mw += is_rack ? one->servers * 14000000 : one->breaker_mw;
    servers += one->servers;
    const int row = one->slot / racks;
    EXPECT_NEAR(one->x_m, one->slot % racks * map->rack_pitch_m, 1e-6);
    EXPECT_NEAR(one->y_m, row * map->row_pitch_m, 1e-6);
    if (one->is_liquid_cooled && strcmp(map->name, "liquid-part") == 0)
      EXPECT_EQ_I64(letter(map, one->slot), '~');
  }
  if (count) {
    EXPECT_EQ_I64(servers, map->servers);
    expect_slots_hold(map, loads);
  }
  return count > 0;
}

/* Every end of every cable is in the rack where the graph has the device. */
static void expect_cables_agree(const floor_map *map, const char *graph, const char *cables)
{
  stander *standers = shim_alloc(BLADES_MAX * sizeof *standers);
  const int32_t count = standers_read(graph, standers);
  const int32_t racks = (int32_t)strlen(map->rows[0]);
  char *text = shim_file_read(cables, NULL);
  int64_t ends = 0;
  if (!text) return;
  for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
    char device[2][64], rack[2][64];
    if (sscanf(line, "%*[^,],%63[^,],%63[^,],%*[^,],%*[^,],%63[^,],%63[^,]", device[0], rack[0],
               device[1], rack[1]) != 4)
      continue;
    for (int32_t i = 0; i < 2 * count; i++) {
      const stander *one = &standers[i / 2];
      if (strcmp(one->id, device[i % 2]) != 0) continue;
      ends++;
      EXPECT_STREQ(rack[i % 2], shim_format("row%03d-%03d", one->slot / racks, one->slot % racks));
    }
  }
  EXPECT_LT_I64(0, ends);
}

static void expect_answers_keep(const floor_map *map)
{
  const char *folder = optimize(spec_path(map->name));
  int32_t exported = 0;
  for (int32_t i = 0; i < ANSWERS; i++) {
    const char *graph = shim_format("%s/%s.graphml", folder, answers[i]);
    shim_result result;
    if (!expect_floor_kept(map, graph)) continue;
    exported++;
    expect_cables_agree(map, graph, shim_format("%s/%s.cables.csv", folder, answers[i]));
    EXPECT_EQ_I64(run("verify", graph, NULL, NULL, &result), 0);
  }
  EXPECT_EQ_I64(exported, ANSWERS);
}

LS_TEST(Floors, pillars_stay_clear) { expect_answers_keep(&columns); }

LS_TEST(Floors, racks_that_stand_are_used_where_they_are) { expect_answers_keep(&half_built); }

LS_TEST(Floors, racks_of_few_kw_are_not_overloaded) { expect_answers_keep(&kw_starved); }

LS_TEST(Floors, boxes_that_need_liquid_stand_where_it_is) { expect_answers_keep(&liquid_part); }

/* ---- What the floor changes ---- */

static int32_t liquid_leaves(const char *graph)
{
  stander *standers = shim_alloc(BLADES_MAX * sizeof *standers);
  const int32_t count = standers_read(graph, standers);
  int32_t leaves = 0;
  for (int32_t i = 0; i < count; i++)
    leaves += standers[i].is_liquid_cooled && strcmp(standers[i].kind, "leaf") == 0;
  return leaves;
}

/* A copy of the spec with one part replaced, in the test's folder. */
static const char *spec_changed(const char *name, const char *from, const char *to)
{
  const char *text = shim_file_read(spec_path(name), NULL), *at = text ? strstr(text, from) : NULL;
  const char *path = shim_format("%s/changed.yaml", shim_folder());
  if (!at) {
    shim_fail(SHIM_AT, "no %s in %s", from, name);
    return path;
  }
  const char *made = shim_format("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
  shim_file_write(path, made, strlen(made));
  return path;
}

/* With liquid at every slot the cheapest network has leaves that need it; one slot has no room for
 * them. */
LS_TEST(Floors, liquid_for_one_slot_changes_the_answer)
{
  const char *folder = optimize(
      spec_changed("liquid-part", "rows: [5, 5], racks: [13, 13]", "rows: [0, 5], racks: [0, 13]"));
  EXPECT_LT_I64(0, liquid_leaves(shim_format("%s/least-power.graphml", folder)));
  folder = optimize(spec_path("liquid-part"));
  EXPECT_EQ_I64(liquid_leaves(shim_format("%s/least-power.graphml", folder)), 0);
}

/* Level 1 leaves out what liquid-cooled slots cannot hold, and nothing that they can: the same
 * structures, counted without regard to liquid, find no place on the floor that there is. */
LS_TEST(Floors, what_liquid_cannot_hold_is_out_from_the_start)
{
  question asked;
  ls_problem *dry = NULL;
  ls_spec *spec = shim_alloc(sizeof *spec);
  int32_t out = 0;
  ASSERT_TRUE(question_read(&asked, "liquid-part") && question_build(&asked));
  const ls_session *session = &asked.session;
  *spec = *session->spec;
  spec->floor.liquid_cooled.area_count = spec->floor.liquid_cooled.zone_count = 0;
  ASSERT_STATUS(ls_problem_create(session->catalog, spec, &dry, NULL), LS_OK);
  ASSERT_EQ_I64(dry->structure_count, session->problem->structure_count);
  for (uint32_t s = 0; s < dry->structure_count; s++) {
    ls_topology topology;
    ls_error error = {.line = 0};
    if (dry->structures[s].violation_mask) continue;
    if (session->problem->structures[s].violation_mask == 0) continue;
    EXPECT_EQ_U64(session->problem->structures[s].violation_mask, LS_VIOLATES_FLOOR);
    EXPECT_STATUS(ls_topology_create(dry, session->catalog, session->spec,
                                     dry->structures[s].rank_first, &topology, &error),
                  LS_ERR_NO);
    if (strstr(error.message, "no wiring")) continue; /* of that OCS, wherever it stands */
    EXPECT_CONTAINS(error.key, "floor");
    out += strcmp(error.key, "floor.liquid_cooled") == 0;
  }
  EXPECT_LT_I64(20, out);
  ls_problem_destroy(dry);
  question_destroy(&asked);
}

static const json_t *named(const json_t *list, const char *name)
{
  size_t i;
  json_t *entry;
  json_array_foreach(list, i, entry) if (strcmp(json_string_value(json_object_get(entry, "name")),
                                                name) == 0) return entry;
  shim_fail(SHIM_AT, "no %s", name);
  return NULL;
}

static double amount(const json_t *object, const char *key)
{
  return json_number_value(json_object_get(object, key));
}

/* 14 kW for 8 GPUs, and of the network what the design draws for each of 1,024. */
LS_TEST(Floors, power_that_is_saved_is_told_in_gpus)
{
  const char *folder = optimize(spec_path("kw-starved"));
  json_t *root = json_load_file(shim_format("%s/pareto.json", folder), 0, NULL);
  ASSERT_TRUE(root != NULL);
  const json_t *pick = named(json_object_get(root, "picks"), "least-power");
  const json_t *other = named(json_object_get(root, "baselines"), "all-pluggable");
  ASSERT_TRUE(pick && other);
  const double saved_w = amount(other, "power_w") - amount(pick, "power_w");
  const double gpu_w = 14000.0 / 8 + amount(pick, "power_w") / 1024;
  const json_t *saves = json_object_get(json_object_get(pick, "saves"), "all-pluggable");
  EXPECT_LT_I64(0, (int64_t)(saved_w / gpu_w));
  EXPECT_EQ_I64(json_integer_value(json_object_get(saves, "gpus_gained")),
                (int64_t)(saved_w / gpu_w));
  json_decref(root);
}

/* ---- What verify sees ---- */

/* Whether verify finds what is said of the floor untrue once `from` is `to` in the export. */
static void expect_lie_seen(const char *graph, const char *from, const char *to, const char *says)
{
  const char *text = shim_file_read(graph, NULL), *at = text ? strstr(text, from) : NULL;
  const char *path = shim_format("%s/lie.graphml", shim_folder());
  shim_result result;
  if (!at) {
    shim_fail(SHIM_AT, "no %s in %s", from, graph);
    return;
  }
  const char *lie = shim_format("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
  shim_file_write(path, lie, strlen(lie));
  EXPECT_EQ_I64(run("verify", path, NULL, NULL, &result), 1);
  EXPECT_CONTAINS(result.out, says);
}

LS_TEST(Floors, verify_knows_what_the_floor_forbids)
{
  const char *graph = shim_format("%s/knee.graphml", optimize(spec_path("half-built")));
  expect_lie_seen(graph, "\"g_blocked\">9 19<", "\"g_blocked\">9 19 0<", "rack0000");
  expect_lie_seen(graph, "\"g_fixed\">built_gpu:0:1:1:0:7:0", "\"g_fixed\">built_gpu:0:3:1:0:7:0",
                  "built GPU racks in use");
  expect_lie_seen(graph, "\"g_fixed\">built_gpu:0:1:1:0:7:0",
                  "\"g_fixed\">built_network:0:1:1:0:7:0", "a GPU rack");
}

/* ---- What is refused ---- */

LS_TEST(Floors, racks_that_stand_are_racks_of_the_cluster)
{
  static const struct {
    const char *from, *to, *says;
  } cases[] = {
      {"gpus: 1024", "gpus: 480",
       "floor has 16 GPU racks that are built, but the cluster's GPUs fill 15"},
      {"blocked: [[0, 9], [1, 9]]", "blocked: [[0, 9], [1, 8]]",
       "floor.blocked holds row 1, rack 8, where a rack is built"},
      {"built_network", "built", "floor.fixed[1].use"},
  };
  shim_result result;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const char *spec = spec_changed("half-built", cases[i].from, cases[i].to);
    EXPECT_EQ_I64(run("sweep", spec, NULL, NULL, &result), 2);
    EXPECT_CONTAINS(result.err, cases[i].says);
  }
}

/* One slot is left for a network of 13 boxes at most: no design fits, level 1 says so, and what
 * explain tells to change makes room. */
LS_TEST(Floors, explain_tells_what_makes_room)
{
  shim_result result;
  const char *tight = "rows: 5\n  racks_per_row: 14\n  rack_kw: 29\n"
                      "  blocked: [[4, 13], [4, 12], [4, 11], [4, 10], [4, 9]]";
  const char *starved =
      spec_changed("kw-starved", "rows: 5\n  racks_per_row: 14\n  rack_kw: 30", tight);
  EXPECT_EQ_I64(run("explain", starved, NULL, NULL, &result), 1);
  EXPECT_CONTAINS(result.out, "relax: floor.rows: 6");
  const char *spec = spec_changed(
      "liquid-part", "[th5-51t, th6-102t, q3400, q3450-ld, spectrum-x-102t]", "[q3450-ld]");
  EXPECT_EQ_I64(run("explain", spec, NULL, NULL, &result), 1);
  EXPECT_CONTAINS(result.out, "relax: floor.liquid_cooled: all slots");
}
