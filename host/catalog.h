/* What can be bought, with the source of every number. Read from catalog.yaml; the problem's
 * tables (kernels/problem.h) are made from it. Plain data, owned by ls_catalog. */
#ifndef LS_CATALOG_H
#define LS_CATALOG_H

#include "../kernels/problem.h"
#include "error.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LS_ID_MAX 48
#define LS_SOURCE_MAX 128
#define LS_CURVE_MAX 128
#define LS_CURVE_POINT_MAX 8
#define LS_SUPPLY_MAX 8 /* resources that entries draw on; the first of the problem's */

typedef enum ls_evidence {
  LS_EVIDENCE_DATASHEET,
  LS_EVIDENCE_VENDOR, /* a vendor's claim */
  LS_EVIDENCE_SECONDARY,
  LS_EVIDENCE_DERIVED, /* computed from other entries */
  LS_EVIDENCE_ASSUMED  /* nobody was seen to say it; low..high is wide */
} ls_evidence;

typedef enum ls_protocol { LS_PROTOCOL_ETHERNET, LS_PROTOCOL_INFINIBAND } ls_protocol;

/* How much of a resource is made: which of the three forecasts a catalog is resolved for. */
typedef enum ls_supply_scenario {
  LS_SUPPLY_LOW,
  LS_SUPPLY_BASE,
  LS_SUPPLY_HIGH,
  LS_SUPPLY_UNLIMITED /* enough of all */
} ls_supply_scenario;

/* Where the light of an end is made. */
typedef enum ls_laser {
  LS_LASER_NONE,
  LS_LASER_EML,
  LS_LASER_CW,
  LS_LASER_EXTERNAL, /* in laser modules of the chassis */
  LS_LASER_VCSEL
} ls_laser;

typedef enum ls_board { LS_BOARD_NONE, LS_BOARD_FR4, LS_BOARD_MEGTRON } ls_board;

typedef enum ls_ocs_kind {
  LS_OCS_MEMS,
  LS_OCS_LIQUID_CRYSTAL,
  LS_OCS_PIEZO,
  LS_OCS_ROBOTIC,
  LS_OCS_SILICON_PHOTONIC
} ls_ocs_kind;

/* One figure, in the integer unit its key is converted to. value, low and high are those of
 * `year`; host/catalog_year.h makes those of another year. */
typedef struct ls_number {
  int64_t value, low, high; /* low <= value <= high; equal where no range is known */
  int32_t year;             /* the figure's year; 0: not given */
  int32_t change_ppm;       /* change_per_year: of the value, each year from `year` on */
  int32_t curve;            /* by_year: 1 + index into ls_catalog.curves; 0: none */
  int32_t source;           /* index into ls_catalog.sources, -1 for an assumption */
  int32_t evidence;         /* ls_evidence */
  int32_t line;             /* 0: the key is absent, and all of the number 0 */
} ls_number;

/* A figure by year: linear between points, constant outside them. */
typedef struct ls_curve {
  int32_t count; /* 2..LS_CURVE_POINT_MAX */
  int32_t year[LS_CURVE_POINT_MAX];
  int64_t value[LS_CURVE_POINT_MAX];
} ls_curve;

typedef struct ls_catalog_source {
  char id[LS_ID_MAX];
  char title[256];
} ls_catalog_source;

typedef struct ls_catalog_switch {
  char id[LS_ID_MAX], name[96], vendor[LS_ID_MAX]; /* vendor empty: several make it */
  char region[LS_ID_MAX];                          /* where it is made; empty: anywhere */
  int line;
  ls_number bandwidth_gbps, port_count_max, rack_units, power_mw, power_mw_max, latency_ps;
  ls_number port_gbps_max; /* fastest logical port, whatever a cage would take */
  ls_number capex_cents;   /* chassis without board; integrated: also without packages */
  ls_number asic_capex_cents, substrate_capex_cents; /* of one package; 0 with cages */
  ls_number asic_count, asic_fit;                    /* packages a box; 0: not told */
  ls_number failure_fit, repair_min;
  ls_number cage_count, cage_gbps;            /* 0 with integrated optics */
  ls_number year_leaf, year_spine, year_core; /* first year to buy it for that tier; 0: never */
  ls_number year_end;                         /* first year it can no longer be bought; 0: never */
  int32_t board;                              /* ls_board */
  int32_t draw[LS_SUPPLY_MAX];                /* of each resource, a box */
  int32_t protocol;                           /* ls_protocol: switches of one fabric speak one */
  int32_t lane_mask;                          /* bit 0: 100G, bit 1: 200G */
  char integrated_optic[LS_ID_MAX];           /* id of an integrated optic; empty: cages */
  bool is_liquid_cooled;                      /* stands in liquid-cooled slots alone */
  bool power_includes_optics;                 /* then power_mw holds all its ports' optics */
} ls_catalog_switch;

typedef struct ls_catalog_optic {
  char id[LS_ID_MAX], name[96], vendor[LS_ID_MAX], region[LS_ID_MAX];
  int line;
  int32_t kind;                /* ls_optic_kind */
  int32_t mate_class;          /* ls_mate_class */
  int32_t laser;               /* ls_laser */
  bool is_socketed;            /* integrated: an engine can be changed before and after sale */
  int32_t draw[LS_SUPPLY_MAX]; /* of each resource, a module; integrated: see the switch */
  ls_number module_gbps;       /* 0 for integrated optics */
  ls_number lane_gbps;         /* 100 or 200 */
  ls_number pair_gbps;         /* per fiber pair; 0 for copper */
  ls_number energy_fj_per_bit; /* one end; = uW per Gb/s */
  ls_number latency_ps;        /* one end */
  ls_number laser_count;       /* a module; integrated: an engine */
  ls_number capex_cents;       /* a module (copper: half a cable); 0 for integrated optics */
  ls_number failure_fit;       /* a module; integrated: port_share_gbps of an engine */
  ls_number repair_min;        /* a module; 0 for integrated optics */
  /* Integrated optics alone; 0 for all others. */
  ls_number capex_microusd_per_gbps; /* engines without what attaches them */
  ls_number port_share_gbps;         /* the bandwidth failure_fit is given for */
  ls_number engine_gbps;             /* one engine, one fiber array unit */
  ls_number engine_wait_min;         /* until somebody changes a failed engine */
  ls_number engine_swap_min;         /* the box is down while it is changed */
  ls_number engine_test_yield_ppm, attach_yield_ppm, assembly_yield_ppm; /* 0: not told, all good */
  ls_number laser_module_gbps, laser_module_capex_cents;                 /* 0: no laser modules */
  ls_number laser_fit, laser_module_fit, laser_module_repair_min;
  ls_number reach_mm;
  ls_number tx_mdbm, tx_max_mdbm, threshold_mdbm, overload_mdbm, penalty_mdb, internal_loss_mdb;
  ls_number year_nic, year_leaf, year_spine, year_core; /* 0: never */
  ls_number year_end;                                   /* as of a switch */
} ls_catalog_optic;

typedef struct ls_catalog_ocs {
  char id[LS_ID_MAX], name[96], vendor[LS_ID_MAX], region[LS_ID_MAX];
  int line;
  int32_t kind;                /* ls_ocs_kind */
  int32_t draw[LS_SUPPLY_MAX]; /* of each resource, a unit */
  ls_number year, year_end;    /* first year to buy it, first year no longer; 0: always, never */
  ls_number port_count;        /* usable ports a side */
  ls_number loss_mdb, power_mw, rack_units;
  ls_number capex_cents_per_port;
  ls_number failure_fit, repair_min;
  ls_number switching_us;
} ls_catalog_ocs;

typedef struct ls_catalog_fiber {
  char id[LS_ID_MAX], name[96];
  int line;
  ls_number latency_fs_per_mm, loss_mdb_per_km, capex_cents_per_km;
} ls_catalog_fiber;

typedef struct ls_catalog_parts {
  ls_number mating_loss_mdb, mating_capex_cents;
  ls_number circulator_loss_mdb, circulator_capex_cents;             /* one circulator */
  ls_number shuffle_box_loss_mdb, shuffle_box_capex_cents_per_fiber; /* one pass; 0: none */
  ls_number fec_latency_ps; /* encode and decode of one link */
  /* Of co-packaged boxes; 0: not counted. */
  ls_number fau_capex_cents, fau_plug_capex_cents;           /* with PM fibers; in a pluggable */
  ls_number pm_fiber_capex_cents, pm_fiber_loss_mdb;         /* one, laser module to engine */
  ls_number shuffle_capex_cents_per_fiber, shuffle_loss_mdb; /* engine to faceplate */
  ls_number facet_loss_mdb;                                  /* fiber to chip, one pass */
  ls_number aging_loss_mdb; /* of the launched light, in its life */
  ls_number mpo_trunk_capex_cents;
  ls_number laser_lot_count; /* lasers delivered as one; 0: lots are not judged */
  ls_number board_fr4_cents_per_ru, board_megtron_multiple_ppm; /* of the price of FR-4 */
  int32_t stock_count;
  int32_t stock_mm[64]; /* ascending cord lengths on sale; beyond the last: multiples of it */
} ls_catalog_parts;

/* A way to join GPUs within a scale-up domain. */
typedef struct ls_catalog_scale_up {
  char id[LS_ID_MAX], name[96], vendor[LS_ID_MAX], region[LS_ID_MAX];
  int line;
  int32_t kind;                /* ls_optic_kind */
  ls_number energy_fj_per_bit; /* one end; = uW per Gb/s */
  ls_number reach_mm;
  ls_number capex_microusd_per_gbps;             /* one end, with its share of the cable */
  ls_number failure_fit, repair_min, share_gbps; /* failures of that much bandwidth */
  ls_number latency_ps;                          /* one end */
  ls_number switch_gbps;                         /* one way, one scale-up switch */
  ls_number switch_capex_microusd_per_gbps, switch_power_uw_per_gbps, switch_fit;
  ls_number year, year_end; /* first year to buy it; first year no longer, 0: never */
} ls_catalog_scale_up;

/* What the world makes a year and entries draw on. */
typedef struct ls_catalog_resource {
  char id[LS_ID_MAX], name[96];
  int line;
  ls_number units_per_year_low, units_per_year_base, units_per_year_high; /* forecasts */
  ls_number buyer_share_ppm; /* the most one buyer may get */
  ls_number units_per_year;  /* of the scenario and year asked for: filled by ls_catalog_at */
  bool is_unlimited;         /* the scenario asked for; then units_per_year does not bind */
} ls_catalog_resource;

typedef struct ls_catalog {
  char path[256];
  char sha256[65];
  int32_t source_count, switch_count, optic_count, ocs_count, fiber_count;
  int32_t scale_up_count, resource_count, curve_count;
  ls_catalog_source sources[LS_SOURCE_MAX];
  ls_catalog_switch switches[LS_SWITCH_MAX];
  ls_catalog_optic optics[LS_OPTIC_MAX];
  ls_catalog_ocs ocs[LS_OCS_MAX];
  ls_catalog_fiber fibers[LS_FIBER_MAX];
  ls_catalog_scale_up scale_up[LS_SCALE_UP_MAX];
  ls_catalog_resource resources[LS_SUPPLY_MAX];
  ls_catalog_parts parts;
  ls_curve curves[LS_CURVE_MAX];
} ls_catalog;

extern const char *const ls_optic_kind_names[]; /* by ls_optic_kind; ends with NULL */
extern const char *const ls_evidence_names[];   /* by ls_evidence; ends with NULL */

/* Index of the optics with this id, or -1. */
int32_t ls_catalog_optic_find(const ls_catalog *catalog, const char *id);

/* Reads and checks a catalog file. *catalog is changed only on success.
 * Errors: LS_ERR_INPUT with file, line, key in *error; LS_ERR_MEMORY. */
ls_status ls_catalog_read(const char *path, ls_catalog *catalog, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
