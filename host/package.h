/* What a switch box is made of and what it costs: chassis, board, and where its optics are
 * integrated the packages with their engines and yields, fiber arrays, lasers and fibers.
 *
 * The price of a package is
 *     (ASIC + substrate + n engines / test yield) / (assembly yield * attach yield^n)
 * since a package that fails in assembly is lost with all that is on it; socketed engines cost
 * 1 / (test yield * attach yield) each, and only themselves when they fail. */
#ifndef LS_PACKAGE_H
#define LS_PACKAGE_H

#include "catalog.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LS_YIELD_ALL_PPM 1000000
#define LS_BOX_PART_MAX 8

/* One package. Yields are 1..LS_YIELD_ALL_PPM. */
typedef struct ls_package {
  int64_t asic_cents, substrate_cents; /* 0..10^10 each */
  int64_t engine_microusd;             /* one engine, 0..10^15: rates are in micro-USD per Gb/s */
  int32_t engine_count;                /* of one package, 0..65535 */
  int32_t test_yield_ppm, attach_yield_ppm, assembly_yield_ppm;
  bool is_socketed;
} ls_package;

/* What a good package costs, in cents, at most LS_PACKAGE_CENTS_MAX. Off the exact value by at
 * most 0.5 + 0.5e-6 * (engine_count + 3) * (price / parts) cents: within one cent as long as
 * yields raise the price less than a thousandfold with 900 engines. Raising a yield never raises
 * it. O(engine_count). */
#define LS_PACKAGE_CENTS_MAX 1000000000000000
int64_t ls_package_cents(const ls_package *package);

/* The least attach yield at which a package costs no more than target_cents: its price there is
 * at most the target, and above it one ppm lower (or the yield is 1 ppm). Closed form, corrected
 * to the ppm. LS_ERR_NO: more than the target even without loss, or no engines to attach and
 * so no yield that matters. O(engine_count). */
ls_status ls_break_even_attach_yield_ppm(const ls_package *package, int64_t target_cents,
                                         int32_t *yield_ppm);

/* What a box holds beside its ASICs; all 0 without integrated optics. */
typedef struct ls_box_counts {
  int64_t package_count; /* at least 1 */
  int64_t engine_count, fau_count, laser_module_count, laser_count, pm_fiber_count;
  int64_t data_fiber_count; /* strands at the faceplate */
} ls_box_counts;

void ls_box_count(const ls_catalog *catalog, const ls_catalog_switch *box, ls_box_counts *counts);

/* One package of a box with integrated optics. LS_ERR_NO: its optics are pluggable. */
ls_status ls_box_package(const ls_catalog *catalog, const ls_catalog_switch *box,
                         ls_package *package);

/* One line of a box's price. */
typedef struct ls_box_part {
  const char *name; /* "chassis", "board", "packages", "fiber-arrays", ... */
  int64_t count, unit_cents;
  int32_t line; /* of the figure in the catalog; 0: it is not told */
} ls_box_part;

/* Fills parts with what one box costs, less parts that cost nothing; returns how many. Without
 * integrated optics these are chassis and board. */
int32_t ls_box_parts(const ls_catalog *catalog, const ls_catalog_switch *box,
                     ls_box_part parts[LS_BOX_PART_MAX]);

/* Their sum. */
int64_t ls_box_cents(const ls_catalog *catalog, const ls_catalog_switch *box);

#ifdef __cplusplus
}
#endif
#endif
