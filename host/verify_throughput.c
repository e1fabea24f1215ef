/* Recomputes the throughput of the worst traffic, in ppm of the NIC rate, rounded down.
 *
 *   Clos: min(1, up / down) of the leaves, times that of the spines below cores
 *   mesh: (t / down) B / 2 with t links between each two of a plane's B leaves; for the lower
 *         value t is the least number there is, for the upper one up / (B - 1)
 *
 * Down are all ports of a leaf that do not lead up, lit or not: as it is built. Of a file's planes
 * and leaves the worst counts. */
#include "verify_graph.h"

#include <stdlib.h>

#define WHOLE_PPM 1000000

/* What one plane offers. */
typedef struct plane {
  int64_t leaf_count, pair_count; /* pairs of leaves with at least one circuit */
  int64_t links_min;              /* of those pairs; INT64_MAX without */
  int64_t up_min, down_max;       /* ports of its leaves */
  int64_t leaf_ppm, spine_ppm;    /* the least up / down; spines: of those below cores */
} plane;

typedef struct circuit {
  int32_t leaf_a, leaf_b;
  int64_t links;
} circuit;

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

/* ---- Ports ---- */

static void add_node(const ls_record_node *node, plane *of)
{
  const int64_t up = node->up.port_count;
  if (node->kind == LS_DEVICE_LEAF) {
    const int64_t down = node->radix - up;
    of->leaf_count++;
    of->up_min = least(of->up_min, up);
    if (down > of->down_max) of->down_max = down;
    of->leaf_ppm = least(of->leaf_ppm, ratio_ppm(up, 1, down));
  } else if (node->kind == LS_DEVICE_SPINE) {
    of->spine_ppm = least(of->spine_ppm, ratio_ppm(up, 1, node->down.port_count));
  }
}

/* ---- Circuits ---- */

static int compare_circuits(const void *left, const void *right)
{
  const circuit *a = left, *b = right;
  if (a->leaf_a != b->leaf_a) return a->leaf_a < b->leaf_a ? -1 : 1;
  return (a->leaf_b > b->leaf_b) - (a->leaf_b < b->leaf_b);
}

/* Adds up the circuits of each pair of leaves, whatever OCS they pass. */
static ls_status add_circuits(const ls_record *record, plane *planes)
{
  int32_t count = 0;
  circuit *circuits = malloc(((size_t)record->edge_count + 1) * sizeof *circuits);
  if (circuits == NULL) return LS_ERR_MEMORY;
  for (int32_t i = 0; i < record->edge_count; i++) {
    const ls_record_edge *edge = &record->edges[i];
    if (edge->kind == LS_BUNDLE_CIRCUIT && edge->node_a != edge->node_b)
      circuits[count++] = (circuit){edge->node_a, edge->node_b, edge->link_count};
  }
  qsort(circuits, (size_t)count, sizeof *circuits, compare_circuits);
  for (int32_t first = 0, next; first < count; first = next) {
    const int64_t index = record->nodes[circuits[first].leaf_a].plane;
    int64_t links = 0;
    for (next = first; next < count && !compare_circuits(&circuits[first], &circuits[next]); next++)
      ls_verify_add_product(&links, circuits[next].links, 1);
    if (index < 0 || index >= LS_RECORD_PLANE_MAX) continue;
    planes[index].pair_count++;
    planes[index].links_min = least(planes[index].links_min, links);
  }
  free(circuits);
  return LS_OK;
}

/* ---- The whole ---- */

typedef struct bounds {
  int64_t low_ppm, high_ppm;
} bounds;

static bounds clos_bounds(const plane *of, bool has_spines, bool has_cores)
{
  int64_t ppm = has_spines ? of->leaf_ppm : WHOLE_PPM;
  if (has_cores) ppm = ppm * of->spine_ppm / WHOLE_PPM;
  return (bounds){ppm, ppm};
}

static bounds mesh_bounds(const plane *of)
{
  const int64_t blocks = of->leaf_count;
  if (blocks < 2) return (bounds){WHOLE_PPM, WHOLE_PPM};
  const bool is_full = of->pair_count >= blocks * (blocks - 1) / 2;
  int64_t divisor = 0;
  ls_verify_add_product(&divisor, 2 * of->down_max, blocks - 1);
  return (bounds){ratio_ppm(is_full ? of->links_min : 0, blocks, 2 * of->down_max),
                  ratio_ppm(of->up_min, blocks, divisor)};
}

ls_status ls_verify_check_throughput(const ls_record *record, ls_verify_report *report)
{
  bool has[LS_DEVICE_KIND_COUNT] = {false};
  bounds worst = {WHOLE_PPM, WHOLE_PPM};
  plane *planes = calloc(LS_RECORD_PLANE_MAX, sizeof *planes);
  if (planes == NULL) return LS_ERR_MEMORY;
  for (int32_t i = 0; i < LS_RECORD_PLANE_MAX; i++)
    planes[i] = (plane){
        .links_min = INT64_MAX, .up_min = INT64_MAX, .leaf_ppm = WHOLE_PPM, .spine_ppm = WHOLE_PPM};
  for (int32_t i = 0; i < record->node_count; i++) {
    const ls_record_node *node = &record->nodes[i];
    has[node->kind] = true;
    if (node->plane >= 0 && node->plane < LS_RECORD_PLANE_MAX) add_node(node, &planes[node->plane]);
  }
  const ls_status status = add_circuits(record, planes);
  for (int64_t i = 0; status == LS_OK && i < record->site.plane_count; i++) {
    const bounds of = has[LS_DEVICE_OCS]
                          ? mesh_bounds(&planes[i])
                          : clos_bounds(&planes[i], has[LS_DEVICE_SPINE], has[LS_DEVICE_CORE]);
    worst.low_ppm = least(worst.low_ppm, of.low_ppm);
    worst.high_ppm = least(worst.high_ppm, of.high_ppm);
  }
  free(planes);
  if (status != LS_OK) return status;
  ls_verify_compare(report, "graph", "throughput_worst_ppm_low",
                    record->claims.throughput_worst_ppm_low, worst.low_ppm);
  ls_verify_compare(report, "graph", "throughput_worst_ppm_high",
                    record->claims.throughput_worst_ppm_high, worst.high_ppm);
  return LS_OK;
}
