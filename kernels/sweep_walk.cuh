/* The walk over the space: cuts it into batches of tiles, in the order of ranks, for whichever
 * device asks next. What follows from it, counts of designs that were or need not be evaluated,
 * does not depend on who asks. */
#ifndef LS_SWEEP_WALK_CUH
#define LS_SWEEP_WALK_CUH

#include <pthread.h>

#include "rows_kernel.cuh"
#include "sweep_kernel.cuh"

/* Of one batch at most. As many survivors as designs find room, 144 MiB. */
enum { BATCH_DESIGNS = 1 << 21, BATCH_TILES = 1 << 14, BATCH_ROWS = 1 << 16 };
/* The first batch is small, each other twice the one before: early killers spare late survivors. */
enum { BATCH_DESIGNS_FIRST = 4 * TILE_DESIGNS };

static_assert(BATCH_ROWS >= LS_TIER_MAX * LS_LINK_MAX, "rows of any structure find room");

/* What a launch works on. */
struct sweep_batch {
  uint32_t structure_count, tile_count;
  sweep_structure structures[BATCH_TILES];
  sweep_tile tiles[BATCH_TILES];
};

struct sweep_walk {
  const ls_problem *problem;
  pthread_mutex_t mutex;                   /* for all that follows */
  uint32_t structure, access, combination; /* what comes next */
  uint32_t batch_designs;                  /* of the next batch at most */
  uint64_t evaluated_count, bounded_count; /* of the structures behind */
};

static inline uint32_t row_count(const ls_structure *structure)
{
  const uint32_t *count = structure->option_count;
  return count[0] + count[1] + count[2] + count[3];
}

static inline uint32_t count_above(const ls_structure *structure)
{
  return structure->option_count[1] * structure->option_count[2] * structure->option_count[3];
}

/* Access options that a tile of the structure takes: all designs of them or, where there are too
 * many for a tile, some of one. */
static inline uint32_t tile_access_max(const ls_structure *structure)
{
  const uint32_t above = count_above(structure);
  const uint32_t most = above < (uint32_t)TILE_DESIGNS ? (uint32_t)TILE_DESIGNS / above : 1u;
  return most < structure->option_count[0] ? most : structure->option_count[0];
}

/* The next tile of the structure at which the walk stands. */
static inline sweep_tile walk_tile(const sweep_walk *walk, const ls_structure *structure)
{
  const uint32_t above = count_above(structure), access_max = tile_access_max(structure);
  const uint32_t access_left = structure->option_count[0] - walk->access;
  sweep_tile tile = {walk->structure, 0, walk->access, 1, walk->combination, 0};
  if (above < (uint32_t)TILE_DESIGNS) {
    tile.access_count = access_left < access_max ? access_left : access_max;
    tile.count = tile.access_count * above;
  } else {
    const uint32_t left = above - walk->combination;
    tile.count = left < (uint32_t)TILE_DESIGNS ? left : (uint32_t)TILE_DESIGNS;
  }
  return tile;
}

/* Behind the tile. */
static inline void walk_advance(sweep_walk *walk, const ls_structure *structure,
                                const sweep_tile *tile)
{
  walk->combination = tile->first + tile->count;
  if (walk->combination < count_above(structure)) return;
  walk->access += tile->access_count;
  walk->combination = 0;
}

/* Puts as many tiles of the structure at which the walk stands into the batch as find room; true
 * when that was all of it. */
static inline bool walk_structure(sweep_walk *walk, sweep_batch *batch, uint32_t *rows_taken,
                                  uint32_t *designs_taken)
{
  const ls_structure *structure = &walk->problem->structures[walk->structure];
  if (batch->tile_count == BATCH_TILES || *rows_taken + row_count(structure) > BATCH_ROWS)
    return false;
  const uint32_t row_first = *rows_taken;
  bool has_tiles = false;
  while (walk->access < structure->option_count[0]) {
    sweep_tile tile = walk_tile(walk, structure);
    if (batch->tile_count == BATCH_TILES || *designs_taken + tile.count > walk->batch_designs)
      break;
    tile.row_first = row_first;
    batch->tiles[batch->tile_count++] = tile;
    *designs_taken += tile.count;
    has_tiles = true;
    walk_advance(walk, structure, &tile);
  }
  if (has_tiles) {
    batch->structures[batch->structure_count++] = sweep_structure{walk->structure, row_first};
    *rows_taken += row_count(structure);
  }
  return walk->access == structure->option_count[0];
}

/* Fills the next batch; without tiles at the end of the space. Thread-safe. */
static inline void walk_take(sweep_walk *walk, sweep_batch *batch)
{
  const ls_problem *problem = walk->problem;
  uint32_t rows_taken = 0, designs_taken = 0;
  batch->structure_count = batch->tile_count = 0;
  pthread_mutex_lock(&walk->mutex);
  for (; walk->structure < problem->structure_count; walk->structure++) {
    const ls_structure *structure = &problem->structures[walk->structure];
    const bool is_bounded = ls_structure_violations(problem, structure) != 0;
    if (!is_bounded && !walk_structure(walk, batch, &rows_taken, &designs_taken)) break;
    *(is_bounded ? &walk->bounded_count : &walk->evaluated_count) += structure->rank_count;
    walk->access = walk->combination = 0;
  }
  if (walk->batch_designs < BATCH_DESIGNS) walk->batch_designs *= 2;
  pthread_mutex_unlock(&walk->mutex);
}

#endif
