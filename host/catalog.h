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

typedef enum ls_evidence {
  LS_EVIDENCE_DATASHEET,
  LS_EVIDENCE_VENDOR, /* a vendor's claim */
  LS_EVIDENCE_SECONDARY,
  LS_EVIDENCE_DERIVED, /* computed from other entries */
  LS_EVIDENCE_ASSUMED  /* nobody was seen to say it; low..high is wide */
} ls_evidence;

typedef enum ls_protocol { LS_PROTOCOL_ETHERNET, LS_PROTOCOL_INFINIBAND } ls_protocol;

/* One figure, in the integer unit its key is converted to. */
typedef struct ls_number {
  int64_t value, low, high; /* low <= value <= high; equal where no range is known */
  int32_t year;             /* the figure's year; 0: not given */
  int32_t source;           /* index into ls_catalog.sources, -1 for an assumption */
  int32_t evidence;         /* ls_evidence */
  int32_t line;             /* 0: the key is absent, and all of the number 0 */
} ls_number;

typedef struct ls_catalog_source {
  char id[LS_ID_MAX];
  char title[256];
} ls_catalog_source;

typedef struct ls_catalog_switch {
  char id[LS_ID_MAX], name[96], vendor[LS_ID_MAX]; /* vendor empty: several make it */
  int line;
  ls_number bandwidth_gbps, port_count_max, rack_units, power_mw, power_mw_max, latency_ps;
  ls_number port_gbps_max; /* fastest logical port, whatever a cage would take */
  ls_number capex_cents;   /* chassis; with integrated optics, without its engines */
  ls_number failure_fit, repair_min;
  ls_number cage_count, cage_gbps;                                    /* 0 with integrated optics */
  ls_number engine_count, laser_module_count, laser_count, fau_count; /* 0 without them */
  ls_number year_leaf, year_spine, year_core; /* first year to buy it for that tier; 0: never */
  int32_t protocol;                           /* ls_protocol: switches of one fabric speak one */
  int32_t lane_mask;                          /* bit 0: 100G, bit 1: 200G */
  char integrated_optic[LS_ID_MAX];           /* id of an optic of kind cpo; empty: cages */
  bool power_includes_optics;                 /* then power_mw holds all its ports' optics */
} ls_catalog_switch;

typedef struct ls_catalog_optic {
  char id[LS_ID_MAX], name[96], vendor[LS_ID_MAX];
  int line;
  int32_t kind;                /* ls_optic_kind */
  int32_t mate_class;          /* ls_mate_class */
  ls_number module_gbps;       /* 0 for cpo */
  ls_number lane_gbps;         /* 100 or 200 */
  ls_number pair_gbps;         /* per fiber pair; 0 for copper */
  ls_number energy_fj_per_bit; /* one end; = uW per Gb/s */
  ls_number latency_ps;        /* one end */
  ls_number capex_cents;       /* a module (copper: half a cable); cpo: per Gb/s of the chassis */
  ls_number failure_fit, repair_min; /* a module; cpo: per port_share_gbps */
  ls_number port_share_gbps;         /* cpo: the bandwidth failure_fit is given for; else 0 */
  ls_number reach_mm;
  ls_number tx_mdbm, tx_max_mdbm, threshold_mdbm, overload_mdbm, penalty_mdb, internal_loss_mdb;
  ls_number year_nic, year_leaf, year_spine, year_core; /* 0: never */
} ls_catalog_optic;

typedef struct ls_catalog_ocs {
  char id[LS_ID_MAX], name[96], vendor[LS_ID_MAX];
  int line;
  ls_number port_count; /* usable ports a side */
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
  ls_number circulator_loss_mdb, circulator_capex_cents; /* one circulator */
  ls_number fec_latency_ps;                              /* encode and decode of one link */
  int32_t stock_count;
  int32_t stock_mm[64]; /* ascending cord lengths on sale; beyond the last: multiples of it */
} ls_catalog_parts;

typedef struct ls_catalog {
  char path[256];
  char sha256[65];
  int32_t source_count, switch_count, optic_count, ocs_count, fiber_count;
  ls_catalog_source sources[LS_SOURCE_MAX];
  ls_catalog_switch switches[LS_SWITCH_MAX];
  ls_catalog_optic optics[LS_OPTIC_MAX];
  ls_catalog_ocs ocs[LS_OCS_MAX];
  ls_catalog_fiber fibers[LS_FIBER_MAX];
  ls_catalog_parts parts;
} ls_catalog;

/* Index of the optics with this id, or -1. */
int32_t ls_catalog_optic_find(const ls_catalog *catalog, const char *id);

/* Reads and checks a catalog file. *catalog is changed only on success.
 * Errors: LS_ERR_INPUT with file, line, key in *error; LS_ERR_MEMORY. */
ls_status ls_catalog_read(const char *path, ls_catalog *catalog, ls_error *error);

#ifdef __cplusplus
}
#endif
#endif
