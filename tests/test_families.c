/* What holds of every family: sound exports verify, a changed link is named, OCS stand above leaves
 * alone, and the program answers a spec of one family with files that it verifies itself. */
#include "verdict.h"

static const exported_wish wishes[] = {
    {LS_RAIL_ONLY, true, 1, 128, -1, -1}, {LS_RAIL_ONLY, true, 2, 1024, FABRIC_DR, 0},
    {LS_DIRECT, false, 1, 128, -1, 0},    {LS_DIRECT, false, 2, 256, FABRIC_DR, 0},
    {LS_OCS_CORE, false, 1, 512, -1, 0},  {LS_OCS_CORE, false, 2, 500, -1, -1},
    {LS_CLOS4, false, 1, 128, -1, 0},     {LS_CLOS4, true, 1, 136, -1, 0},
    {LS_CLOS4, false, 1, 200, -1, 0}};

/* Four tiers of a few hundred GPUs take switches of 8 ports. */
static bool family_export(const exported_wish *wish, exported *made)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_spec *spec = shim_alloc(sizeof *spec);
  fabric_catalog(catalog);
  fabric_spec(catalog, wish->gpu_count, spec);
  if (wish->family == LS_CLOS4) {
    catalog->switches[FABRIC_SMALL].port_count_max = fabric_number(8);
    spec->space.switch_mask = 1u << FABRIC_SMALL;
    spec->floor.racks_per_row = 100;
  }
  return exported_write(catalog, spec, wish, made);
}

LS_TEST(Families, sound_exports_are_accepted)
{
  for (size_t i = 0; i < sizeof wishes / sizeof *wishes && !shim_has_failed(); i++) {
    exported made = {0};
    ASSERT_TRUE(family_export(&wishes[i], &made));
    const verdict found = verify_path(made.path, NULL);
    expect_ok(&found);
    EXPECT_TRUE(found.report->is_connectivity_exact);
  }
}

/* One link more in a bundle above the leaves. */
LS_TEST(Families, a_changed_link_is_named)
{
  for (size_t i = 0; i < sizeof wishes / sizeof *wishes && !shim_has_failed(); i++) {
    const bool has_ocs = wishes[i].family == LS_OCS_CORE;
    exported made = {0};
    char id[128], count[128];
    ASSERT_TRUE(family_export(&wishes[i], &made));
    if (!strstr(made.text, has_ocs ? ">circuit<" : ">trunk<")) continue; /* one layer */
    const char *edge = exported_element(made.text, "<edge ", has_ocs ? ">circuit<" : ">trunk<", id);
    ASSERT_TRUE(edge != NULL && exported_value(edge, "e_link_count", count));
    const char *more = shim_format("%lld", strtoll(count, NULL, 10) + 1);
    const char *text = exported_set(made.text, edge, "e_link_count", more);
    const verdict found = verify_text(text);
    EXPECT_STATUS(found.status, LS_ERR_NO);
    EXPECT_TRUE(is_named(&found, id, NULL));
  }
}

/* A link moved to another rail joins networks that must be apart. */
LS_TEST(Families, rails_that_meet_are_named)
{
  exported made = {0};
  char id[128], rail[128];
  ASSERT_TRUE(family_export(&wishes[1], &made));
  const char *spine = exported_element(made.text, "<node ", ">spine<", id);
  ASSERT_TRUE(spine != NULL && exported_value(spine, "n_rail", rail));
  const char *other = strtoll(rail, NULL, 10) ? "0" : "1";
  const verdict found = verify_text(exported_set(made.text, spine, "n_rail", other));
  EXPECT_STATUS(found.status, LS_ERR_NO);
}

/* Leaves are packet switches and hold every GPU; OCS join like chassis above the access tier. */
LS_TEST(Families, ocs_never_replace_leaves)
{
  ls_catalog *catalog = shim_alloc(sizeof *catalog);
  ls_spec *spec = shim_alloc(sizeof *spec);
  ls_problem *problem = NULL;
  int32_t seen = 0;
  fabric_catalog(catalog);
  fabric_spec(catalog, 512, spec);
  ASSERT_STATUS(ls_problem_create(catalog, spec, &problem, NULL), LS_OK);
  for (uint32_t s = 0; s < problem->structure_count; s++) {
    const ls_structure *structure = &problem->structures[s];
    const ls_side *leaf = &structure->side_b[LS_TIER_ACCESS];
    int64_t ports = 0;
    EXPECT_LE_I64(0, structure->switch_index[0]);
    EXPECT_FALSE(ls_tier_is_ocs(structure, LS_TIER_ACCESS));
    if (structure->ocs_index >= 0) {
      EXPECT_TRUE(structure->peer_tier == LS_TIER_SPINE || structure->peer_tier == LS_TIER_CORE);
      EXPECT_LT_I64(structure->switch_index[structure->peer_tier], 0);
      seen++;
    }
    if (structure->leg_count[0] == 0) continue; /* not sized */
    for (int32_t i = 0; i < LS_SIDE_KINDS; i++) ports += leaf->count[i] * leaf->port_count[i];
    EXPECT_EQ_I64(ports, 512 * (int64_t)structure->planes);
  }
  EXPECT_LT_I64(0, seen);
  ls_problem_destroy(problem);
}

static const char *const one_family =
    "year: 2027\n"
    "cluster: {gpus: 256, gpus_per_server: 8, servers_per_rack: 4, nic_gbps_per_gpu: 800,\n"
    "          scale_up: {domain_gpus: 8, gbps_per_gpu: 7200}}\n"
    "floor: {rows: 4, racks_per_row: 12}\n"
    "space: {families: [%s], planes: [1], switches: [sn5600, th5-51t], fibers: [g652d]}\n";

static shim_result run_words(const char *const words[])
{
  shim_result result;
  memset(&result, 0, sizeof result);
  shim_run(words, NULL, &result);
  return result;
}

LS_TEST(Families, optimize_answers_each_alone_with_files_that_verify)
{
  static const char *const families[] = {"clos2",     "clos3",    "rail_only",
                                         "ocs_spine", "ocs_core", "direct"};
  for (size_t i = 0; i < sizeof families / sizeof *families && !shim_has_failed(); i++) {
    const char *spec = shim_format("%s/spec.yaml", shim_folder());
    const char *folder = shim_format("%s/out", shim_folder());
    char text[512];
    snprintf(text, sizeof text, one_family, families[i]);
    shim_file_write(spec, text, strlen(text));
    const char *const optimize[] = {LS_TEST_PROGRAM, "optimize", spec, "-o", folder, NULL};
    const shim_result made = run_words(optimize);
    if (made.exit_code == 127) LS_TEST_SKIP("the program is not built");
    ASSERT_EQ_I64(made.exit_code, 0);
    const char *path = shim_format("%s/cheapest.graphml", folder);
    const char *const verify[] = {LS_TEST_PROGRAM, "verify", path, NULL};
    const shim_result told = run_words(verify);
    EXPECT_EQ_I64(told.exit_code, 0);
    EXPECT_CONTAINS(told.out, "ok: every claim");
    EXPECT_CONTAINS(shim_file_read(path, NULL), families[i]);
  }
}

/* Two planes of one switch each: a failure takes half the network, and no more. */
LS_TEST(Families, a_failure_takes_no_more_than_is_allowed)
{
  static const struct {
    int64_t share_ppm_max;
    bool is_out;
  } cases[] = {{0, false}, {500000, false}, {499999, true}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ls_catalog *catalog = shim_alloc(sizeof *catalog);
    ls_spec *spec = shim_alloc(sizeof *spec);
    ls_problem *problem = NULL;
    int32_t seen = 0;
    fabric_catalog(catalog);
    fabric_spec(catalog, 64, spec);
    spec->failure_share_ppm_max[LS_FAILS_CHASSIS] = cases[i].share_ppm_max;
    spec->space.planes[0] = 2;
    spec->space.plane_count = 1;
    spec->space.family_mask = LS_CHOOSE_CLOS1;
    ASSERT_STATUS(ls_problem_create(catalog, spec, &problem, NULL), LS_OK);
    for (uint32_t s = 0; s < problem->structure_count; s++) {
      const ls_structure *structure = &problem->structures[s];
      if (structure->size.leaf_count != 1) continue;
      EXPECT_EQ_I64(ls_chassis_share_ppm(structure, 0), 500000);
      EXPECT_EQ_I64((structure->violation_mask & LS_VIOLATES_DOMAIN) != 0, cases[i].is_out);
      seen++;
    }
    EXPECT_LT_I64(0, seen);
    ls_problem_destroy(problem);
  }
}
