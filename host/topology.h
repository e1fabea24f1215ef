/* A design as an explicit graph: devices on floor slots, bundles of cords between them, and
 * for OCS designs the circuits between leaf blocks. This is what is exported and verified;
 * every node and edge carries its unit values, so that nothing else is needed to recompute. */
#ifndef LS_TOPOLOGY_H
#define LS_TOPOLOGY_H

#include "../kernels/problem.h"
#include "error.h"
#include "spec.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ls_places;

typedef enum ls_node_kind {
  LS_NODE_RACK, /* a rack of GPU servers */
  LS_NODE_LEAF,
  LS_NODE_SPINE,
  LS_NODE_SUPER, /* super-spines, in clos4 */
  LS_NODE_CORE,
  LS_NODE_OCS,
  LS_NODE_KIND_COUNT
} ls_node_kind;

/* Ports of a face that carry the same optics. A "module" of integrated optics (module_gbps == 0) is
 * one port. */
typedef struct ls_lit {
  int32_t optic; /* index into ls_problem.optics */
  int32_t port_count, module_count;
} ls_lit;

enum { LS_FACE_KINDS = 4 };

/* One face of a device: all its lit ports towards GPUs (down) or away from them (up). */
typedef struct ls_face {
  int32_t kind_count;        /* of optics; 0: no lit port */
  int32_t port_count;        /* lit, of all kinds */
  ls_lit lit[LS_FACE_KINDS]; /* [kind_count] by optic */
} ls_face;

typedef struct ls_node {
  uint8_t kind;          /* ls_node_kind */
  uint8_t plane;         /* 0-based; racks: 0 */
  int16_t catalog_index; /* switch or OCS model, -1 for racks */
  int32_t index;         /* 0-based within its kind and plane */
  int32_t pod;  /* of leaf or spine; super-spine: its super-pod; core: its group; else -1 */
  int32_t rail; /* of a leaf with rail wiring, in rail_only of spines too; else -1 */
  int32_t slot; /* row * racks_per_row + rack */
  int32_t x_mm, y_mm;
  int32_t server_count, gpu_count; /* racks only, else 0 */
  ls_face down, up; /* racks have up only; an OCS has neither: its strands are in edges */
} ls_node;

typedef enum ls_edge_kind {
  LS_EDGE_ACCESS,  /* rack - leaf */
  LS_EDGE_TRUNK,   /* leaf - spine, spine - core and so on; leaf - leaf in direct */
  LS_EDGE_OCS_LEG, /* leaf or spine - OCS: cords, no packets end here */
  LS_EDGE_CIRCUIT  /* leaf - leaf or spine - spine through one OCS: a link without own cords */
} ls_edge_kind;

typedef struct ls_edge {
  uint8_t kind, tier; /* ls_edge_kind, LS_TIER_ */
  uint8_t plane;
  uint8_t circulator_count; /* per cord: an OCS leg has 1 or 0, a circuit 2 or 0 */
  int32_t node_a, node_b;   /* a nearer to the GPUs; between like devices: a < b */
  int32_t link_count;       /* cords of a bundle (OCS legs: links), links of a circuit */
  int32_t link;             /* index into ls_problem.links: what each link is */
  int32_t optic_a, optic_b; /* of it; -1 at an OCS */
  int32_t fiber;            /* -1: copper */
  int32_t via;              /* circuits: node of the OCS; else -1 */
  int32_t strand_count;     /* per link; 0: copper */
  int32_t mating_count;     /* connectors in the path of one link of this edge */
  int32_t length_mm;        /* true, by tray; circuits: both legs */
  int32_t stock_mm;         /* length of the cord bought; circuits: 0 */
  int32_t loss_mdb;         /* of the passive path (legs: their own part) */
  int32_t margin_mdb;       /* the worse direction; INT32_MAX for copper and legs */
  int64_t cord_capex_cents; /* one cord with connectors, circulators, shuffle box; circuits: 0 */
} ls_edge;

/* The rules of docs/model.md by which lines are made; ledger_text.h has their names there. */
typedef enum ls_ledger_rule {
  LS_RULE_BOX,
  LS_RULE_MODULES,
  LS_RULE_OCS,
  LS_RULE_CORDS,
  LS_RULE_SHUFFLES,
  LS_RULE_SCALE_UP,
  LS_RULE_MODULE_POWER,
  LS_RULE_CHASSIS_POWER,
  LS_RULE_OCS_POWER,
  LS_RULE_SCALE_UP_POWER,
  LS_RULE_ENERGY,
  LS_RULE_REPAIRS,
  LS_RULE_SPARES,
  LS_RULE_LOST_HOURS,
  LS_RULE_LOST_MONEY,
  LS_RULE_TCO,
  LS_RULE_COUNT
} ls_ledger_rule;

/* One additive line: count * unit_value == value. Sums over a total are that total exactly. */
typedef struct ls_ledger_line {
  char total[24]; /* JSON key: capex_usd, optics_power_w, switch_power_w, ocs_power_w,
                     scale_up_power_w, tco_usd, lost_gpu_hours_per_year */
  /* Catalog id, place and what tells its lines apart: "sn5600 leaf", "dsp-800g-dr8 nic",
   * "dsp-800g-dr8 leaf-up", "os2-smf access 30.0 m 16 strands". Catalog ids hold no blank. */
  char item[64];
  int64_t count;
  int64_t unit_value; /* cents, mW or milli-GPU-hours */
  int64_t value;
  char source[64]; /* "catalog.yaml:LINE" of the figure; "sum": of another total's lines */
  ls_ledger_rule rule;
  /* Of energy, repairs, spares and lost hours what the rule was applied to; else 0. */
  ls_units units;
  int64_t repair_fit; /* of one unit: failures that cost labor */
} ls_ledger_line;

/* What goes with the worst instance of a failure domain; see domains.h. */
typedef struct ls_domain_share {
  int64_t share_ppm; /* of the network */
  int64_t rest_ppm;  /* of what the GPUs outside of it are due */
  char name[32];     /* of the instance; empty: there is none of its kind */
} ls_domain_share;

/* The tray with the most strands; see trays.h. */
typedef struct ls_tray {
  int64_t strands;
  char name[32]; /* empty: without places */
} ls_tray;

/* Cords as the deterministic policy of floor.h would have them, as they are at the places that
 * were found from there (improve.h), and what no places get them below. */
typedef struct ls_cords {
  int64_t policy_cents, cents, bound_cents; /* bound: with the GPU racks where they stand, unless
                                               a placer moves them */
  int64_t policy_fiber_mm;                  /* fiber_mm of the totals is what it became */
  int32_t policy_mm_max, mm_max;            /* the longest cord */
} ls_cords;

/* Whether a tier is of one chassis and one way to make a link, as its rank says, or its boxes and
 * bundles choose for themselves. */
typedef enum ls_variant_kind { LS_UNIFORM, LS_MIXED } ls_variant_kind;

enum { LS_MIX_KINDS = 48 };

/* So many boxes or links of a tier are of this kind. */
typedef struct ls_mix_kind {
  int32_t tier, index; /* of a switch, or of a link */
  int64_t count;
} ls_mix_kind;

/* What became of a uniform design when its boxes and bundles chose for themselves (mix.h). */
typedef struct ls_mixture {
  int64_t uniform_tco_cents, uniform_capex_cents, uniform_optics_power_mw, uniform_power_mw;
  int64_t choice_cents, bound_cents; /* of what could be chosen, linear; no choice is below */
  int32_t box_kind_count, link_kind_count;
  ls_mix_kind boxes[LS_MIX_KINDS], links[LS_MIX_KINDS]; /* by tier and index */
} ls_mixture;

typedef struct ls_totals {
  int64_t capex_cents, optics_power_mw, switch_power_mw, ocs_power_mw, scale_up_power_mw;
  int64_t tco_cents, lost_mgpuh; /* over the years; milli-GPU-hours a year */
  int64_t lost_cents;            /* what of the TCO those are worth */
  int64_t gpu_hour_micro_usd;    /* per effective GPU-hour */
  int64_t latency_ps_max, latency_ps_mean;
  int64_t risk_bps;
  int64_t fiber_mm; /* strand length bought */
  int32_t throughput_ppm_low, throughput_ppm_high;
  int64_t module_count;                         /* pluggables */
  int64_t engine_count, laser_count, fau_count; /* lasers of modules, too */
  int32_t violation_mask;                       /* with true lengths */
  ls_domain_share domains[LS_FAILS_COUNT];      /* with true places */
  ls_tray tray;                                 /* likewise */
  ls_cords cords;
  ls_mixture mixture; /* zeros for a uniform design */
} ls_totals;

typedef struct ls_topology {
  uint64_t rank;
  const ls_problem *problem;     /* borrowed */
  const ls_structure *structure; /* wired, else of the problem */
  ls_structure *wired; /* with what the graph found for sparse blocks makes of it; or NULL */
  ls_variant_kind variant;
  uint16_t option[LS_TIER_MAX];  /* the rank's, as indices into problem->links */
  ls_link_row link[LS_TIER_MAX]; /* the same; what a bundle is says the bundle */
  int32_t node_count, edge_count, ledger_count;
  ls_node *nodes;         /* [node_count] by kind, in the order of ls_node_kind */
  ls_edge *edges;         /* [edge_count] */
  ls_ledger_line *ledger; /* [ledger_count] */
  ls_totals totals;
} ls_topology;

/* Builds the graph of the design with this rank, places its devices by the deterministic policy of
 * floor.h, improves the places (improve.h) where that costs no more, takes no longer and violates
 * nothing new, and fills ledger and totals. The caller frees it with
 * ls_topology_destroy. O(nodes + edges). LS_ERR_MEMORY; LS_ERR_NO when the devices do not fit
 * the floor. *topology is changed only on success. */
ls_status ls_topology_create(const ls_problem *problem, const ls_catalog *catalog,
                             const ls_spec *spec, uint64_t rank, ls_topology *topology,
                             ls_error *error);
void ls_topology_destroy(ls_topology *topology);

/* Who finds better places than the policy's (places.h). slot: [nodes] in: the policy's, out: what
 * is to be kept where it costs no more, takes no longer and violates nothing new. */
typedef struct ls_placer {
  ls_status (*place)(void *context, const struct ls_places *places, int32_t *slot);
  void *context;
  bool has_free_racks; /* GPU racks may move, too */
} ls_placer;

/* As ls_topology_create, with a placer in place of improve.h. LS_ERR_FULL, *topology unchanged,
 * when the floor has too many distances for a placer. */
ls_status ls_topology_create_placed(const ls_problem *problem, const ls_catalog *catalog,
                                    const ls_spec *spec, uint64_t rank, const ls_placer *placer,
                                    ls_topology *topology, ls_error *error);

/* The tier of links below the chassis of a kind of switch. */
static inline int32_t ls_node_tier(const ls_structure *structure, int32_t kind)
{
  return kind == LS_NODE_CORE ? structure->tier_count - 1 : kind - LS_NODE_LEAF;
}

/* IT power: optics, switches, OCS and scale-up. */
static inline int64_t ls_totals_power_mw(const ls_totals *totals)
{
  return totals->optics_power_mw + totals->switch_power_mw + totals->ocs_power_mw +
         totals->scale_up_power_mw;
}

/* The level-2 metrics, comparable to the level-1 score of the same rank and never below it. */
void ls_topology_score(const ls_topology *topology, ls_score *score);

/* A stable, readable id such as "rack0007", "p0-leaf012", "p1-ocs003"; text has 32 bytes. */
void ls_node_id(const ls_node *node, char text[32]);

#ifdef __cplusplus
}
#endif
#endif
