/* The question: site, cluster, goals and the space of designs to look at. Read from a spec
 * file; every unit is converted here, once. */
#ifndef LS_SPEC_H
#define LS_SPEC_H

#include "catalog.h"
#include "demand.h"
#include "reliability.h"
#include "workload.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LS_BLOCKED_MAX 256
#define LS_AREA_MAX 64
#define LS_ZONE_NAME_MAX 15

/* Bits of ls_spec.family_mask, by the names in the spec's space.families. */
enum {
  LS_CHOOSE_CLOS1 = 1,
  LS_CHOOSE_CLOS2 = 2,
  LS_CHOOSE_CLOS2_RAIL = 4,
  LS_CHOOSE_CLOS3 = 8,
  LS_CHOOSE_CLOS3_RAIL = 16,
  LS_CHOOSE_OCS_SPINE = 32,
  LS_CHOOSE_RAIL_ONLY = 64,
  LS_CHOOSE_DIRECT = 128,
  LS_CHOOSE_OCS_CORE = 256,
  LS_CHOOSE_CLOS4 = 512,
  LS_CHOOSE_CLOS4_RAIL = 1024
};

/* Their names in space.families and in design files, by bit; NULL ends them. */
extern const char *const ls_family_choices[];

typedef struct ls_spec_scale_up {
  int32_t domain_gpus;  /* 1..65536, default 1: there is no scale-up */
  int32_t gbps_per_gpu; /* one way; 0 without scale-up */
} ls_spec_scale_up;

typedef struct ls_spec_cluster {
  int32_t gpu_count;         /* gpus: 1..4194304 */
  int32_t gpus_per_server;   /* 1..1024; also the number of rails */
  int32_t servers_per_rack;  /* 1..128 */
  int32_t nic_gbps;          /* nic_gbps_per_gpu: 100..12800 */
  int32_t nic_lane_mask;     /* nic_lanes_gbps: [100, 200]; default both */
  int32_t server_rack_units; /* 1..48, default 8 */
  int64_t server_power_mw;   /* server_kw, default 14 */
  ls_spec_scale_up scale_up; /* optional */
} ls_spec_cluster;

/* Slots of every row_step-th of the rows row_first..row_last, in them of the racks
 * rack_first..rack_last; together with the other areas of its name a zone: a hall, what one feed
 * or one cooling unit serves, the liquid-cooled slots, or those with a fixed use. */
typedef struct ls_floor_area {
  char name[LS_ZONE_NAME_MAX + 1];
  int32_t zone; /* 0-based, in the order of first names */
  int32_t row_first, row_last, row_step;
  int32_t rack_first, rack_last;
  int32_t gap_mm; /* halls: from the hall before, beside the row pitch */
} ls_floor_area;

/* Zones of one kind, of which a slot is in one or in none. */
typedef struct ls_floor_zones {
  int32_t area_count, zone_count;
  ls_floor_area area[LS_AREA_MAX]; /* [area_count] */
} ls_floor_zones;

typedef struct ls_spec_floor {
  int32_t row_count;                    /* rows: 1..1024 */
  int32_t racks_per_row;                /* 1..1024; at most 65536 slots in all */
  int32_t rack_pitch_mm;                /* rack_pitch_m, default 0.6 */
  int32_t row_pitch_mm;                 /* row_pitch_m, default 3.6 */
  int32_t tray_height_mm;               /* tray_height_m above the racks, default 0.6 */
  int32_t drop_mm_per_end;              /* drop_m_per_end, default 2.5 */
  int32_t in_rack_mm;                   /* in_rack_m: a cord that stays in one rack, default 1.5 */
  int32_t slack_ppm;                    /* slack_fraction, default 0.1 = 100000 */
  int32_t slack_fixed_mm;               /* slack_fixed_m, default 2 */
  int32_t rack_units;                   /* rack_units, default 48 */
  int64_t rack_power_mw;                /* rack_kw, default 60 */
  int32_t tray_strands_max;             /* above a row or between two halls; 0: any number */
  bool is_structured;                   /* structured_cabling, default false */
  int32_t blocked_count;                /* blocked: [[row, rack], ...], 0-based */
  int32_t blocked_slot[LS_BLOCKED_MAX]; /* row * racks_per_row + rack */
  ls_floor_zones halls;                 /* all rows in order, or none */
  ls_floor_zones feeds;                 /* a slot of none is fed twice and outlives a feed */
  ls_floor_zones cooling_units;         /* likewise */
  ls_floor_zones liquid_cooled;         /* one zone; none: nothing is said, any slot will do */
  ls_floor_zones fixed; /* "network", "built_network": network racks alone; "gpu", "built_gpu": GPU
                           racks alone; none: either; "built_": they stand there already */
} ls_spec_floor;

typedef struct ls_spec_economics {
  int32_t years;                   /* default 5 */
  int32_t pue_ppm;                 /* pue, default 1.2 */
  int32_t energy_microusd_per_kwh; /* energy_usd_per_kwh, default 0.078 */
  int64_t repair_cents;            /* repair_usd: labor of one repair, default 200 */
  int64_t gpu_hour_cents;          /* gpu_hour_usd: value of a lost GPU-hour, default 2.5 */
  int64_t gpu_cents;               /* gpu_usd: a GPU and its share of a server, default 40000 */
  int64_t gpu_power_mw;            /* gpu_kw: what it draws; default: server_kw / its GPUs */
} ls_spec_economics;

/* Lists of the catalog from which both ids and vendors, regions and technologies choose. */
enum { LS_CHOICE_SWITCHES, LS_CHOICE_OPTICS, LS_CHOICE_OCS, LS_CHOICE_SCALE_UP, LS_CHOICE_COUNT };

/* Why an entry is not chosen: ids do not list it, or the others leave it out. */
typedef struct ls_spec_choice {
  uint32_t listed_mask, excluded_mask;
} ls_spec_choice;

/* Selections: bit i chooses entry i of the catalog; all entries by default. */
typedef struct ls_spec_space {
  uint32_t family_mask;
  uint32_t block_kind_mask; /* bit ls_block_kind; 0: LS_BLOCKS_FOUND alone */
  uint32_t switch_mask, optic_mask, ocs_mask, fiber_mask;
  uint32_t scale_up_mask; /* 0: none is counted, as without cluster.scale_up */
  uint32_t technology_mask, excluded_technology_mask; /* bit ls_optic_kind; applied to the above */
  ls_spec_choice choice[LS_CHOICE_COUNT];             /* what the masks above were made of */
  bool has_nic_cpo; /* also co-packaged NICs, whose optics nobody prices; no key of a spec */
  int32_t plane_count;
  int32_t planes[8]; /* each 1..16, default [1, 2, 4] */
  int32_t oversubscription_count;
  int32_t oversubscription_num[16], oversubscription_den[16]; /* "3:1", "3:2", 1.5, 3; >= 1 */
} ls_spec_space;

typedef struct ls_spec {
  char path[256];
  char name[64]; /* file name without folder and ".yaml" */
  char sha256[65];
  int32_t year;            /* 2024..2040 */
  int32_t supply_scenario; /* ls_supply_scenario, default base */
  ls_spec_cluster cluster;
  ls_spec_floor floor;
  ls_spec_economics economics;
  ls_traffic traffic;      /* optional; host/workload.h */
  const ls_demand *matrix; /* borrowed: what traffic.matrix names, once it is read; or NULL */
  struct ls_block_graphs *graphs; /* borrowed: those met before (block_graph.h); or NULL */
  ls_reliability reliability;     /* host/reliability.h */
  uint32_t objective_mask;        /* bit LS_METRIC_x; names below; the first five by default */
  int64_t limit[LS_METRIC_COUNT]; /* INT64_MAX: none. As ls_score: throughput as loss in ppm */
  int64_t vendor_share_ppm_max;   /* limits.vendor_share_max: of the money for parts; 0: none */
  /* limits.failure_share_max: of the network, that one failure may take; 0: any. */
  int64_t failure_share_ppm_max[LS_FAILS_COUNT];
  ls_spec_space space;
} ls_spec;

/* Names of the objectives in specs and JSON, by LS_METRIC_: capex, power, throughput_worst,
 * latency_max, bandwidth_at_risk, tco, lost_gpu_hours, usd_per_gpu_hour. Limits in a spec:
 * capex_usd_max, power_w_max, throughput_worst_min (fraction), latency_ns_max,
 * bandwidth_at_risk_gbps_max, tco_usd_max, lost_gpu_hours_per_year_max, usd_per_gpu_hour_max. */
extern const char *const ls_metric_name[LS_METRIC_COUNT];

/* By ls_supply_scenario; ends with NULL. */
extern const char *const ls_supply_scenario_names[];

/* Reads a spec; names in space are resolved against the catalog. *spec is changed only on
 * success. Errors: LS_ERR_INPUT with file, line, key; LS_ERR_MEMORY. */
ls_status ls_spec_read(const char *path, const ls_catalog *catalog, ls_spec *spec, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
