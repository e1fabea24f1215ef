/* What a spec leaves in and out of its space: vendors, regions, technologies; and which ends of
 * the shipped catalog mate. */
#include <stdlib.h>
#include <string.h>

#include "../host/catalog_year.h"
#include "../host/problem_rows.h"
#include "fabric.h"
#include "shim/shim.h"

#define CATALOG LS_TEST_SOURCE_DIR "/topologies/catalog.yaml"

typedef struct choice {
  ls_catalog *catalog;
  ls_spec *spec;
} choice;

/* Reads the shipped catalog and a small spec with this space. */
static choice choose(const char *space)
{
  choice made = {shim_alloc(sizeof *made.catalog), shim_alloc(sizeof *made.spec)};
  const char *text = shim_format("year: 2030\ncluster: {gpus: 64, nic_gbps_per_gpu: 800, scale_up: "
                                 "{domain_gpus: 8, gbps_per_gpu: 7200}}\n"
                                 "floor: {rows: 1, racks_per_row: 16}\nspace: %s\n",
                                 space);
  const char *path = shim_format("%s/spec.yaml", shim_folder());
  ls_error error = {.line = 0};
  EXPECT_TRUE(shim_file_write(path, text, strlen(text)));
  EXPECT_STATUS(ls_catalog_read(CATALOG, made.catalog, &error), LS_OK);
  EXPECT_STATUS(ls_spec_read(path, made.catalog, made.spec, &error), LS_OK);
  EXPECT_STREQ(error.message, "");
  return made;
}

static bool has_optic(const choice *made, const char *id)
{
  const int32_t index = ls_catalog_optic_find(made->catalog, id);
  EXPECT_LE_I64(0, index);
  return made->spec->space.optic_mask >> index & 1;
}

static bool has_switch(const choice *made, const char *id)
{
  for (int32_t i = 0; i < made->catalog->switch_count; i++)
    if (strcmp(made->catalog->switches[i].id, id) == 0)
      return made->spec->space.switch_mask >> i & 1;
  EXPECT_TRUE(false);
  return false;
}

LS_TEST(Selection, all_by_default)
{
  const choice all = choose("{planes: [1]}");
  for (int32_t i = 0; i < all.catalog->optic_count; i++)
    EXPECT_TRUE(has_optic(&all, all.catalog->optics[i].id));
  for (int32_t i = 0; i < all.catalog->switch_count; i++)
    EXPECT_TRUE(has_switch(&all, all.catalog->switches[i].id));
}

LS_TEST(Selection, an_excluded_technology_takes_its_boxes_along)
{
  const choice without = choose("{exclude_technologies: [cpo, lpo]}");
  EXPECT_FALSE(has_optic(&without, "cpo-nvidia"));
  EXPECT_FALSE(has_optic(&without, "lpo-800g-dr8"));
  EXPECT_TRUE(has_optic(&without, "npo-3.2t"));
  EXPECT_FALSE(has_switch(&without, "q3450-ld"));
  EXPECT_TRUE(has_switch(&without, "th6-npo"));
  EXPECT_TRUE(has_switch(&without, "q3400"));
  for (int32_t i = 0; i < without.catalog->scale_up_count; i++)
    EXPECT_EQ_I64(without.spec->space.scale_up_mask >> i & 1,
                  without.catalog->scale_up[i].kind != LS_OPTIC_CPO);
  const choice modules = choose("{technologies: [dsp, copper], exclude_technologies: [copper]}");
  for (int32_t i = 0; i < modules.catalog->optic_count; i++)
    EXPECT_EQ_I64(has_optic(&modules, modules.catalog->optics[i].id),
                  modules.catalog->optics[i].kind == LS_OPTIC_DSP);
}

LS_TEST(Selection, vendors_and_regions)
{
  const choice without = choose("{exclude_vendors: [nvidia], exclude_regions: [cn]}");
  EXPECT_FALSE(has_switch(&without, "q3400"));
  EXPECT_FALSE(has_switch(&without, "th6-npo"));
  EXPECT_FALSE(has_optic(&without, "npo-3.2t"));
  EXPECT_TRUE(has_switch(&without, "th6-davisson"));
  EXPECT_TRUE(has_switch(&without, "th6-102t"));
  const choice only = choose("{vendors: [broadcom]}");
  EXPECT_FALSE(has_switch(&only, "q3400"));
  EXPECT_TRUE(has_switch(&only, "th6-davisson"));
  EXPECT_TRUE(has_switch(&only, "th6-102t")); /* several sell it */
  const choice none = choose("{vendors: [broadcom, nvidia], exclude_vendors: [nvidia]}");
  EXPECT_FALSE(has_switch(&none, "q3400"));
  EXPECT_TRUE(has_switch(&none, "th6-davisson"));
}

/* The links between a NIC and all chassis, and whether one has these two ends. */
static bool mates(const ls_problem *problem, const ls_catalog *catalog, const char *a,
                  const char *b)
{
  const int32_t index_a = ls_catalog_optic_find(catalog, a);
  const int32_t index_b = ls_catalog_optic_find(catalog, b);
  EXPECT_TRUE(index_a >= 0 && index_b >= 0);
  for (int32_t i = 0; i < problem->link_count; i++)
    if (problem->links[i].optic_a == index_a && problem->links[i].optic_b == index_b) return true;
  return false;
}

LS_TEST(Selection, light_of_one_lane_rate_mates)
{
  static const struct {
    const char *a, *b;
    bool is_mate;
  } cases[] = {
      {"lro-1.6t-dr8", "cpo-nvidia", true},
      {"dsp-1.6t-dr8", "lro-1.6t-dr8", true},
      {"dsp-1.6t-dr8-siph", "npo-3.2t", true},
      {"dsp-3.2t-dr16", "cpo-gen2028", true},
      {"dsp-800g-dr4", "dsp-1.6t-dr8", true},
      {"lpo-800g-dr8", "cpo-bailly", true},
      {"lpo-800g-dr8", "dsp-800g-dr8", true},
      {"lpo-800g-dr8", "lro-800g-dr8", true},
      {"dsp-400g-dr4", "dsp-800g-dr8", true},
      {"dsp-800g-dr8", "dsp-1.6t-dr8", false},
      {"dsp-800g-2xfr4", "dsp-800g-dr8", false},
      {"bidi-1.6t", "dsp-1.6t-dr8", false},
      {"dac-1.6t", "aec-1.6t", false},
      {"aec-1.6t", "aec-1.6t", true},
      {"dac-800g", "dac-800g", true},
      {"dac-800g", "dac-1.6t", false},
      {"dsp-1.6t-2xfr4", "dsp-1.6t-2xfr4", true},
      {"dsp-1.6t-2xfr4", "dsp-800g-2xfr4", false},
      {"cpo-spectrum-x", "cpo-davisson", true},
      {"npo-3.2t", "cpo-bailly", false},
  };
  const choice made = choose("{planes: [1]}");
  ls_problem *problem = shim_alloc(sizeof *problem);
  ls_link_lists *lists = shim_alloc(sizeof *lists);
  ls_error error = {.line = 0};
  ls_problem_fill_rows(made.catalog, made.spec, problem);
  ASSERT_STATUS(ls_link_lists_create(made.spec, problem, lists, &error), LS_OK);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const bool is_mate = mates(problem, made.catalog, cases[i].a, cases[i].b);
    if (is_mate != cases[i].is_mate) shim_fail(SHIM_AT, "%s and %s", cases[i].a, cases[i].b);
  }
  free(lists->options);
}

/* 400G to 3.2T: some module of the NIC and some chassis serve each by the year it comes. */
LS_TEST(Selection, every_nic_rate_is_served)
{
  static const struct {
    int32_t gbps, year;
  } nics[] = {{400, 2026}, {800, 2026}, {1600, 2026}, {3200, 2028}};
  const choice made = choose("{planes: [1]}");
  for (size_t n = 0; n < sizeof nics / sizeof *nics; n++) {
    ls_problem *problem = shim_alloc(sizeof *problem);
    made.spec->year = nics[n].year;
    ls_problem_fill_rows(made.catalog, made.spec, problem);
    int32_t modules = 0, boxes = 0;
    for (int32_t i = 0; i < problem->optic_count; i++)
      modules += problem->optics[i].place_mask & LS_PLACE_NIC &&
                 problem->optics[i].module_gbps == nics[n].gbps;
    for (int32_t i = 0; i < problem->switch_count; i++)
      boxes += problem->switches[i].tier_mask & LS_PLACE_LEAF &&
               problem->switches[i].port_gbps_max >= nics[n].gbps;
    EXPECT_LT_I64(0, modules);
    EXPECT_LT_I64(0, boxes);
  }
}
