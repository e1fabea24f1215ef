/* The rows of a batch's structures.
 *
 * Layout: a block takes a structure, in strides of the grid, a thread each of its n0 + n1 + n2 + n3
 * rows of 208 bytes. It is a kernel of its own since a row wants more registers than a design, and
 * so that tiles of the same structure share it.
 * Work per row: about 150 integer operations and ten 64-bit divisions; 208 bytes written. On an
 * H200 a ninth as long as sweep_kernel takes (docs/kernels.md). */
#ifndef LS_ROWS_KERNEL_CUH
#define LS_ROWS_KERNEL_CUH

#include "device.h"
#include "evaluate.h"

enum { ROWS_BLOCK = 128 };

/* A structure of a batch, and where its rows stand: those of tier 0, of tier 1, and so on. */
struct sweep_structure {
  uint32_t structure, row_first;
};

struct rows_launch {
  const ls_problem *problem;         /* device memory, as are its arrays */
  const sweep_structure *structures; /* [structure_count] */
  uint32_t structure_count;
  ls_tier_row *rows;
};

static __global__ void __launch_bounds__(ROWS_BLOCK) rows_kernel(rows_launch launch)
{
  const ls_problem *problem = launch.problem;
  for (uint32_t s = blockIdx.x; s < launch.structure_count; s += gridDim.x) {
    const sweep_structure of = launch.structures[s];
    const ls_structure *structure = &problem->structures[of.structure];
    const uint32_t *count = structure->option_count;
    const uint32_t row_count = count[0] + count[1] + count[2] + count[3];
    for (uint32_t i = threadIdx.x; i < row_count; i += ROWS_BLOCK) {
      int32_t tier = 0;
      uint32_t option = i;
      for (; option >= count[tier]; tier++) option -= count[tier];
      const ls_link_row *link = &problem->links[0];
      if (tier < structure->tier_count)
        link = &problem->links[problem->options[structure->option_first[tier] + option]];
      ls_tier_row_compute(problem, structure, tier, link, &launch.rows[of.row_first + i]);
    }
  }
}

#endif
