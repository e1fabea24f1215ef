/* Files that are not ours, cut short, damaged at random or full of huge figures: the verifier
 * refuses them or answers, and never crashes. */
#include "verdict.h"

LS_TEST(Verify, refuses_what_is_not_ours)
{
  static const char *const texts[] = {
      "not XML at all",
      "<a/>",
      "<?xml version=\"1.0\"?><graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\"/>",
      "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">"
      "<graph edgedefault=\"undirected\"/></graphml>",
      "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\"><graph edgedefault=\"undirected\">"
      "<node id=\"a\"/><node id=\"b\"/><edge source=\"a\" target=\"b\"/></graph></graphml>",
      "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\"><graph edgedefault=\"undirected\">"
      "<edge source=\"a\"/></graph></graphml>",
      "<!DOCTYPE a [<!ENTITY b \"c\"><!ENTITY d \"&b;&b;&b;\">]><graphml>&d;</graphml>",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    const verdict found = verify_text(texts[i]);
    EXPECT_STATUS(found.status, LS_ERR_INPUT);
    EXPECT_TRUE(strlen(found.error.message) > 10);
  }
  EXPECT_STATUS(verify_text("").status, LS_ERR_INPUT);
  EXPECT_STATUS(verify_path(shim_folder(), NULL).status, LS_ERR_INPUT);
  EXPECT_STATUS(verify_path("no/such.graphml", NULL).status, LS_ERR_INPUT);
}

LS_TEST(Verify, refuses_other_namespaces)
{
  exported made = {0};
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  const char *ours = "xmlns=\"http://graphml.graphdrawing.org/xmlns\"";
  EXPECT_STATUS(
      verify_text(exported_replace(made.text, made.text, ours, "xmlns=\"http://other\"")).status,
      LS_ERR_INPUT);
}

LS_TEST(Verify, refuses_a_truncated_file)
{
  exported made = {0};
  ASSERT_TRUE(exported_create((exported_wish){LS_CLOS1, false, 1, 32, -1, -1}, &made));
  const size_t size = strlen(made.text), step = size / 40 + 1;
  for (size_t kept = 1; kept < strlen(made.text) - 12; kept += step) {
    char *text = shim_format("%.*s", (int)kept, made.text);
    EXPECT_STATUS(verify_text(text).status, LS_ERR_INPUT);
  }
}

static void expect_survival(exported_wish wish)
{
  exported made = {0};
  uint64_t state = 20;
  ASSERT_TRUE(exported_create(wish, &made));
  const size_t size = strlen(made.text);
  char *text = shim_format("%s", made.text);
  for (int i = 0; i < 300; i++) {
    memcpy(text, made.text, size);
    for (int flips = 0; flips < 1 + i % 4; flips++) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      text[(state >> 33) % size] = "0123456789-<>&\"/ xe."[(state >> 20) % 20];
    }
    const ls_status status = verify_text(text).status;
    EXPECT_TRUE(status == LS_OK || status == LS_ERR_NO || status == LS_ERR_INPUT ||
                status == LS_ERR_MEMORY);
  }
}

LS_TEST(Verify, survives_any_damage)
{
  expect_survival((exported_wish){LS_CLOS1, false, 2, 32, -1, -1});
  expect_survival(exported_mesh());
}

LS_TEST(Verify, adds_up_without_overflow)
{
  exported made = {0};
  char id[128];
  ASSERT_TRUE(exported_create(exported_clos2(), &made));
  char *text = made.text;
  static const char *const keys[] = {"e_link_count", "e_strand_count", "e_stock_mm", "e_length_mm",
                                     "e_mating_count"};
  for (int i = 0; i < 5; i++) {
    const char *at = exported_element(text, "<edge ", ">trunk<", id);
    text = at == NULL ? NULL : exported_set(text, at, keys[i], "1000000000");
    ASSERT_TRUE(text != NULL);
  }
  const char *at = exported_element(text, "<edge ", ">trunk<", id);
  text = exported_set(text, at, "e_cord_capex_cents", "9007199254740992");
  EXPECT_STATUS(verify_text(text).status, LS_ERR_NO);
  text = exported_set(made.text, exported_element(made.text, "<edge ", ">trunk<", id),
                      "e_link_count", "1e300");
  EXPECT_STATUS(verify_text(text).status, LS_ERR_INPUT);
}

LS_TEST(Verify, multiplies_units_without_overflow)
{
  static const char *const figures[] = {"n_unit_latency_ps",
                                        "n_cage_count",
                                        "n_rack_units",
                                        "n_radix",
                                        "n_down_port_count",
                                        "n_down_module_count",
                                        "e_length_mm",
                                        "e_link_count",
                                        "g_fec_latency_ps",
                                        "g_server_rack_units",
                                        "n_server_count",
                                        "g_copper_latency_fs_per_mm",
                                        "g_optic.bidi.latency_ps",
                                        "g_fiber.smf.latency_fs_per_mm"};
  static const char *const prices[] = {"n_unit_downtime_fit_min", "g_optic.bidi.part1_fit",
                                       "n_unit_power_mw", "g_server_power_mw",
                                       "n_down_modules_power_mw"};
  exported made = {0};
  ASSERT_TRUE(exported_create(exported_mesh(), &made));
  for (int sign = 0; sign < 2; sign++) {
    char *text = made.text;
    for (size_t i = 0; text != NULL && i < sizeof figures / sizeof *figures; i++)
      text = exported_set_all(text, figures[i], sign ? "-1000000000" : "1000000000");
    for (size_t i = 0; text != NULL && i < sizeof prices / sizeof *prices; i++)
      text = exported_set_all(text, prices[i], sign ? "-9007199254740992" : "9007199254740992");
    ASSERT_TRUE(text != NULL);
    EXPECT_STATUS(verify_text(text).status, LS_ERR_NO);
  }
}
