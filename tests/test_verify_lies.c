/* One figure of one node or edge is changed: the verifier names that element and what is wrong. */
#include "verdict.h"

LS_TEST(Verify, names_the_edge_that_lies)
{
  static const lie lies[] = {
      {"<edge ", ">trunk<", "e_weight", "7", "weight"},
      {"<edge ", ">trunk<", "e_optic_a", "fr4", "optic_a"},
      {"<edge ", ">trunk<", "e_optic_b", "no-such", "optic_b"},
      {"<edge ", ">trunk<", "e_optic_a", "", "optic_a"},
      {"<edge ", ">trunk<", "e_fiber", "no-such", "fiber"},
      {"<edge ", ">trunk<", "e_length_mm", "12345", "length_mm"},
      {"<edge ", ">trunk<", "e_length_mm", "900000000", "reach"},
      {"<edge ", ">trunk<", "e_stock_mm", "100000", "stock_mm"},
      {"<edge ", ">trunk<", "e_loss_mdb", "1", "loss_mdb"},
      {"<edge ", ">trunk<", "e_margin_mdb", "9999", "margin_mdb"},
      {"<edge ", ">trunk<", "e_cord_capex_cents", "1", "cord_capex_cents"},
      {"<edge ", ">trunk<", "e_strand_count", "3", "strand_count"},
      {"<edge ", ">trunk<", "e_mating_count", "40", "optical budget"},
      {"<edge ", ">trunk<", "e_plane", "1", "plane"},
      {"<edge ", ">trunk<", "e_tier", "2", "ends"},
      {"<edge ", ">trunk<", "e_interaction", "access", "ends"},
      {"<edge ", ">trunk<", "e_via", "rack0000", "via"},
      {"<edge ", ">access<", "e_link_count", "9", "link_count"},
  };
  exported made = {0};
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) expect_lie_named(made.text, &lies[i]);
}

LS_TEST(Verify, names_the_circuit_that_lies)
{
  static const lie lies[] = {
      {"<edge ", ">circuit<", "e_via", "", "via"},
      {"<edge ", ">circuit<", "e_length_mm", "77", "length_mm"},
      {"<edge ", ">circuit<", "e_loss_mdb", "0", "loss_mdb"},
      {"<edge ", ">circuit<", "e_circulator_count", "2", "circulator_count"},
      {"<edge ", ">ocs_leg<", "e_link_count", "900", "links in circuits"},
      {"<edge ", ">ocs_leg<", "e_optic_b", "bidi", "optic_b"},
      {"<node ", ">ocs<", "n_radix", "1", "radix"},
  };
  exported made = {0};
  ASSERT_TRUE(exported_create(exported_mesh(), &made));
  for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) expect_lie_named(made.text, &lies[i]);
}

LS_TEST(Verify, names_the_node_that_lies)
{
  static const lie lies[] = {
      {"<node ", ">leaf<", "n_unit_capex_cents", "1", "unit_capex_cents"},
      {"<node ", ">leaf<", "n_unit_power_mw", "1", "unit_power_mw"},
      {"<node ", ">leaf<", "n_up_modules_capex_cents", "1", "up_modules_capex_cents"},
      {"<node ", ">leaf<", "n_up_modules_power_mw", "1", "up_modules_power_mw"},
      {"<node ", ">leaf<", "n_up_module_count", "1", "up_module_count"},
      {"<node ", ">leaf<", "n_up_port_count", "1", "up_port_count"},
      {"<node ", ">leaf<", "n_radix", "2", "radix"},
      {"<node ", ">leaf<", "n_plane", "7", "plane"},
      {"<node ", ">leaf<", "n_catalog_id", "", "catalog_id"},
      {"<node ", ">leaf<", "n_x", "0.123", "x in mm"},
      {"<node ", ">leaf<", "n_slot", "-4", "slot"},
      {"<node ", ">leaf<", "n_unit_power_mw_max", "1", "unit_power_mw_max"},
      {"<node ", ">leaf<", "n_unit_latency_ps", "1", "unit_latency_ps"},
      {"<node ", ">leaf<", "n_unit_downtime_fit_min", "1", "unit_downtime_fit_min"},
      {"<node ", ">leaf<", "n_cage_count", "7", "cage_count"},
      {"<node ", ">leaf<", "n_cage_gbps", "400", "cage_gbps"},
      {"<node ", ">leaf<", "n_rack_units", "1", "rack_units"},
      {"<node ", ">rack<", "n_rack_units", "1", "rack_units"},
      {"<node ", ">rack<", "n_cage_count", "1", "cage_count"},
      {"<node ", ">leaf<", "n_is_liquid_cooled", "1", "is_liquid_cooled"},
      {"<node ", ">rack<", "n_gpu_count", "31", NULL},
      {"<node ", ">rack<", "n_server_count", "3", "server_count"},
  };
  exported made = {0};
  ASSERT_TRUE(exported_create((exported_wish){LS_CLOS3, false, 1, 256, FABRIC_DR, 0}, &made));
  for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) expect_lie_named(made.text, &lies[i]);
}
