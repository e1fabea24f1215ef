/* Recomputes the throughput of the worst traffic, in ppm of the NIC rate, rounded down.
 *
 *   Clos: min(1, up / down) of the leaves, times those of the spines and super-spines below others
 *   mesh: (t / down) B / 2 with t links between each two of a plane's B blocks; for the lower
 *         value t is the least number there is, for the upper one up / (B - 1)
 *   where not every two blocks are joined: low, B / 2 over down times what the fullest link carries
 *         when every two blocks exchange one unit (verify_blocks.c); high, up B^2 / down over the
 *         sum of all distances, those of joined blocks counted twice
 *   rails apart: what scale-up carries from rail to rail, where that is less
 *
 * A block is a leaf, or a pod of leaves and the spines they hang on. Down are all ports of its
 * leaves that do not lead up, lit or not: as it is built. Of a file's planes and blocks the worst
 * counts. */
#include "verify_graph.h"

#include <stdlib.h>

#define WHOLE_PPM 1000000

/* What one plane offers. */
typedef struct plane {
  int64_t block_count, pair_count;         /* pairs of blocks with at least one link */
  int64_t links_min;                       /* of those pairs; INT64_MAX without */
  int64_t up_min, down_max;                /* ports of its blocks */
  int64_t ratio_ppm[LS_DEVICE_KIND_COUNT]; /* the least up / down of a kind */
  ls_blocks_measure blocks;
} plane;

/* Ports of a block, at its representative. */
typedef struct block {
  int64_t up, down;
  bool has_leaves;
} block;

typedef struct trunk {
  int32_t block_a, block_b;
  int64_t links;
} trunk;

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

/* a x b / divisor in ppm, at most the whole; the whole where there is nothing to divide by. */
static int64_t ratio_ppm(int64_t a, int64_t b, int64_t divisor)
{
  int64_t product = 0, scaled = 0;
  if (divisor <= 0) return WHOLE_PPM;
  ls_verify_add_product(&product, a, b);
  ls_verify_add_product(&scaled, product, WHOLE_PPM);
  return least(scaled / divisor, WHOLE_PPM);
}

static plane *plane_of(const ls_record_node *node, plane *planes)
{
  return node->plane >= 0 && node->plane < LS_RECORD_PLANE_MAX ? &planes[node->plane] : NULL;
}

/* ---- Ports ---- */

static void add_node(const ls_record_node *node, int32_t mesh_kind, block *of, plane *in)
{
  const int64_t up = node->up.port_count;
  const bool is_leaf = node->kind == LS_DEVICE_LEAF;
  const int64_t down = is_leaf ? node->radix - up : node->down.port_count;
  in->ratio_ppm[node->kind] = least(in->ratio_ppm[node->kind], ratio_ppm(up, 1, down));
  if (is_leaf) ls_verify_add_product(&of->down, down, 1);
  if (node->kind == mesh_kind) ls_verify_add_product(&of->up, up, 1);
  of->has_leaves = of->has_leaves || is_leaf;
}

/* Ports of every block, and of them the worst of each plane. */
static ls_status add_blocks(const ls_record *record, ls_mesh *mesh, plane *planes)
{
  block *blocks = calloc((size_t)record->node_count + 1, sizeof *blocks);
  if (blocks == NULL) return LS_ERR_MEMORY;
  for (int32_t i = 0; i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    plane *in = plane_of(node, planes);
    if (in == NULL || !ls_record_is_switch(node)) continue;
    add_node(node, mesh->kind, &blocks[ls_group_find(mesh->parent, i)], in);
  }
  for (int32_t i = 0; i < record->node_count; i++) {
    plane *in = plane_of(&record->nodes[i], planes);
    if (in == NULL || !blocks[i].has_leaves) continue;
    in->block_count++;
    in->up_min = least(in->up_min, blocks[i].up);
    if (blocks[i].down > in->down_max) in->down_max = blocks[i].down;
  }
  free(blocks);
  return LS_OK;
}

/* ---- Links between blocks ---- */

static int compare_trunks(const void *left, const void *right)
{
  const trunk *a = left, *b = right;
  if (a->block_a != b->block_a) return a->block_a < b->block_a ? -1 : 1;
  return (a->block_b > b->block_b) - (a->block_b < b->block_b);
}

/* Adds up the links of each pair of blocks, whatever OCS they pass. */
static ls_status add_trunks(const ls_record *record, ls_mesh *mesh, plane *planes)
{
  int32_t count = 0;
  trunk *trunks = malloc(((size_t)record->edge_count + 1) * sizeof *trunks);
  if (trunks == NULL) return LS_ERR_MEMORY;
  for (int32_t i = 0; i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    const int32_t a = ls_group_find(mesh->parent, edge->node_a);
    const int32_t b = ls_group_find(mesh->parent, edge->node_b);
    if (ls_record_is_peer(record, edge) && a != b)
      trunks[count++] = (trunk){a < b ? a : b, a < b ? b : a, edge->link_count};
  }
  qsort(trunks, (size_t)count, sizeof *trunks, compare_trunks);
  for (int32_t first = 0, next; first < count; first = next) {
    plane *in = plane_of(&record->nodes[trunks[first].block_a], planes);
    int64_t links = 0;
    for (next = first; next < count && !compare_trunks(&trunks[first], &trunks[next]); next++)
      ls_verify_add_product(&links, trunks[next].links, 1);
    if (in == NULL) continue;
    in->pair_count++;
    in->links_min = least(in->links_min, links);
  }
  free(trunks);
  return LS_OK;
}

/* ---- The whole ---- */

typedef struct bounds {
  int64_t low_ppm, high_ppm;
} bounds;

/* A kind counts where there is another above it. */
static bounds clos_bounds(const plane *of, int32_t top_kind)
{
  int64_t ppm = WHOLE_PPM;
  for (int32_t kind = LS_DEVICE_LEAF; kind < top_kind; kind++)
    ppm = ppm * of->ratio_ppm[kind] / WHOLE_PPM;
  return (bounds){ppm, ppm};
}

static bounds sparse_bounds(const plane *of)
{
  const ls_blocks_measure *found = &of->blocks;
  int64_t low = 0, high = 0, squares = 0;
  ls_verify_add_product(&low, 2 * of->down_max, found->load);
  ls_verify_add_product(&high, of->down_max, found->distance_sum + found->adjacent);
  ls_verify_add_product(&squares, of->block_count, of->block_count);
  return (bounds){ratio_ppm(of->block_count, LS_BLOCKS_MEASURE_UNIT, low),
                  ratio_ppm(squares, of->up_min, high)};
}

static bounds mesh_bounds(const plane *of)
{
  const int64_t blocks = of->block_count;
  if (blocks < 2) return (bounds){WHOLE_PPM, WHOLE_PPM};
  if (of->blocks.is_sparse) return sparse_bounds(of);
  const bool is_full = of->pair_count >= blocks * (blocks - 1) / 2;
  int64_t divisor = 0;
  ls_verify_add_product(&divisor, 2 * of->down_max, blocks - 1);
  return (bounds){ratio_ppm(is_full ? of->links_min : 0, blocks, 2 * of->down_max),
                  ratio_ppm(of->up_min, blocks, divisor)};
}

/* What a GPU may send through scale-up to those of its server's other rails. */
static int64_t relay_ppm(const ls_record_site *site)
{
  int64_t gbps = 0;
  if (site->fabric_count == 1) return WHOLE_PPM;
  if (site->scale_up_domain_gpus < site->gpus_per_server) return 0;
  ls_verify_add_product(&gbps, site->scale_up_gbps_per_gpu, WHOLE_PPM - site->scale_up_load_ppm);
  return site->nic_gbps > 0 ? least(gbps / site->nic_gbps, WHOLE_PPM) : WHOLE_PPM;
}

static bounds worst_bounds(const ls_record *record, const ls_mesh *mesh, const plane *planes)
{
  const int64_t relayed_ppm = relay_ppm(&record->site);
  bounds worst = {relayed_ppm, relayed_ppm};
  int32_t top_kind = LS_DEVICE_LEAF;
  for (int32_t i = 0; i < record->node_count; i++)
    if (ls_record_is_switch(&record->nodes[i]) && record->nodes[i].kind > top_kind)
      top_kind = record->nodes[i].kind;
  for (int64_t i = 0; i < record->site.plane_count; i++) {
    const bounds of =
        mesh->kind == LS_RECORD_NONE ? clos_bounds(&planes[i], top_kind) : mesh_bounds(&planes[i]);
    worst.low_ppm = least(worst.low_ppm, of.low_ppm);
    worst.high_ppm = least(worst.high_ppm, of.high_ppm);
  }
  return worst;
}

ls_status ls_verify_check_throughput(const ls_record *record, ls_verify_report *report)
{
  ls_mesh mesh = {LS_RECORD_NONE, NULL};
  plane *planes = calloc(LS_RECORD_PLANE_MAX, sizeof *planes);
  ls_status status = planes == NULL ? LS_ERR_MEMORY : ls_mesh_create(record, &mesh);
  for (int32_t i = 0; status == LS_OK && i < LS_RECORD_PLANE_MAX; i++) {
    planes[i] = (plane){.links_min = INT64_MAX, .up_min = INT64_MAX};
    for (int32_t kind = 0; kind < LS_DEVICE_KIND_COUNT; kind++)
      planes[i].ratio_ppm[kind] = WHOLE_PPM;
  }
  if (status == LS_OK) status = add_blocks(record, &mesh, planes);
  if (status == LS_OK) status = add_trunks(record, &mesh, planes);
  const int64_t meshes = mesh.kind == LS_RECORD_NONE ? 0 : record->site.plane_count;
  for (int64_t i = 0; status == LS_OK && i < meshes; i++)
    status = ls_verify_measure_blocks(record, &mesh, i, &planes[i].blocks);
  if (status == LS_OK) {
    const bounds worst = worst_bounds(record, &mesh, planes);
    ls_verify_compare(report, "graph", "throughput_worst_ppm_low",
                      record->claims.throughput_worst_ppm_low, worst.low_ppm);
    ls_verify_compare(report, "graph", "throughput_worst_ppm_high",
                      record->claims.throughput_worst_ppm_high, worst.high_ppm);
  }
  ls_mesh_destroy(&mesh);
  free(planes);
  return status;
}
