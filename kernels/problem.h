/* The problem as flat integer tables: what a spec and a catalog become, every unit converted
 * once. A backend copies ls_problem and its three arrays to a device as they are.
 *
 * A design is a rank: structure (family, wiring, planes, oversubscription, a chassis per tier,
 * an OCS model) times one link option per tier. Ranks of one structure are contiguous:
 *     rank = structure.rank_first + ((option[0] * n1 + option[1]) * n2 + option[2]) * n3 +
 * option[3] where option[t] indexes the structure's own list of mateable link options of tier t.
 *
 * Units: cents, milliwatts, picoseconds, millimetres, milli-dB, milli-dBm, bit/s at risk,
 * milli-GPU-hours, parts per million. */
#ifndef LS_PROBLEM_H
#define LS_PROBLEM_H

#include "compat.h"

#define LS_SWITCH_MAX 32
#define LS_OPTIC_MAX 32
#define LS_OCS_MAX 8
#define LS_FIBER_MAX 4
#define LS_LINK_MAX 512
#define LS_TIER_MAX 4
#define LS_SIDE_KINDS 3
#define LS_SCALE_UP_MAX 8
#define LS_RESOURCE_MAX 16
#define LS_SPARES_TABLE 64
#define LS_PART_MAX 3 /* ways in which optics of one kind fail */
#define LS_NIC (-1)   /* in place of a switch index: the end at the server */

/* Families, in the order of their ranks. */
typedef enum ls_family {
  LS_CLOS1,
  LS_CLOS2,
  LS_CLOS3,
  LS_CLOS4,
  LS_RAIL_ONLY,
  LS_OCS_SPINE, /* leaf blocks joined by OCS */
  LS_OCS_CORE,  /* pods joined by OCS */
  LS_DIRECT,    /* leaf blocks joined by cords */
  LS_FAMILY_COUNT
} ls_family;

/* What joins the blocks of a peer tier. */
typedef enum ls_block_kind {
  LS_BLOCKS_FOUND, /* every two alike; where links are too few, the graph that a search finds */
  LS_BLOCKS_TORUS_2D,
  LS_BLOCKS_TORUS_3D,
  LS_BLOCKS_DEMAND,      /* links where the spec's demand is */
  LS_BLOCKS_DEMAND_HALF, /* half of them there, the others as in LS_BLOCKS_FOUND */
  LS_BLOCKS_KIND_COUNT
} ls_block_kind;

/* Tiers of links, not of switches: tier t joins chassis t - 1 (the server for t = 0) to chassis t.
 * In clos4 chassis 2 is the super-spine and chassis 3 the core. A peer tier joins like chassis t -
 * 1 to each other: leaves in ocs_spine and direct, the spines of pods in ocs_core. */
enum { LS_TIER_ACCESS, LS_TIER_SPINE, LS_TIER_CORE, LS_TIER_TOP };

/* What a link end is made of; two ends mate when their mate_class and lane rate agree. */
typedef enum ls_optic_kind {
  LS_OPTIC_COPPER, /* passive cable */
  LS_OPTIC_AEC,    /* copper cable with retimers */
  LS_OPTIC_DSP,    /* retimed both ways */
  LS_OPTIC_LRO,    /* retimed when sending alone */
  LS_OPTIC_LPO,    /* linear */
  LS_OPTIC_NPO,    /* integrated: socketed engines beside the ASIC */
  LS_OPTIC_CPO,    /* integrated: engines on the ASIC's package */
  LS_OPTIC_BIDI,   /* OCS-class: carries a fiber pair on one strand, circulator inside */
  LS_OPTIC_OIO,    /* engines on the GPU's package: scale-up alone */
  LS_OPTIC_KIND_COUNT
} ls_optic_kind;

/* Copper cables have two like ends, no fiber and no light. */
LS_HD bool ls_optic_is_copper(int32_t kind)
{
  return kind == LS_OPTIC_COPPER || kind == LS_OPTIC_AEC;
}

/* Integrated optics come with the chassis: a property of a box, never of a port. */
LS_HD bool ls_optic_is_integrated(int32_t kind)
{
  return kind == LS_OPTIC_NPO || kind == LS_OPTIC_CPO || kind == LS_OPTIC_OIO;
}

typedef enum ls_mate_class { LS_MATE_COPPER, LS_MATE_DR, LS_MATE_FR, LS_MATE_BIDI } ls_mate_class;

/* Where an end may stand, as bits of ls_optic_row.place_mask and ls_switch_row.tier_mask. */
enum { LS_PLACE_NIC = 1, LS_PLACE_LEAF = 2, LS_PLACE_SPINE = 4, LS_PLACE_CORE = 8 };

/* Named constraints: a design is feasible when its mask is 0. Names: host/names.h. */
enum {
  LS_VIOLATES_CAPACITY = 1 << 0,  /* more endpoints than the family reaches at this radix */
  LS_VIOLATES_TRUNKS = 1 << 1,    /* ports not to be split down and up; nothing to join */
  LS_VIOLATES_PORT_RATE = 1 << 2, /* below a lane, or above what module or chassis allow */
  LS_VIOLATES_MESH = 1 << 3,      /* too few links to join the blocks, or too many blocks */
  LS_VIOLATES_OCS_PORTS = 1 << 4, /* no whole number of links of a block per OCS */
  LS_VIOLATES_REACH = 1 << 5,     /* longer than the medium or module reaches */
  LS_VIOLATES_BUDGET = 1 << 6,    /* optical power budget of one direction does not close */
  LS_VIOLATES_OVERLOAD = 1 << 7,  /* a receiver gets more light than it stands */
  LS_VIOLATES_FACEPLATE = 1 << 8, /* more modules than cages */
  LS_VIOLATES_YEAR = 1 << 9,      /* chassis or optics cannot be bought for that tier yet */
  LS_VIOLATES_FLOOR = 1 << 10,    /* racks and switches do not fit the floor's slots */
  LS_VIOLATES_CAPEX = 1 << 11,    /* the spec's limits, one bit each, in the order of metrics */
  LS_VIOLATES_POWER = 1 << 12,
  LS_VIOLATES_THROUGHPUT = 1 << 13,
  LS_VIOLATES_LATENCY = 1 << 14,
  LS_VIOLATES_RISK = 1 << 15,
  LS_VIOLATES_TCO = 1 << 16,
  LS_VIOLATES_LOST = 1 << 17,
  LS_VIOLATES_GPU_HOUR = 1 << 18,
  LS_VIOLATES_EXCLUDED = 1 << 19, /* left out on request, as for a baseline */
  LS_VIOLATES_SUPPLY = 1 << 20,   /* needs more of a shared resource than can be bought */
  LS_VIOLATES_VENDOR = 1 << 21,   /* one vendor gets more of the money than its share */
  LS_VIOLATES_SCALE_UP = 1 << 22, /* the scale-up medium does not span the domain */
  LS_VIOLATES_DOMAIN = 1 << 23,   /* one failure takes more of the network than allowed */
  LS_VIOLATES_TRAY = 1 << 24,     /* more strands in a tray than it holds */
  LS_VIOLATION_COUNT = 25
};

/* What fails as one and takes part of the network with it. The first two and the last are judged at
 * level 1; the others need places. */
typedef enum ls_failure_domain {
  LS_FAILS_CHASSIS,
  LS_FAILS_OCS,
  LS_FAILS_HALL,
  LS_FAILS_ROW,
  LS_FAILS_TRAY, /* the cables above a row, or between two halls */
  LS_FAILS_FEED,
  LS_FAILS_COOLING_UNIT,
  LS_FAILS_LASER_LOT,
  LS_FAILS_COUNT
} ls_failure_domain;

/* The metrics of a design; all are minimised, so throughput enters as its loss. A spec compares at
 * most five of them. */
enum {
  LS_METRIC_CAPEX,    /* cents */
  LS_METRIC_POWER,    /* mW, IT watts before PUE */
  LS_METRIC_LOSS,     /* ppm of the NIC rate not delivered in the worst case */
  LS_METRIC_LATENCY,  /* ps, one way, NIC to NIC, worst */
  LS_METRIC_RISK,     /* bit/s expected to be down at any time */
  LS_METRIC_TCO,      /* cents over the years: capex, energy, repairs, spares, lost GPU-hours */
  LS_METRIC_LOST,     /* milli-GPU-hours lost to failures a year */
  LS_METRIC_GPU_HOUR, /* micro-USD per effective GPU-hour, the cluster's own cost included; in rows
                       * and bases, where it is no sum, what is spent: TCO less lost GPU-hours, in
                       * cents */
  LS_METRIC_COUNT
};

/* LS_METRIC_GPU_HOUR where no hour is left that computes: 10^9 USD. */
#define LS_GPU_HOUR_NEVER INT64_C(1000000000000000)

/* Overflow budget: 2^22 GPUs x 6 modules x 10^7 cents = 2.5e14; power and risk stay below 1e16;
 * all sums fit 63 bits with room for 500 times more. */
typedef struct ls_score {
  int64_t metric[LS_METRIC_COUNT];
} ls_score;

/* One way to fail: a part that carries gbps goes down with all of it. */
typedef struct ls_failing_part {
  int64_t fit;     /* of one part; 0: there is no such part */
  int32_t gbps;    /* at least 1 where fit is not 0 */
  int32_t minutes; /* until it works again */
} ls_failing_part;

typedef struct ls_switch_row {
  int64_t capex_cents;           /* a chassis, with its integrated engines */
  int64_t power_mw;              /* typical, less its integrated optics */
  int64_t latency_ps;            /* one pass */
  int64_t downtime;              /* FIT x minutes to repair */
  int64_t fit;                   /* of one chassis: events that stop all of it */
  int64_t spare_fit;             /* what takes a spare box: failures, also of fixed engines */
  int64_t swap_fit;              /* planned stops, to change an engine */
  int64_t swap_downtime;         /* FIT x minutes of those */
  int64_t repair_mcents;         /* milli-cents for repairs of one chassis over the years */
  int64_t draw[LS_RESOURCE_MAX]; /* units of each shared resource in one chassis */
  int32_t bandwidth_gbps;        /* one way, all ports */
  int32_t port_count_max;        /* logical ports */
  int32_t port_gbps_max;         /* the fastest of them */
  int32_t protocol;              /* switches of one fabric speak the same */
  int32_t lane_mask;             /* bit 0: 100G lanes, bit 1: 200G lanes */
  int32_t cage_count;            /* pluggable cages; 0 with integrated optics */
  int32_t cage_gbps;             /* the fastest module a cage takes */
  int32_t rack_units;
  int32_t power_mw_max; /* for breakers: power with all optics at maximum */
  int32_t optic;        /* index of its integrated optics, or -1 */
  int32_t tier_mask;    /* LS_PLACE_ bits: where it can be bought for in the spec's year */
} ls_switch_row;

typedef struct ls_optic_row {
  int64_t capex_cents; /* a module; 0 for integrated optics, which the chassis holds */
  int64_t latency_ps;  /* one end, without FEC */
  ls_failing_part part[LS_PART_MAX]; /* the module; integrated: engine, laser module, laser */
  int64_t fit;                       /* of one module; integrated: of the parts of share_gbps */
  int64_t repair_mcents;             /* milli-cents for repairs of one module over the years */
  int64_t draw[LS_RESOURCE_MAX];     /* units of each shared resource in one module */
  int32_t share_gbps;        /* integrated: the bandwidth that fit and repairs hold for; else 0 */
  int64_t lot_gbps;          /* what the lasers of one delivered lot feed; 0: no lots */
  int32_t power_uw_per_gbps; /* of one end: pJ/bit x 1000 */
  int32_t module_gbps;       /* 0 for integrated optics: then a "module" is one port */
  int32_t pair_gbps;         /* Gb/s a fiber pair carries; 0 for copper */
  int32_t strands_per_pair;  /* 2; 1 for bidirectional optics; 0 for copper */
  int32_t lane_gbps;
  int32_t kind;       /* ls_optic_kind */
  int32_t mate_class; /* ls_mate_class */
  int32_t place_mask; /* LS_PLACE_ bits: where it can be bought for in the spec's year */
  int32_t reach_mm;
  int32_t tx_mdbm;           /* (OMA - TDECQ) at its least */
  int32_t tx_max_mdbm;       /* OMA at its most */
  int32_t threshold_mdbm;    /* least received (OMA - TDECQ) */
  int32_t overload_mdbm;     /* most received OMA */
  int32_t penalty_mdb;       /* of the path, at the receiver */
  int32_t internal_loss_mdb; /* between module or chassis face and engine, one pass */
} ls_optic_row;

typedef struct ls_ocs_row {
  int64_t capex_cents; /* whole unit */
  int64_t power_mw;
  int64_t downtime; /* FIT x minutes to repair */
  int64_t fit;
  int64_t repair_mcents;
  int64_t draw[LS_RESOURCE_MAX];
  int32_t port_count; /* usable ports a side */
  int32_t loss_mdb;   /* one pass */
  int32_t rack_units;
  int32_t is_on_sale; /* in the spec's year */
} ls_ocs_row;

typedef struct ls_fiber_row {
  int64_t capex_cents_per_km; /* one strand */
  int32_t latency_fs_per_mm;  /* 4.9 ns/m = 4900 */
  int32_t loss_mdb_per_km;
} ls_fiber_row;

/* Parts that go down in one way, and what that costs the job. */
typedef struct ls_outage {
  int64_t count;     /* parts; 0: there are none */
  int64_t fit;       /* of one part */
  int64_t downtime;  /* FIT x minutes of one part */
  int64_t lost_each; /* milli-GPU-hours when one goes down */
  int64_t slow_each; /* ... for each hour that one is down */
} ls_outage;

/* Units that are bought, drawn power for, repaired and kept as spares alike. They go down in up to
 * LS_PART_MAX ways, each in parts of its own size. */
typedef struct ls_units {
  int64_t count, capex_cents; /* of one */
  int64_t power_mw;           /* of all */
  int64_t fit;                /* of one: what takes a spare */
  int64_t repair_mcents;      /* of one */
  ls_outage outage[LS_PART_MAX];
} ls_units;

/* One way to build the scale-up network of the whole cluster: what it adds to every design. */
typedef struct ls_scale_up_row {
  ls_units ends, switches;       /* ends of links at GPUs and switches, in units that are bought */
  int64_t draw[LS_RESOURCE_MAX]; /* of all */
  uint32_t violation_mask;       /* LS_VIOLATES_SCALE_UP: reach, year */
} ls_scale_up_row;

/* One way to make a link: optics of both ends, the fiber, circulators. a is the end nearer to
 * the GPU; through an OCS both ends are the same. */
typedef struct ls_link_row {
  uint8_t optic_a, optic_b;
  uint8_t fiber;            /* index; meaningless for copper */
  uint8_t circulator_count; /* 2 or 0: external ones, one at each end of every strand */
} ls_link_row;

/* The chassis that hold one end of a tier's links, by how many ports they light: count[i] chassis
 * have port_count[i] lit ports each, over all planes. At the NIC a chassis is a server. */
typedef struct ls_side {
  int64_t count[LS_SIDE_KINDS];
  int32_t port_count[LS_SIDE_KINDS];
} ls_side;

/* What a structure's sizing says, per plane. See kernels/size.h. */
typedef struct ls_size {
  int64_t leaf_count, spine_count, super_spine_count, core_count;
  int64_t access_links, leaf_spine_links, spine_super_links, spine_core_links;
  int32_t fabric_count;     /* networks of a plane without links between them: rails, else 1 */
  int32_t down, up;         /* ports of a leaf towards GPUs and towards spines */
  int32_t rail_count;       /* 1 without rail wiring */
  int32_t leaf_full_count;  /* leaves with all their down ports lit */
  int32_t leaf_rest;        /* lit down ports of each leaf that is not full; 0: all are full */
  int32_t pod_count;        /* clos3, clos4, ocs_core: with the partial one */
  int32_t leaves_per_pod;   /* of a full pod */
  int32_t leaves_last_pod;  /* of the last pod, = leaves_per_pod when it is full */
  int32_t core_group_size;  /* C: cores of one spine index, in clos4 of one super-spine index */
  int64_t block_count;      /* what a peer tier joins: leaves, or pods */
  int32_t block_links;      /* links of the peer tier that end at a block */
  int32_t block_kind;       /* ls_block_kind: what joins them */
  int32_t spine_uplink_max; /* U: uplinks a spine of a full pod lights */
} ls_size;

typedef struct ls_structure {
  uint64_t rank_first;
  uint64_t rank_count;     /* product of option_count */
  uint32_t violation_mask; /* not 0: no design of it is feasible; it is not evaluated */
  uint8_t family, planes, tier_count, is_rail;
  uint8_t block_kind;                                  /* ls_block_kind; 0 without a peer tier */
  uint16_t oversubscription_num, oversubscription_den; /* asked, down:up */
  int8_t switch_index[LS_TIER_MAX];                    /* by chassis tier; -1: none */
  int8_t ocs_index;                                    /* -1: none */
  int8_t peer_tier;                                    /* -1: none */
  int8_t scale_up_index;                               /* -1: no scale-up network counted */
  int32_t port_gbps;
  int32_t throughput_ppm_low, throughput_ppm_high; /* worst case, of the NIC rate */
  uint32_t option_first[LS_TIER_MAX];              /* into ls_problem.option */
  uint32_t option_count[LS_TIER_MAX];              /* 1 for tiers it does not have */
  ls_size size;
  ls_side side_a[LS_TIER_MAX], side_b[LS_TIER_MAX]; /* over all planes */
  int64_t leg_count[LS_TIER_MAX];      /* cords: links, or both legs of each circuit, all planes */
  int32_t length_mm_mean[LS_TIER_MAX]; /* lower bounds from the floor's geometry */
  int32_t length_mm_max[LS_TIER_MAX];
  int32_t circuit_mm_max;              /* through OCS: both legs of the longest circuit */
  uint16_t strands_below[LS_TIER_MAX]; /* a link must have fewer, for the trays; 0: any number */
  int32_t link_passes[LS_TIER_MAX];    /* how often the worst path crosses the tier */
  int32_t switch_passes[LS_TIER_MAX];  /* and the chassis */
  int32_t
      block_hops_ppm; /* links from block to block that GPUs of different ones take on average */
  /* A failed link of the tier ends the job with this probability, and else is one of as many equal
   * paths of a GPU or leaf. */
  int32_t kill_ppm[LS_TIER_MAX], path_count[LS_TIER_MAX];
  /* Milli-GPU-hours lost when a chassis fails, is stopped to change an engine, or an OCS fails; and
   * for each hour until it works again. */
  int64_t lost_chassis[LS_TIER_MAX], slow_chassis[LS_TIER_MAX];
  int64_t lost_swap[LS_TIER_MAX], slow_swap[LS_TIER_MAX];
  int64_t lost_ocs, slow_ocs;
  int64_t effective_hours; /* GPU-hours that compute over the years, before failures */
  ls_score base;           /* ls_structure_base: chassis, scale-up, throughput loss */
  int64_t base_resource[LS_RESOURCE_MAX];
} ls_structure;

typedef struct ls_problem {
  int32_t switch_count, optic_count, ocs_count, fiber_count, scale_up_count, link_count;
  int32_t endpoint_count, server_endpoint_count; /* GPUs; GPUs of one server */
  int32_t nic_gbps, nic_lane_mask;
  int32_t mating_count; /* of one cord: 2, or 4 with structured cabling */
  int32_t mating_loss_mdb;
  int32_t circulator_loss_mdb;
  int32_t shuffle_box_loss_mdb; /* one pass, with the connectors of the box */
  int32_t length_mm_floor;      /* no two ends of this floor are farther apart */
  int32_t in_rack_mm;           /* a cord not longer than this stays in its rack */
  int64_t mating_capex_cents;
  int64_t circulator_capex_cents;
  int64_t shuffle_box_capex_cents; /* one fiber through a box */
  int64_t fec_latency_ps;          /* encode and decode, once per link */
  /* Money over the years. */
  int64_t energy_ucents_per_mw; /* micro-cents for a milliwatt, PUE included */
  int64_t gpu_hour_cents;       /* what a lost GPU-hour is worth */
  int64_t lost_job;             /* milli-GPU-hours lost when the whole job stops once */
  int64_t lost_flaps;           /* ... by the flaps that come with one failure of a link */
  int64_t job_gpus;             /* that stop and slow down together */
  int64_t communication_ppm;    /* share of a step that the network decides */
  int64_t cluster_cents;        /* servers and their energy: only in LS_METRIC_GPU_HOUR */
  int32_t years;
  int32_t spare_hours; /* lead time of a spare; 0: no spares are bought */
  /* n spares are enough while the failures expected in the lead time, in millionths, are at most
   * spare_limit[n]; beyond the table n = mean + z sqrt(mean) + 2. */
  int64_t spare_limit[LS_SPARES_TABLE];
  int32_t spare_z_milli;
  /* Shared resources: a design's draws must not exceed resource_limit. Those from vendor_first on
   * are vendors' shares of the money: signed draws in cents, limit 0. */
  int32_t resource_count, vendor_first;
  int64_t resource_limit[LS_RESOURCE_MAX];
  int64_t limit[LS_METRIC_COUNT];                /* INT64_MAX: none */
  int64_t failure_share_ppm_max[LS_FAILS_COUNT]; /* that one failure may take; 0: any */
  int64_t objective_mask[LS_METRIC_COUNT];       /* -1: compared in dominance; 0: not */
  ls_switch_row switches[LS_SWITCH_MAX];
  ls_optic_row optics[LS_OPTIC_MAX];
  ls_ocs_row ocs[LS_OCS_MAX];
  ls_fiber_row fibers[LS_FIBER_MAX];
  ls_scale_up_row scale_up[LS_SCALE_UP_MAX];
  ls_link_row links[LS_LINK_MAX];
  uint64_t space_size;
  uint32_t structure_count, option_total;
  const ls_structure *structures; /* [structure_count], by rank_first */
  const uint16_t *options;        /* [option_total] indices of links */
} ls_problem;

#endif
