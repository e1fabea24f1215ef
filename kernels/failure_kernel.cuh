/* The failure kernel: draws of failed parts, a thread each.
 *
 * Layout: a thread has a state of its own (failure.h) in global memory, which is all zero before
 * and after each draw, and takes every so-many-th draw of a launch. The network is the same for all
 * threads and stays in L2. Results are written by draw, 16 bytes each.
 * Work per draw: a Philox block and a binary search over parts each failure, then the links of what
 * failed; threads of a warp follow lists of different length. Not run on a GPU yet. */
#ifndef LS_FAILURE_KERNEL_CUH
#define LS_FAILURE_KERNEL_CUH

#include "device.h"
#include "failure.h"

/* Sixteen blocks a multiprocessor leave 64 registers a thread: with fewer some spill. */
enum { FAILURE_BLOCK = 64, FAILURE_BLOCKS_RESIDENT = 16 };

struct failure_launch {
  ls_failure_net net;     /* its arrays in device memory */
  ls_failure_batch batch; /* without its net */
  int32_t first, count;   /* draws of this launch */
  unsigned char *states;  /* [threads of the grid][state_bytes] */
  size_t state_bytes;
  ls_failure_loss *losses; /* [count] */
};

static __global__ void __launch_bounds__(FAILURE_BLOCK, FAILURE_BLOCKS_RESIDENT)
    failure_kernel(failure_launch launch)
{
  const uint32_t thread = blockIdx.x * FAILURE_BLOCK + threadIdx.x;
  const uint32_t stride = gridDim.x * FAILURE_BLOCK;
  ls_failure_state state =
      ls_failure_state_at(&launch.net, launch.states + thread * launch.state_bytes);
  for (uint32_t i = thread; i < (uint32_t)launch.count; i += stride)
    launch.losses[i] =
        ls_failure_draw(&launch.net, &state, &launch.batch, launch.first + (int32_t)i);
}

#endif
