/* The scale-up network inside domains: what a GPU draws, what is bought, what fails, and where
 * its medium reaches. */
#include <stdlib.h>
#include <string.h>

#include "../host/catalog_year.h"
#include "../host/evaluation.h"
#include "../host/problem_scale_up.h"
#include "../kernels/evaluate.h"
#include "fabric.h"
#include "sweep_space.h"

typedef struct domain_space {
  ls_catalog *catalog;
  ls_spec *spec;
  ls_problem *problem;
} domain_space;

/* 512 GPUs in domains; copper of 2 m and optics of 100 m that come in 2028. */
static void domain_read(domain_space *self, int32_t domain_gpus)
{
  *self = (domain_space){shim_alloc(sizeof(ls_catalog)), shim_alloc(sizeof(ls_spec)), NULL};
  fabric_catalog(self->catalog);
  fabric_spec(self->catalog, 512, self->spec);
  self->catalog->scale_up_count = 2;
  for (int32_t i = 0; i < 2; i++) {
    ls_catalog_scale_up *entry = &self->catalog->scale_up[i];
    *entry = (ls_catalog_scale_up){.line = 400 + i};
    snprintf(entry->id, sizeof entry->id, "%s", i ? "light" : "wire");
    entry->energy_fj_per_bit = fabric_number(i ? 5000 : 1000);
    entry->reach_mm = fabric_number(i ? 100000 : 2000);
    entry->capex_microusd_per_gbps = fabric_number(300000);
    entry->failure_fit = fabric_number(100);
    entry->repair_min = fabric_number(60);
    entry->share_gbps = fabric_number(1600);
    entry->switch_gbps = fabric_number(57600);
    entry->switch_capex_microusd_per_gbps = fabric_number(500000);
    entry->switch_power_uw_per_gbps = fabric_number(12000);
    entry->switch_fit = fabric_number(2000);
    entry->year = fabric_number(i ? 2028 : 2024);
  }
  ls_spec *spec = self->spec;
  spec->cluster.scale_up = (ls_spec_scale_up){.domain_gpus = domain_gpus, .gbps_per_gpu = 7200};
  spec->space.scale_up_mask = 3;
  spec->space.family_mask = LS_CHOOSE_CLOS2;
  spec->space.switch_mask = 1u << FABRIC_BOX;
  spec->space.optic_mask = 1u << FABRIC_DR;
  spec->space.plane_count = spec->space.oversubscription_count = 1;
}

static bool domain_build(domain_space *self)
{
  ls_error error = {.line = 0};
  return ls_problem_create(self->catalog, self->spec, &self->problem, &error) == LS_OK ||
         shim_fail(__FILE__, __LINE__, "%s", error.message);
}

/* 1.8 TB/s both ways are 7.2 Tb/s one way: 72 W at 5 pJ/bit, 270 W at 18.75. */
LS_TEST(ScaleUp, watts_of_a_gpu)
{
  ls_error error = {.line = 0};
  ls_catalog *all = shim_alloc(sizeof *all), *catalog = shim_alloc(sizeof *catalog);
  EXPECT_STATUS(ls_catalog_read(LS_TEST_SOURCE_DIR "/topologies/catalog.yaml", all, &error), LS_OK);
  EXPECT_STATUS(ls_catalog_at(all, 2028, LS_SUPPLY_BASE, catalog), LS_OK);
  int32_t found = 0;
  for (int32_t i = 0; i < catalog->scale_up_count; i++) {
    const ls_catalog_scale_up *entry = &catalog->scale_up[i];
    const int64_t power_mw = ls_scale_up_gpu_power_mw(entry, 7200);
    if (strcmp(entry->id, "oio-substrate") == 0) EXPECT_EQ_I64(power_mw, 72000);
    if (strcmp(entry->id, "dsp-scale-up") == 0) EXPECT_EQ_I64(power_mw, 270000);
    found += strcmp(entry->id, "oio-substrate") == 0 || strcmp(entry->id, "dsp-scale-up") == 0;
  }
  EXPECT_EQ_I64(found, 2);
}

/* 512 GPUs x 2 ends x 5 units of 1.6T (4.5 rounded up) at 480 USD, 72 W a GPU; 16 domains of 32
 * GPUs need 230.4T, 4 switches of 57.6T each at 28,800 USD and 691.2 W. */
LS_TEST(ScaleUp, what_is_bought_by_hand)
{
  domain_space space;
  domain_read(&space, 32);
  ASSERT_TRUE(domain_build(&space));
  const ls_units *ends = &space.problem->scale_up[1].ends;
  const ls_units *switches = &space.problem->scale_up[1].switches;
  EXPECT_EQ_I64(ends->count, 5120);
  EXPECT_EQ_I64(ends->capex_cents, 48000);
  EXPECT_EQ_I64(ends->power_mw, 512 * 72000);
  EXPECT_EQ_I64(switches->count, 64);
  EXPECT_EQ_I64(switches->capex_cents, 2880000);
  EXPECT_EQ_I64(switches->power_mw, 64 * 691200);
  /* A failed switch stops the job, 512 GPUs x 27 min; so does every second failed end. */
  EXPECT_EQ_I64(switches->outage[0].lost_each, 230400);
  EXPECT_EQ_I64(ends->outage[0].lost_each, 115200);
  EXPECT_EQ_I64(switches->outage[0].slow_each, 0);
  EXPECT_LT_I64(0, ends->outage[0].slow_each);
  ls_problem_destroy(space.problem);
}

/* Each entry is a key of the structure; its cost comes on top, its lines sum to the totals. */
LS_TEST(ScaleUp, comes_on_top_of_every_design)
{
  domain_space with, without;
  domain_read(&with, 32);
  domain_read(&without, 1);
  ASSERT_TRUE(domain_build(&with) && domain_build(&without));
  ASSERT_EQ_I64(with.problem->structure_count, 2 * (int64_t)without.problem->structure_count);
  EXPECT_EQ_I64(without.problem->structures[0].scale_up_index, -1);
  ls_evaluation *a = shim_alloc(sizeof *a), *b = shim_alloc(sizeof *b);
  const ls_structure *light = &with.problem->structures[1];
  EXPECT_EQ_I64(light->scale_up_index, 1);
  ls_evaluation_init(with.problem, with.catalog, light->rank_first, a);
  ls_evaluation_init(without.problem, without.catalog, 0, b);
  const int64_t *more = a->score.metric, *less = b->score.metric;
  EXPECT_EQ_I64(more[LS_METRIC_CAPEX] - less[LS_METRIC_CAPEX], 5120 * 48000 + 64 * 2880000);
  EXPECT_EQ_I64(more[LS_METRIC_POWER] - less[LS_METRIC_POWER], 512 * 72000 + 64 * 691200);
  EXPECT_EQ_I64(a->totals.scale_up_power_mw, 512 * 72000 + 64 * 691200);
  EXPECT_EQ_I64(more[LS_METRIC_RISK], less[LS_METRIC_RISK]);
  EXPECT_LT_I64(less[LS_METRIC_LOST], more[LS_METRIC_LOST]);
  int64_t power = 0, tco = 0;
  for (int32_t i = 0; i < a->line_count; i++) {
    if (strstr(a->lines[i].total, "power")) power += a->lines[i].value;
    if (strcmp(a->lines[i].total, "tco_usd") == 0) tco += a->lines[i].value;
  }
  EXPECT_EQ_I64(power, more[LS_METRIC_POWER]);
  EXPECT_EQ_I64(tco, more[LS_METRIC_TCO]);
  ls_problem_destroy(with.problem);
  ls_problem_destroy(without.problem);
}

/* A rack holds 32 GPUs: a domain of 33 leaves it, which 2 m do not; the other medium is not on
 * sale before 2028. */
LS_TEST(ScaleUp, reaches_as_far_as_its_medium)
{
  static const struct {
    int32_t domain_gpus, year;
    bool wire, light;
  } cases[] = {{32, 2026, true, false}, {33, 2026, false, false}, {33, 2028, false, true}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    domain_space space;
    domain_read(&space, cases[i].domain_gpus);
    space.spec->year = cases[i].year;
    ASSERT_TRUE(domain_build(&space));
    const ls_structure *structures = space.problem->structures;
    EXPECT_EQ_I64(structures[0].violation_mask, cases[i].wire ? 0 : LS_VIOLATES_SCALE_UP);
    EXPECT_EQ_I64(structures[1].violation_mask, cases[i].light ? 0 : LS_VIOLATES_SCALE_UP);
    ls_problem_destroy(space.problem);
  }
}

/* The real program: the sweep's designs name it, evaluate reads it back, and what optimize writes
 * is verified with it. */
LS_TEST(ScaleUp, goes_through_the_program)
{
  const char *text = "year: 2026\n"
                     "cluster: {gpus: 64, nic_gbps_per_gpu: 800, server_kw: 10,\n"
                     "  scale_up: {domain_gpus: 8, gbps_per_gpu: 7200}}\n"
                     "floor: {rows: 2, racks_per_row: 8}\n"
                     "space: {families: [clos1, clos2], planes: [1], scale_up: [dsp-scale-up]}\n";
  const char *path = shim_format("%s/domains.yaml", shim_folder());
  const char *out = shim_format("%s/domains", shim_folder());
  ASSERT_TRUE(shim_file_write(path, text, strlen(text)));
  const char *const argv[] = {LS_TEST_PROGRAM, "optimize", path, "-o", out, "--json", NULL};
  shim_result result = {.exit_code = -1};
  ASSERT_TRUE(shim_run(argv, NULL, &result));
  EXPECT_EQ_I64(result.exit_code, 0);
  EXPECT_CONTAINS(result.out, "\"scale_up\": \"dsp-scale-up\"");
  EXPECT_CONTAINS(result.out, "\"scale_up_power_w\": ");
}
