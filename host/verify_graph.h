/* What a GraphML file of ours says, as plain arrays, for the verifier and for the commands that
 * take such a file: throughput, resilience, rewire, export. verify.c reads the file and measures
 * the graph's shape by igraph, verify_read.c fills the record from it, verify_shape.c and
 * verify_cut.c help with distances and cuts; verify_record.c keeps it, verify_groups.c and
 * verify_blocks.c say what belongs together; verify_faces.c, verify_checks.c, verify_links.c,
 * verify_units.c, verify_money.c, verify_supply.c, verify_latency.c, verify_throughput.c,
 * verify_domains.c and verify_trays.c compare; verify_prices.c and verify_scale_up.c look into a
 * catalog; verify_file.c calls them in turn. Nothing here knows the optimizer. Units: cents, mW,
 * mm, milli-dB, milli-dBm, Gb/s, ps. */
#ifndef LS_VERIFY_GRAPH_H
#define LS_VERIFY_GRAPH_H

#include "verify.h"
#include <stddef.h>
#include <stdio.h>

#define LS_RECORD_OPTIC_MAX 64
#define LS_RECORD_FIBER_MAX 16
#define LS_RECORD_PLANE_MAX 64
#define LS_RECORD_NETWORK_MAX 16384 /* planes, or rails of planes where rails are apart */
#define LS_RECORD_TIER_MAX 4        /* of links */
#define LS_RECORD_STOCK_MAX 64
#define LS_RECORD_BLOCKED_MAX 256
#define LS_RECORD_AREA_MAX 64 /* of halls, of feeds, of cooling units */
#define LS_RECORD_ID_MAX 64
#define LS_RECORD_RESOURCE_MAX 16
#define LS_RECORD_VENDOR_MAX 64
#define LS_RECORD_ENTRY_MAX 128
#define LS_RECORD_COLUMN_MAX 16 /* attributes of nodes and edges that are texts */
/* Beyond this many switches a plane, after shrinking, edge connectivity is exact only when asked
 * for. */
#define LS_RECORD_CUT_MAX 1000

/* In place of an index into the tables of optics, fibers or nodes. */
enum { LS_RECORD_NONE = -1, LS_RECORD_UNKNOWN = -2 };

typedef enum ls_device_kind {
  LS_DEVICE_RACK,
  LS_DEVICE_LEAF,
  LS_DEVICE_SPINE,
  LS_DEVICE_SUPER,
  LS_DEVICE_CORE,
  LS_DEVICE_OCS,
  LS_DEVICE_KIND_COUNT
} ls_device_kind;

typedef enum ls_bundle_kind {
  LS_BUNDLE_ACCESS,
  LS_BUNDLE_TRUNK,
  LS_BUNDLE_OCS_LEG,
  LS_BUNDLE_CIRCUIT,
  LS_BUNDLE_KIND_COUNT
} ls_bundle_kind;

/* What optics fail in: a module, or of integrated ones an engine, a laser module and a laser. */
typedef struct ls_record_part {
  int64_t fit, gbps, minutes; /* of one; FIT 0: there is none */
} ls_record_part;

enum { LS_RECORD_PART_MAX = 3 };

typedef struct ls_record_optic {
  char id[LS_RECORD_ID_MAX], kind[16], mate_class[16];
  int64_t lot_gbps; /* what the lasers of one delivered lot feed; 0: none */
  int64_t module_gbps, lane_gbps, pair_gbps, strands_per_pair, capex_cents, power_uw_per_gbps;
  int64_t reach_mm, tx_mdbm, tx_max_mdbm, threshold_mdbm, overload_mdbm, penalty_mdb;
  int64_t internal_loss_mdb, latency_ps;
  ls_record_part part[LS_RECORD_PART_MAX];
  int64_t fit, repair_mcents;
  int64_t fit_share_gbps; /* integrated: what fit and repair_mcents are given for; else 0 */
} ls_record_optic;

typedef struct ls_record_fiber {
  char id[LS_RECORD_ID_MAX];
  int64_t loss_mdb_per_km, capex_cents_per_km, latency_fs_per_mm;
} ls_record_fiber;

/* A shared resource: what one buyer can get, and what the design is said to need. */
typedef struct ls_record_resource {
  char id[LS_RECORD_ID_MAX];
  int64_t units_per_year, buyer_share_ppm;
  int64_t available; /* -1: any number */
  int64_t needed;
} ls_record_resource;

/* What a vendor is said to get for switches, optics and OCS. */
typedef struct ls_record_vendor {
  char id[LS_RECORD_ID_MAX];
  int64_t capex_cents;
} ls_record_vendor;

typedef enum ls_entry_list {
  LS_ENTRY_SWITCH,
  LS_ENTRY_OPTIC,
  LS_ENTRY_OCS,
  LS_ENTRY_LIST_COUNT
} ls_entry_list;

/* A catalog entry that occurs: who sells it ("none": several do), what one of it draws on. */
typedef struct ls_record_entry {
  int32_t list; /* ls_entry_list */
  char id[LS_RECORD_ID_MAX], vendor[LS_RECORD_ID_MAX];
  int64_t draw[LS_RECORD_RESOURCE_MAX]; /* by resource of the record */
} ls_record_entry;

/* Ports of a face that hold the same optics, from the bundles that end there. */
typedef struct ls_record_group {
  int32_t optic;
  int64_t port_count, module_count;
} ls_record_group;

enum { LS_RECORD_GROUP_MAX = 8 };

typedef struct ls_record_face {
  const char *optic_ids; /* claimed, parted by blanks */
  int64_t port_count, module_count, modules_capex_cents, modules_power_mw; /* claimed, of all */
  bool has_too_many;                                                       /* kinds of optics */
  int32_t group_count;
  ls_record_group groups[LS_RECORD_GROUP_MAX]; /* [group_count] */
} ls_record_face;

typedef struct ls_record_node {
  const char *id, *catalog_id, *kind_name, *integrated_optic;
  int32_t kind; /* ls_device_kind */
  int64_t x_mm, y_mm, plane, pod, rail, slot, server_count, gpu_count, radix, loss_mdb;
  int64_t unit_capex_cents, unit_power_mw, unit_power_mw_max; /* max 0: not given */
  int64_t unit_latency_ps, unit_downtime_fit_min, cage_count, cage_gbps, rack_units;
  int64_t is_liquid_cooled; /* 1: needs a liquid-cooled slot, where they are told apart */
  int64_t unit_fit, unit_spare_fit, unit_repair_mcents, unit_swap_fit, unit_swap_fit_min;
  ls_record_face down, up;
} ls_record_node;

typedef struct ls_record_edge {
  const char *id, *optic_a_id, *optic_b_id, *fiber_id, *via_id, *kind_name;
  int32_t kind;           /* ls_bundle_kind */
  int32_t node_a, node_b; /* a is nearer to the GPUs */
  int32_t via, optic_a, optic_b, fiber;
  int64_t weight, tier, plane, link_count, strand_count, mating_count, circulator_count;
  int64_t length_mm, stock_mm, loss_mdb, margin_mdb, cord_capex_cents;
} ls_record_edge;

/* Units of one kind that stand for the whole graph; power is of all, the rest of one. */
typedef struct ls_record_units {
  int64_t count, capex_cents, power_mw, fit, downtime_fit_min, repair_mcents, lost_mgpuh,
      slow_mgpuh;
} ls_record_units;

/* What fails as one, in the order of the file's claims of it. */
typedef enum ls_record_danger {
  LS_DANGER_CHASSIS,
  LS_DANGER_OCS,
  LS_DANGER_HALL,
  LS_DANGER_ROW,
  LS_DANGER_TRAY,
  LS_DANGER_FEED,
  LS_DANGER_COOLING_UNIT,
  LS_DANGER_LASER_LOT,
  LS_DANGER_COUNT
} ls_record_danger;

/* Slots of a hall, a feed or a cooling unit: every row_step-th of some rows, some racks of each. */
typedef struct ls_record_area {
  char name[LS_RECORD_ID_MAX];
  int64_t row_first, row_last, row_step, rack_first, rack_last, gap_mm;
} ls_record_area;

typedef struct ls_record_zones {
  int32_t count;
  ls_record_area areas[LS_RECORD_AREA_MAX];
} ls_record_zones;

/* Attributes of the graph. */
typedef struct ls_record_site {
  int64_t format_version, year, plane_count, port_gbps, nic_gbps, gpus_per_server, servers_per_rack;
  int64_t rail_count, fabric_count; /* fabrics of a plane: rails that no link joins, else 1 */
  int64_t scale_up_domain_gpus, scale_up_load_ppm;
  int64_t row_count, racks_per_row, row_pitch_mm, rack_pitch_mm, tray_height_mm, drop_mm_per_end;
  int64_t in_rack_mm, slack_ppm, slack_fixed_mm;
  int64_t tray_strands_max; /* above a row, or between two halls; 0: any number */
  int64_t slot_rack_units, slot_power_mw, server_rack_units, server_power_mw;
  int64_t fec_latency_ps, copper_latency_fs_per_mm;
  int64_t cord_mating_count, mating_loss_mdb, mating_capex_cents;
  int64_t circulator_loss_mdb, circulator_capex_cents;
  int64_t shuffle_box_loss_mdb, shuffle_box_capex_cents; /* one pass; one fiber through it */
  /* Over the years. What the job loses when it stops, starts again as planned, or waits for the
   * flaps of a link; how often a failed link of a lone plane ends it. */
  int64_t years, energy_ucents_per_mw, gpu_hour_cents, cluster_cents, effective_gpu_hours;
  int64_t spare_hours, spare_confidence_ppm, spare_z_milli, job_lost_mgpuh;
  int64_t job_restart_mgpuh, job_flaps_mgpuh, job_gpus, job_communication_ppm;
  int64_t kill_access_ppm, kill_trunk_ppm;
  int64_t vendor_share_ppm_max; /* of the money for switches, optics and OCS; 0: no limit */
  int64_t scale_up_gbps_per_gpu;
  ls_record_units scale_up[2]; /* ends of links, switches */
  int32_t stock_count;
  int64_t stock_mm[LS_RECORD_STOCK_MAX]; /* ascending; beyond the last: multiples of it */
  ls_record_zones halls, feeds, cooling_units, liquid_cooled, fixed;
  int32_t blocked_count;
  int64_t blocked[LS_RECORD_BLOCKED_MAX]; /* slots where nothing can stand */
} ls_record_site;

/* The worst instance of one kind of danger. */
typedef struct ls_record_risk {
  int64_t share_ppm, rest_ppm; /* of the network; of what the GPUs outside are due */
  int64_t rest_ppm_max;        /* what the limits allow; 0: anything */
  char worst[LS_RECORD_ID_MAX];
} ls_record_risk;

typedef struct ls_record_claims {
  int64_t gpu_count, server_count, rack_count, leaf_count, spine_count, super_count;
  int64_t core_count, ocs_count;
  int64_t access_link_count, spine_link_count, super_link_count, core_link_count, diameter_hops;
  int64_t capex_cents, optics_power_mw, switch_power_mw, ocs_power_mw, power_mw;
  int64_t scale_up_power_mw;
  int64_t module_count, fiber_mm;
  int64_t latency_ps_max, latency_ps_mean, risk_bps;
  int64_t throughput_worst_ppm_low, throughput_worst_ppm_high;
  int64_t tco_cents, lost_mgpuh_per_year, gpu_hour_micro_usd;
  ls_record_risk dangers[LS_DANGER_COUNT];
  int64_t tray_strands; /* of the fullest tray */
  char tray_fullest[LS_RECORD_ID_MAX];
} ls_record_claims;

/* Measured by igraph. */
typedef struct ls_record_shape {
  int32_t component_count;                           /* of the whole graph */
  int32_t component_of_most;                         /* index of the largest component */
  int32_t network_components[LS_RECORD_NETWORK_MAX]; /* of each network's switch graph */
  int32_t articulation_count, diameter_hops; /* diameter -1: some network is not connected */
  double distance_mean_hops;
  int64_t edge_connectivity; /* -1: every plane is one switch, which has no cut */
  bool is_connectivity_exact;
} ls_record_shape;

typedef struct ls_record {
  char *strings[LS_RECORD_COLUMN_MAX]; /* [string_count] what the ids point into */
  int32_t string_count, node_count, edge_count, optic_count, fiber_count;
  int64_t node_element_count; /* <node> elements in the file's text; 0: not counted */
  ls_record_node *nodes;      /* [node_count] */
  ls_record_edge *edges;      /* [edge_count] */
  int32_t *component;         /* [node_count] */
  ls_record_optic optics[LS_RECORD_OPTIC_MAX];
  ls_record_fiber fibers[LS_RECORD_FIBER_MAX];
  char supply_scenario[16], variant[16];
  char scale_up[LS_RECORD_ID_MAX]; /* catalog id; "none": it is not counted */
  int32_t resource_count, vendor_count, entry_count;
  ls_record_resource resources[LS_RECORD_RESOURCE_MAX];
  ls_record_vendor vendors[LS_RECORD_VENDOR_MAX];
  ls_record_entry entries[LS_RECORD_ENTRY_MAX];
  ls_record_site site;
  ls_record_claims claims;
  ls_record_shape shape;
} ls_record;

/* A graph to be cut, with bundles of links. */
typedef struct ls_cut_edge {
  int32_t a, b;
  int64_t links; /* at least 1 */
} ls_cut_edge;

typedef struct ls_cut_graph {
  int32_t vertex_count;
  int64_t edge_count;
  ls_cut_edge *edges; /* [edge_count] */
} ls_cut_graph;

/* One numeric attribute: its name and its int64_t's place in the struct. Figures are within
 * +-10^9, so that sums of a few products of two fit 64 bits; prices, powers and totals are whole
 * within +-2^53, what a GraphML reader's double holds, and add up by ls_verify_add_product. */
typedef struct ls_record_field {
  const char *name; /* NULL ends a table */
  size_t offset;
  bool is_price;
} ls_record_field;

extern const ls_record_field ls_record_node_fields[], ls_record_edge_fields[],
    ls_record_site_fields[], ls_record_claim_fields[], ls_record_optic_fields[],
    ls_record_fiber_fields[], ls_record_resource_fields[], ls_record_vendor_fields[];

/* Stores value in *target by its field; false when it is not whole or out of bounds. */
bool ls_record_store(const ls_record_field *field, double value, void *target);

/* Opens a file that is there and not empty, and counts its <node> elements: igraph makes one
 * node of two with the same id. The caller closes *stream. LS_ERR_INPUT. */
ls_status ls_record_open(const char *path, FILE **stream, int64_t *node_element_count,
                         ls_error *error);

/* True and the id in between when name is <table>.<id>.<field>. */
bool ls_record_split_name(const char *name, const char *table, const char *field,
                          char id[LS_RECORD_ID_MAX]);

/* Lengths parted by blanks, ascending, into site; false when they are not. */
bool ls_record_parse_stock(const char *text, ls_record_site *site);

/* Slots parted by blanks, or "none", into site; false when they are not. */
bool ls_record_parse_blocked(const char *text, ls_record_site *site);

/* Areas as name:row_first:row_last:row_step:rack_first:rack_last:gap_mm, parted by blanks, or
 * "none"; false when they are not. */
bool ls_record_parse_zones(const char *text, ls_record_zones *zones);

/* The first area that a slot is in, or -1. */
int32_t ls_record_area_find(const ls_record_site *site, const ls_record_zones *zones, int64_t slot);

/* The y of a row's slots, behind the gaps of the halls up to its own. O(halls). */
int64_t ls_record_row_y_mm(const ls_record_site *site, int64_t row);

/* By ls_record_danger. */
extern const char *const ls_danger_names[LS_DANGER_COUNT];

/* Bounds that the arithmetic of the checks needs. LS_ERR_INPUT names the attribute. */
ls_status ls_record_check_site(const ls_record_site *site, const char *path, ls_error *error);

/* Leaf, spine, super-spine or core. */
bool ls_record_is_switch(const ls_record_node *node);

/* A link between two devices of one kind: a circuit, or a cord from leaf to leaf. */
bool ls_record_is_peer(const ls_record *record, const ls_record_edge *edge);

/* The ls_device_kind of devices that such links join; LS_RECORD_NONE: there are none. O(edges). */
int32_t ls_record_peer_kind(const ls_record *record);

/* The network of a switch: its plane, or where rails are apart its rail of the plane; -1 where
 * the file has no such plane or rail. And how many there are. */
int64_t ls_record_network(const ls_record *record, const ls_record_node *node);
int64_t ls_record_network_count(const ls_record *record);

/* What is needed to route over the links of a file, beyond what makes it one of ours: every switch
 * and OCS is of a network that there is, every bundle has links, as many in all as an int32_t
 * counts, a leg strands, and a circuit passes an OCS. LS_ERR_INPUT names the first that is not so.
 */
ls_status ls_record_check_links(const ls_record *record, const char *path, ls_error *error);

/* Groups of nodes as a forest: [node_count] a node's parent, of a group's representative itself.
 * NULL when there is no memory. */
int32_t *ls_groups_create(const ls_record *record);

/* The representative of a node's group. */
int32_t ls_group_find(int32_t *parent, int32_t node);

/* Joins the groups at both ends of all trunks, and with_peers of circuits, of a tier. */
void ls_groups_join(const ls_record *record, int64_t tier, bool with_peers, int32_t *parent);

/* Of the devices that links join to their like: what they are (NONE: there are none), and their
 * blocks, as groups: a leaf by itself, or a pod of leaves and spines. */
typedef struct ls_mesh {
  int32_t kind;    /* ls_device_kind */
  int32_t *parent; /* [node_count]; owned */
} ls_mesh;

/* LS_ERR_MEMORY. O(nodes + edges). */
ls_status ls_mesh_create(const ls_record *record, ls_mesh *mesh);
void ls_mesh_destroy(ls_mesh *mesh);

/* What one block sends to each other one, in loads. */
#define LS_BLOCKS_MEASURE_UNIT ((int64_t)1 << 24)

/* The graph between the blocks of a plane; all but adjacent is measured where it is sparse. */
typedef struct ls_blocks_measure {
  bool is_sparse; /* not every two are joined, and there are not too many */
  int64_t adjacent, distance_sum, diameter; /* ordered pairs that are joined; over ordered pairs */
  int64_t gpu_pairs, gpu_hops; /* ordered pairs of GPUs in different blocks; their hops */
  int64_t load;                /* of the fullest link */
} ls_blocks_measure;

/* LS_ERR_MEMORY. O(blocks * links) where it is sparse. */
ls_status ls_verify_measure_blocks(const ls_record *record, ls_mesh *mesh, int64_t plane,
                                   ls_blocks_measure *found);

/* Adds the trunks and circuits whose both ends are vertices of a plane to *links, which has room
 * for them, and the access links of its leaves to weight. vertex_of: [node_count] vertex or -1;
 * weight: [vertices]. */
void ls_record_plane_links(const ls_record *record, const int32_t *vertex_of, ls_cut_graph *links,
                           double *weight);

/* Fills the groups of all faces of a resolved record. LS_ERR_MEMORY. O(edges log edges), and of
 * racks with several kinds of optics O(GPUs x planes). */
ls_status ls_record_gather_faces(ls_record *record);

/* Gb/s and power of what is bought as one: a module, or a port of integrated optics. */
int64_t ls_record_unit_gbps(const ls_record *record, const ls_record_optic *optic);
int64_t ls_record_module_power_mw(const ls_record *record, const ls_record_optic *optic);

/* Whether a face claims to hold optics of this id. */
bool ls_record_face_names(const ls_record_face *face, const char *optic_id);

/* Turns the names of kinds, optics, fibers and nodes into indices, and edges' ends around.
 * LS_ERR_INPUT for an unknown kind; LS_ERR_MEMORY. */
ls_status ls_record_resolve(ls_record *record, const char *path, ls_error *error);
void ls_record_destroy(ls_record *record);

typedef enum ls_record_depth {
  LS_RECORD_FLAT,  /* what the file says, without its shape */
  LS_RECORD_SHAPE, /* the shape too, of large graphs without the smallest cut */
  LS_RECORD_DEEP   /* with it whatever the size */
} ls_record_depth;

/* Reads path by igraph into the zeroed *record and measures its shape, where that is asked for.
 * Destroy it whatever the status. LS_ERR_INPUT, LS_ERR_MEMORY. */
ls_status ls_record_read(const char *path, ls_record_depth depth, ls_record *record,
                         ls_error *error);

/* ---- Reading: verify.c's side of igraph as verify_read.c sees it ---- */

typedef enum ls_record_domain {
  LS_DOMAIN_GRAPH,
  LS_DOMAIN_NODES,
  LS_DOMAIN_EDGES,
  LS_DOMAIN_COUNT
} ls_record_domain;

typedef struct ls_record_source ls_record_source; /* what igraph has read, known to verify.c */

/* What every step of reading needs. Functions that fail fill *error. */
typedef struct ls_record_reader {
  const char *path;
  ls_error *error; /* may be NULL */
  ls_record *record;
  ls_record_source *source;
} ls_record_reader;

/* Where a column of texts goes: one member of each struct of an array. */
typedef struct ls_record_column {
  ls_record_domain domain; /* nodes or edges */
  const char *name;
  void *base;    /* first struct */
  size_t stride; /* its size */
  size_t offset; /* of the member, a const char * */
} ls_record_column;

/* An attribute of the graph; *text lives as long as the source. LS_ERR_INPUT when it is missing
 * or of the other type. */
ls_status ls_source_number(const ls_record_reader *r, const char *name, double *value);
ls_status ls_source_text(const ls_record_reader *r, const char *name, const char **text);

/* The names of the graph's attributes, in the order of the file. */
int64_t ls_source_name_count(const ls_record_reader *r);
const char *ls_source_name(const ls_record_reader *r, int64_t index);

/* Copies the column into one block that the record owns, and points the members at it.
 * LS_ERR_INPUT, LS_ERR_MEMORY. */
ls_status ls_source_texts(const ls_record_reader *r, const ls_record_column *to);

/* A column of nodes or edges; values: [node_count] or [edge_count]. LS_ERR_INPUT,
 * LS_ERR_MEMORY. */
ls_status ls_source_numbers(const ls_record_reader *r, ls_record_domain domain, const char *name,
                            double *values);

/* Writes node_a and node_b of all edges of the record, as the file has them. */
void ls_source_ends(const ls_record_reader *r);

/* Reads everything that the source says into the record, whose counts of nodes and edges are set,
 * and resolves it. LS_ERR_INPUT, LS_ERR_MEMORY. */
ls_status ls_record_fill(const ls_record_reader *r);

/* LS_ERR_MEMORY with its sentence. */
ls_status ls_record_no_memory(const ls_record_reader *r);

/* ---- Shape: what verify_shape.c does for verify.c ---- */

/* The switches of one network and the links between them; circuits are links, legs are not. */
typedef struct ls_plane {
  ls_cut_graph cut; /* owned; shrinks while its smallest cut is sought */
  int32_t leaf_count;
  int32_t *leaves;      /* [leaf_count] vertices that are leaves; owned */
  double *weight;       /* [vertices] access links; owned */
  double *class_weight; /* [vertices] of a class's source: sum over the class; owned */
  int32_t *class_of;    /* [vertices] a leaf's source; owned */
} ls_plane;

/* A leaf and a hash of its neighbours. */
typedef struct ls_twin {
  uint64_t hash;
  int32_t vertex;
} ls_twin;

/* Sums over ordered pairs of different leaves, weighted by the access links of both. */
typedef struct ls_distance_sums {
  double weighted_hops, weight;
  int32_t hops_max;
} ls_distance_sums;

/* The network of that index, its leaves in no class yet. LS_ERR_MEMORY; destroy it whatever the
 * status. O(nodes + edges). */
ls_status ls_plane_create(const ls_record *record, int64_t index, ls_plane *plane);
void ls_plane_destroy(ls_plane *plane);

/* By hash, then vertex. */
void ls_twin_sort(ls_twin *twins, int32_t count);

/* Puts the leaf into the class of source, a leaf with the same neighbours. */
void ls_plane_join_class(ls_plane *plane, int32_t leaf, int32_t source);

/* Adds the pairs of the source's class and all leaves. hops: from source to leaves[i] at
 * hops[i * stride]. */
void ls_plane_add_distances(const ls_plane *plane, int32_t source, const double *hops,
                            size_t stride, ls_distance_sums *sums);

/* Takes a plane's smallest cut (-1: it has none) into the least over all planes. */
void ls_shape_add_cut(ls_record_shape *shape, int64_t cut, bool is_exact);

/* is_connected: every plane is; the diameter is -1 otherwise. */
void ls_shape_set_distances(ls_record_shape *shape, bool is_connected,
                            const ls_distance_sums *sums);

/* ---- Comparing ---- */

/* The OCS legs by their ends. */
typedef struct ls_leg {
  int32_t device, ocs, edge;
} ls_leg;

typedef struct ls_leg_index {
  int32_t count;
  ls_leg *legs; /* [count] by device, OCS, edge */
} ls_leg_index;

/* LS_ERR_MEMORY. O(edges log edges). */
ls_status ls_leg_index_create(const ls_record *record, ls_leg_index *index);
void ls_leg_index_destroy(ls_leg_index *index);

/* A leg between leaf or spine and OCS as an edge index, or -1. O(log legs). */
int32_t ls_leg_find(const ls_leg_index *index, int32_t device, int32_t ocs);

/* Joins vertices of *graph that its smallest cut leaves together, and parallel edges. The
 * smallest cut of the original, in links, is the smaller of *bound and the smallest cut of what
 * is left (none when one vertex is). INT64_MAX when the graph had fewer than two vertices.
 * LS_ERR_MEMORY. A few passes of O(edges (log edges + degree)). */
ls_status ls_cut_shrink(ls_cut_graph *graph, int64_t *bound);

/* Adds a mismatch to the report; beyond LS_MISMATCH_MAX it is only counted. */
void ls_verify_mismatch(ls_verify_report *report, const char *where, const char *what,
                        const char *claimed, const char *found);

/* Adds a mismatch unless claimed == found. */
void ls_verify_compare(ls_verify_report *report, const char *where, const char *what,
                       int64_t claimed, int64_t found);

/* *sum += a * b, and INT64_MAX where that does not fit: a file may say anything. */
void ls_verify_add_product(int64_t *sum, int64_t a, int64_t b);

/* Counts, ports, planes, rails, circuits, shape. LS_ERR_MEMORY. O(edges log edges). */
ls_status ls_verify_check_graph(const ls_record *record, ls_verify_report *report);

/* Optics, modules, their price and power on each face, against the bundles; integrated optics
 * against their chassis; whether a file that says it is uniform is. O(nodes + edges). */
void ls_verify_check_faces(const ls_record *record, ls_verify_report *report);

/* Lengths, budgets, and the totals of money, power and glass. LS_ERR_MEMORY.
 * O(edges log edges). */
ls_status ls_verify_check_links(const ls_record *record, ls_verify_report *report);

/* Devices: one model's figures agree, modules fit the cages, slots hold what stands in them;
 * and the bandwidth at risk. LS_ERR_MEMORY. O(edges + nodes log nodes). */
ls_status ls_verify_check_units(const ls_record *record, ls_verify_report *report);

/* Parts that go down in one way, and the thousandths of GPU-hours that the job loses by one. */
typedef struct ls_verify_outage {
  int64_t count, fit, fit_min; /* of one */
  int64_t lost_mgpuh;          /* at once */
  int64_t slow_mgpuh;          /* in each hour until it works again */
} ls_verify_outage;

/* How the graph answers to failures, by tier of links. */
typedef struct ls_verify_losses {
  const ls_record *record;
  int64_t kill_ppm[LS_RECORD_TIER_MAX];   /* a failed link ends the job */
  int64_t path_count[LS_RECORD_TIER_MAX]; /* equal paths of a GPU or leaf, of which it is one */
  int64_t node_count[LS_DEVICE_KIND_COUNT];
  int64_t ports_max[LS_DEVICE_KIND_COUNT]; /* lit, towards the GPUs */
  int64_t circuits_max;                    /* links through one OCS */
  int64_t peer_tier;                       /* of circuits */
} ls_verify_losses;

/* Learns from the graph how its links back each other. O(nodes + edges). LS_ERR_MEMORY. */
ls_status ls_verify_losses_init(const ls_record *record, ls_verify_losses *losses);

/* Of the parts of one face's optics: those of module_count modules, or of as many ports. */
void ls_verify_losses_of_optics(const ls_verify_losses *losses, const ls_record_optic *optic,
                                bool is_rack, int64_t tier, int64_t module_count,
                                ls_verify_outage outages[LS_RECORD_PART_MAX]);

/* Of count devices like this one: failures, and for switches planned stops. */
void ls_verify_losses_of_devices(const ls_verify_losses *losses, const ls_record_node *node,
                                 int64_t count, ls_verify_outage outages[LS_RECORD_PART_MAX]);

/* What the design costs over the years, and the GPU-hours that failures cost. O(nodes + edges).
 * LS_ERR_MEMORY. */
ls_status ls_verify_check_money(const ls_record *record, ls_verify_report *report);

/* What the design draws on shared resources, and what each vendor gets of the money: as claimed,
 * and within what one buyer can get and the share allowed. O(nodes x entries). */
void ls_verify_check_supply(const ls_record *record, ls_verify_report *report);

/* Resources, vendors and draws against a catalog of the record's year and scenario. */
struct ls_catalog;
void ls_verify_check_supply_catalog(const ls_record *record, const struct ls_catalog *catalog,
                                    ls_verify_report *report);

/* Counts, prices, powers and failures of the scale-up network against a catalog of the year. */
void ls_verify_check_scale_up_catalog(const ls_record *record, const struct ls_catalog *catalog,
                                      ls_verify_report *report);

/* The ls_supply_scenario that the record names; LS_RECORD_UNKNOWN: there is none of that name. */
int32_t ls_record_supply_scenario(const ls_record *record);

/* The worst path's latency and the mean over pairs of GPUs. LS_ERR_MEMORY.
 * O(edges + nodes log nodes). */
ls_status ls_verify_check_latency(const ls_record *record, ls_verify_report *report);

/* The throughput of the worst traffic, of a Clos or of a mesh of circuits. LS_ERR_MEMORY.
 * O(edges log edges). */
ls_status ls_verify_check_throughput(const ls_record *record, ls_verify_report *report);

/* What the worst failure of each kind takes, and that it is no more than the limits allow.
 * LS_ERR_MEMORY. O(edges + nodes * areas). */
ls_status ls_verify_check_domains(const ls_record *record, ls_verify_report *report);

/* Strands in the fullest tray, and that none holds more than it may. LS_ERR_MEMORY. O(edges *
 * halls). */
ls_status ls_verify_check_trays(const ls_record *record, ls_verify_report *report);

/* Unit prices, powers, latencies and downtimes against a catalog file. LS_ERR_INPUT, LS_ERR_MEMORY.
 */
ls_status ls_verify_check_prices(const ls_record *record, const char *catalog_path,
                                 ls_verify_report *report, ls_error *error);

#endif
