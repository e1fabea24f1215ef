/* Links for a demand and circuits for links: what every table must keep, that nothing moves without
 * need, and the command on an exported design. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "../host/rewire.h"
#include "../host/rewire_file.h"
#include "../kernels/philox.h"
#include "exported.h"

enum { BLOCKS = 16, UNITS = 5, PORTS = 6 };

typedef struct bed {
  double demand[BLOCKS * BLOCKS];
  int32_t uplinks[BLOCKS], ports[UNITS * BLOCKS];
  int32_t links[BLOCKS * BLOCKS], next[BLOCKS * BLOCKS];
  int32_t old[UNITS * BLOCKS * BLOCKS], made[UNITS * BLOCKS * BLOCKS];
} bed;

/* Every block has the same ports at every OCS; the demand is of the seed. */
static bed *bed_create(uint64_t seed)
{
  bed *self = shim_alloc(sizeof *self);
  memset(self, 0, sizeof *self);
  for (int32_t i = 0; i < BLOCKS; i++) self->uplinks[i] = UNITS * PORTS;
  for (int32_t i = 0; i < UNITS * BLOCKS; i++) self->ports[i] = PORTS;
  for (int32_t i = 0; i < BLOCKS * BLOCKS; i++)
    self->demand[i] = ls_philox(seed, 0, (uint64_t)i).v[0] % 4 ? 1 : 20;
  return self;
}

static void expect_links(const bed *self, const int32_t *links)
{
  for (int32_t i = 0; i < BLOCKS; i++) {
    int32_t sum = 0;
    EXPECT_EQ_I64(links[i * BLOCKS + i], 0);
    for (int32_t j = 0; j < BLOCKS; j++) {
      EXPECT_EQ_I64(links[i * BLOCKS + j], links[j * BLOCKS + i]);
      sum += links[i * BLOCKS + j];
    }
    EXPECT_LE_I64(sum, self->uplinks[i]);
  }
}

/* No block has more circuits at an OCS than ports, and all circuits make no more links than wanted.
 */
static void expect_circuits(const bed *self, const int32_t *links, const ls_rewired *told)
{
  int64_t missing = 0;
  for (int32_t i = 0; i < BLOCKS; i++)
    for (int32_t j = 0; j < BLOCKS; j++) {
      int32_t made = 0;
      for (int32_t unit = 0; unit < UNITS; unit++) {
        const int32_t count = self->made[(unit * BLOCKS + i) * BLOCKS + j];
        EXPECT_LE_I64(0, count);
        EXPECT_EQ_I64(count, self->made[(unit * BLOCKS + j) * BLOCKS + i]);
        made += count;
      }
      EXPECT_LE_I64(made, links[i * BLOCKS + j]);
      missing += links[i * BLOCKS + j] - made;
    }
  EXPECT_EQ_I64(missing, 2 * told->dark);
  for (int32_t unit = 0; unit < UNITS; unit++)
    for (int32_t i = 0; i < BLOCKS; i++) {
      int32_t used = 0;
      for (int32_t j = 0; j < BLOCKS; j++) used += self->made[(unit * BLOCKS + i) * BLOCKS + j];
      EXPECT_LE_I64(used, PORTS);
    }
}

static ls_rewired rewired(bed *self, const int32_t *links)
{
  const ls_rewire wanted = {BLOCKS, UNITS, self->ports, self->old, links};
  ls_rewired told = {0};
  EXPECT_STATUS(ls_rewire_run(&wanted, self->made, &told), LS_OK);
  expect_circuits(self, links, &told);
  EXPECT_LE_I64(told.moved_bound, told.moved);
  return told;
}

LS_TEST(Rewire, links_follow_the_demand_and_keep_all_joined)
{
  bed *self = bed_create(1);
  ASSERT_STATUS(ls_rewire_links(BLOCKS, self->demand, self->uplinks, 1, self->links), LS_OK);
  expect_links(self, self->links);
  int64_t busy = 0, idle = 0, busy_pairs = 0, idle_pairs = 0;
  for (int32_t i = 0; i < BLOCKS; i++)
    for (int32_t j = 0; j < i; j++) {
      const bool is_busy = self->demand[i * BLOCKS + j] > 1 || self->demand[j * BLOCKS + i] > 1;
      EXPECT_LE_I64(1, self->links[i * BLOCKS + j]);
      *(is_busy ? &busy : &idle) += self->links[i * BLOCKS + j];
      ++*(is_busy ? &busy_pairs : &idle_pairs);
    }
  EXPECT_LT_I64(idle * busy_pairs, busy * idle_pairs);
}

LS_TEST(Rewire, nothing_moves_for_the_links_that_are_there)
{
  bed *self = bed_create(2);
  ASSERT_STATUS(ls_rewire_links(BLOCKS, self->demand, self->uplinks, 1, self->links), LS_OK);
  const ls_rewired first = rewired(self, self->links);
  EXPECT_EQ_I64(first.kept, 0);
  memcpy(self->old, self->made, sizeof self->old);
  const ls_rewired again = rewired(self, self->links);
  EXPECT_EQ_I64(again.moved, 0);
  EXPECT_EQ_I64(again.kept, first.moved);
}

LS_TEST(Rewire, few_circuits_move_beyond_those_that_must)
{
  int64_t moved = 0, bound = 0, dark = 0, links = 0;
  for (uint64_t seed = 1; seed <= 20; seed++) {
    bed *self = bed_create(seed), *other = bed_create(seed + 100);
    ASSERT_STATUS(ls_rewire_links(BLOCKS, self->demand, self->uplinks, 1, self->links), LS_OK);
    ASSERT_STATUS(ls_rewire_links(BLOCKS, other->demand, self->uplinks, 4, self->next), LS_OK);
    rewired(self, self->links);
    memcpy(self->old, self->made, sizeof self->old);
    const ls_rewired told = rewired(self, self->next);
    moved += told.moved;
    bound += told.moved_bound;
    dark += told.dark;
    for (int32_t i = 0; i < BLOCKS * BLOCKS; i++) links += self->next[i];
  }
  EXPECT_LE_I64(moved * 4, bound * 5); /* a fifth of the new ones at most need not have been */
  EXPECT_LE_I64(dark * 2 * 25, links); /* 4 % at most find no place */
}

/* ---- An exported design ---- */

static const char *demand_write(int32_t blocks, const char *name)
{
  const char *path = shim_format("%s/%s", shim_folder(), name);
  FILE *stream = fopen(path, "w");
  if (!stream) return path;
  for (int32_t i = 0; i < blocks; i++)
    for (int32_t j = 0; j < blocks; j++)
      fprintf(stream, "%d%c", i == j ? 0 : i / 2 == j / 2 ? 40 : 1, j + 1 < blocks ? ',' : '\n');
  fclose(stream);
  return path;
}

LS_TEST(Rewire, an_exported_design_carries_more_of_the_demand)
{
  exported made;
  char leaves[128];
  ls_rewire_report report;
  ls_error error = {0};
  ASSERT_TRUE(exported_create(exported_mesh(), &made));
  ASSERT_TRUE(exported_value(made.text, "g_leaf_count", leaves));
  const char *demand = demand_write(atoi(leaves), "demand.csv");
  const char *csv = shim_format("%s/new.circuits.csv", shim_folder());
  ASSERT_STATUS(ls_rewire_file(made.path, demand, csv, &report, &error), LS_OK);
  EXPECT_EQ_I64(report.block_count, atoi(leaves));
  EXPECT_TRUE(report.after.low >= report.before.low);
  EXPECT_CONTAINS(shim_file_read(csv, NULL), "ocs,a_port,b_port,from_device,to_device,link\n");
  EXPECT_TRUE(report.before.high <= 1 && report.after.high <= 1); /* NICs send no more */
  const char *other = demand_write(3, "three.csv");
  EXPECT_STATUS(ls_rewire_file(made.path, other, NULL, &report, &error), LS_ERR_INPUT);
  EXPECT_CONTAINS(error.message, "got 3 rows");
  EXPECT_STREQ(error.file, other);
  const char *none = shim_format("%s/none.csv", shim_folder());
  shim_file_write(none, "1,0\n0,1\n", 8);
  EXPECT_STATUS(ls_rewire_file(made.path, none, NULL, &report, &error), LS_ERR_INPUT);
  EXPECT_CONTAINS(error.message, "above 0");
  EXPECT_STREQ(error.file, none);
}

/* A port of either side of an OCS carries one connection at most. */
static void expect_ports(const char *path)
{
  enum { ROW_MAX = 20000 };
  char(*ocs)[32] = shim_alloc(ROW_MAX * sizeof *ocs);
  int(*port)[2] = shim_alloc(ROW_MAX * sizeof *port), count = 0;
  const char *text = shim_file_read(path, NULL);
  ASSERT_TRUE(text != NULL);
  for (; (text = strchr(text, '\n')) != NULL && *++text; count++) {
    ASSERT_EQ_I64(sscanf(text, "%31[^,],%d,%d,", ocs[count], &port[count][0], &port[count][1]), 3);
    for (int i = 0; i < count; i++)
      if (strcmp(ocs[i], ocs[count]) == 0)
        EXPECT_FALSE(port[i][0] == port[count][0] || port[i][1] == port[count][1]);
    ASSERT_TRUE(count + 1 < ROW_MAX);
  }
  EXPECT_TRUE(count > 0);
}

LS_TEST(Rewire, ports_of_pods_and_of_either_kind_of_strand_are_used_once)
{
  static const exported_wish wishes[] = {{LS_OCS_CORE, false, 1, 256, -1, -1},
                                         {LS_OCS_SPINE, false, 1, 96, FABRIC_FR, 0},
                                         {LS_OCS_SPINE, false, 1, 128, FABRIC_BIDI, 0}};
  for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
    exported made;
    char count[128];
    ls_rewire_report report;
    ls_error error = {0};
    if (!exported_create(wishes[i], &made)) continue;
    ASSERT_TRUE(exported_value(made.text, "g_leaf_count", count));
    int32_t blocks = atoi(count);
    const char *csv = shim_format("%s/new.circuits.csv", shim_folder());
    ls_status status =
        ls_rewire_file(made.path, demand_write(blocks, "demand.csv"), csv, &report, &error);
    /* The blocks of pods are fewer than their leaves: the sentence tells how many. */
    if (status == LS_ERR_INPUT &&
        sscanf(error.message, "must be a matrix of the design's %d", &blocks))
      status = ls_rewire_file(made.path, demand_write(blocks, "demand.csv"), csv, &report, &error);
    ASSERT_STATUS(status, LS_OK);
    expect_ports(csv);
  }
}

LS_TEST(Rewire, a_clos_has_nothing_to_wire_anew)
{
  exported made;
  ls_rewire_report report;
  ls_error error = {0};
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  const char *demand = demand_write(4, "demand.csv");
  EXPECT_STATUS(ls_rewire_file(made.path, demand, NULL, &report, &error), LS_ERR_NO);
  EXPECT_CONTAINS(error.message, "no optical circuit switches");
}

LS_TEST(Rewire, circuits_beyond_the_cords_are_a_sentence)
{
  exported made;
  char id[128], leaves[128];
  ls_rewire_report report;
  ls_error error = {0};
  ASSERT_TRUE(exported_create(exported_mesh(), &made));
  ASSERT_TRUE(exported_value(made.text, "g_leaf_count", leaves));
  const char *circuit = exported_element(made.text, "<edge ", ">circuit<", id);
  ASSERT_TRUE(circuit != NULL);
  const char *text = exported_set(made.text, circuit, "e_link_count", "100000");
  const char *path = shim_format("%s/edited.graphml", shim_folder());
  shim_file_write(path, text, strlen(text));
  const char *demand = demand_write(atoi(leaves), "demand.csv");
  const char *csv = shim_format("%s/new.circuits.csv", shim_folder());
  EXPECT_STATUS(ls_rewire_file(path, demand, csv, &report, &error), LS_ERR_INPUT);
  EXPECT_CONTAINS(error.message, "more circuits");
  EXPECT_CONTAINS(error.file, "edited.graphml");
}

/* Of two blocks out of many the circuits carry all that NICs send, not more. */
LS_TEST(Rewire, throughput_ends_where_nics_do)
{
  enum { BLOCKS_MAX = 64 };
  exported made;
  char leaves[128], text[BLOCKS_MAX * BLOCKS_MAX * 2];
  ls_rewire_report report;
  ls_error error = {0};
  const char *path = shim_format("%s/pair.csv", shim_folder());
  ASSERT_TRUE(exported_create(exported_mesh(), &made));
  ASSERT_TRUE(exported_value(made.text, "g_leaf_count", leaves));
  const int32_t blocks = atoi(leaves);
  ASSERT_TRUE(blocks > 1 && blocks <= BLOCKS_MAX);
  for (int32_t i = 0; i < blocks * blocks; i++) {
    text[2 * i] = i == 1 ? '1' : '0';
    text[2 * i + 1] = i % blocks == blocks - 1 ? '\n' : ',';
  }
  ASSERT_TRUE(shim_file_write(path, text, (size_t)(2 * blocks * blocks)));
  ASSERT_STATUS(ls_rewire_file(made.path, path, NULL, &report, &error), LS_OK);
  EXPECT_TRUE(report.before.low > 0.5 && report.before.high <= 1);
  EXPECT_TRUE(report.after.low >= report.before.low && report.after.high <= 1);
}
