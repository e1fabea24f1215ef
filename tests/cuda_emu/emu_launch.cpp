/* The scheduler: runs the threads of a block as fibers, in random order, each until it waits
 * or returns; then resolves what they wait for.
 *
 * A warp function completes when all lanes of its mask wait at the same function with the same
 * mask; a barrier when every thread of the block waits at the same line. When nothing can run
 * and nothing completes, the block is listed on stderr and the process aborts.
 *
 * Under TSan barriers and __syncwarp release and acquire objects that alternate, so that who
 * runs ahead to the next barrier is not ordered before who has not yet left this one. Fibers
 * are kept from block to block; which fiber is which CUDA thread changes at random. */
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <thread>
#include <vector>

#include "emu_internal.h"

__thread uint3 threadIdx, blockIdx;
__thread dim3 blockDim, gridDim;

namespace ls_emu
{

namespace
{

enum class State { Ready, AtBarrier, AtWarp, Returned };

struct Worker;

struct Thread {
  Fiber fiber;
  Worker *worker;
  State state;
  unsigned linear; /* index in the block */
  uint3 index;
  unsigned mask;
  uint64_t value;
  const char *name, *file; /* of the collective it waits at */
  int line;
};

struct Shared {
  const void *key;
  void *memory;
};

/* One OS thread's share of a launch. Fibers live as long as the process. */
struct Worker {
  Fiber scheduler{};
  const Launch *launch = nullptr;
  std::vector<std::unique_ptr<Thread>> fibers;
  std::vector<Thread *> threads; /* of the running block, by index */
  std::vector<Shared> shared;
  size_t static_bytes = 0;
  int predicate_count = 0;
  uint64_t random = 0;
  unsigned barrier_generation = 0;
  uint64_t lanes[1024]; /* what warps exchanged, by index; kernels read it, so no heap block */
  char launch_sync;
  char barrier_sync[2];
  uint8_t warp_generation[32][32]; /* [warp][lowest lane of the mask] */
  char warp_sync[32][32][2];
};

__thread Thread *current;
char launch_end, fence; /* objects for TSan to synchronise on */

[[noreturn]] void fail(const char *what, const char *file, int line)
{
  std::fprintf(stderr, "%s:%d: cuda_emu: %s\n", file, line, what);
  std::abort();
}

uint64_t next_random(uint64_t *state) /* splitmix64 */
{
  uint64_t z = *state += 0x9E3779B97F4A7C15u;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return z ^ z >> 31;
}

Thread *running(const char *what)
{
  if (!current) fail("called outside a kernel", what, 0);
  return current;
}

void leave(Thread *thread) { fiber_switch(&thread->fiber, &thread->worker->scheduler); }

void wait(Thread *thread, State state, const char *name, const char *file, int line)
{
  thread->state = state;
  thread->name = name;
  thread->file = file;
  thread->line = line;
  leave(thread);
}

void fiber_main(void *argument)
{
  Thread *thread = static_cast<Thread *>(argument);
  for (;;) {
    tsan_acquire(&thread->worker->launch_sync);
    thread->worker->launch->invoke(thread->worker->launch->context);
    tsan_release(&launch_end);
    thread->state = State::Returned;
    leave(thread);
  }
}

/* Lists the threads of a block that cannot go on, equal neighbours in one line, and aborts. */
[[noreturn]] void report_divergence(const Worker &worker)
{
  const auto same = [](const Thread *a, const Thread *b) {
    return a->state == b->state &&
           (a->state == State::Returned ||
            (a->line == b->line && a->mask == b->mask && !std::strcmp(a->name, b->name) &&
             !std::strcmp(a->file, b->file)));
  };
  std::fprintf(stderr, "cuda_emu: divergent barrier in block (%u,%u,%u):\n", blockIdx.x, blockIdx.y,
               blockIdx.z);
  for (size_t first = 0, last = 0; first < worker.threads.size(); first = last + 1) {
    const Thread *thread = worker.threads[first];
    for (last = first; last + 1 < worker.threads.size(); ++last)
      if (!same(thread, worker.threads[last + 1])) break;
    std::fprintf(stderr, "  threads %zu..%zu: ", first, last);
    if (thread->state == State::Returned)
      std::fprintf(stderr, "have returned\n");
    else if (thread->state == State::AtBarrier)
      std::fprintf(stderr, "%s at %s:%d\n", thread->name, thread->file, thread->line);
    else
      std::fprintf(stderr, "%s of lanes 0x%08x at %s:%d\n", thread->name, thread->mask,
                   thread->file, thread->line);
  }
  std::abort();
}

/* Runs every thread that can run, once, in random order. False when none could. */
bool run_ready(Worker *worker)
{
  const size_t count = worker->threads.size();
  const uint64_t random = next_random(&worker->random);
  const size_t start = static_cast<size_t>(random >> 1) % count;
  bool has_run = false;
  for (size_t i = 0; i < count; ++i) {
    const size_t turn = (start + i) % count;
    Thread *thread = worker->threads[(random & 1) != 0 ? turn : count - 1 - turn];
    if (thread->state != State::Ready) continue;
    current = thread;
    threadIdx = thread->index;
    fiber_switch(&worker->scheduler, &thread->fiber);
    has_run = true;
  }
  current = nullptr;
  return has_run;
}

/* True when all lanes of thread's mask wait at the same warp function. */
bool warp_is_complete(Thread *const *warp, size_t lane_count, const Thread *thread)
{
  for (size_t lane = 0; lane < 32; ++lane) {
    if ((thread->mask >> lane & 1) == 0) continue;
    if (lane >= lane_count) return false;
    const Thread *other = warp[lane];
    if (other->state != State::AtWarp || other->mask != thread->mask ||
        std::strcmp(other->name, thread->name) != 0)
      return false;
  }
  return true;
}

void resolve_warps(Worker *worker)
{
  const size_t count = worker->threads.size();
  for (size_t i = 0; i < count; ++i) {
    const size_t base = i & ~static_cast<size_t>(31);
    Thread *const *warp = &worker->threads[base];
    const Thread *thread = worker->threads[i];
    if (thread->state != State::AtWarp ||
        !warp_is_complete(warp, std::min<size_t>(32, count - base), thread))
      continue;
    const unsigned mask = thread->mask;
    ++worker->warp_generation[base / 32][__builtin_ctz(mask)];
    for (size_t lane = 0; lane < 32; ++lane) {
      if ((mask >> lane & 1) == 0) continue;
      worker->lanes[base + lane] = warp[lane]->value;
      warp[lane]->state = State::Ready;
    }
  }
}

/* False when the block has ended. Nothing can run when it is called. */
bool resolve_barrier(Worker *worker)
{
  const Thread *first = worker->threads[0];
  int predicate_count = 0;
  for (const Thread *thread : worker->threads) {
    if (thread->state != first->state || thread->state == State::AtWarp) report_divergence(*worker);
    if (thread->state == State::Returned) continue;
    if (thread->line != first->line || std::strcmp(thread->file, first->file) != 0 ||
        std::strcmp(thread->name, first->name) != 0)
      report_divergence(*worker);
    predicate_count += thread->value != 0;
  }
  if (first->state == State::Returned) return false;
  worker->predicate_count = predicate_count;
  ++worker->barrier_generation;
  for (Thread *thread : worker->threads) thread->state = State::Ready;
  return true;
}

void begin_block(Worker *worker, uint64_t block)
{
  const dim3 grid = worker->launch->grid, size = worker->launch->block;
  const unsigned count = size.x * size.y * size.z;
  gridDim = grid;
  blockDim = size;
  blockIdx =
      uint3{static_cast<unsigned>(block % grid.x), static_cast<unsigned>(block / grid.x % grid.y),
            static_cast<unsigned>(block / grid.x / grid.y)};
  while (worker->fibers.size() < count) {
    worker->fibers.push_back(std::make_unique<Thread>());
    Thread *thread = worker->fibers.back().get();
    thread->worker = worker;
    fiber_create(&thread->fiber, &worker->scheduler, fiber_main, thread);
  }
  worker->threads.resize(count);
  const unsigned rotation = static_cast<unsigned>(next_random(&worker->random) % count);
  for (unsigned i = 0; i < count; ++i) {
    Thread *thread = worker->fibers[(i + rotation) % count].get();
    worker->threads[i] = thread;
    thread->linear = i;
    thread->index = uint3{i % size.x, i / size.x % size.y, i / size.x / size.y};
    thread->state = State::Ready;
    thread->mask = 0;
  }
  worker->static_bytes = 0;
}

void end_block(Worker *worker)
{
  const TsanIgnore ignore;
  for (const Shared &shared : worker->shared) std::free(shared.memory);
  worker->shared.clear();
}

void run_share(Worker *worker, const std::vector<uint32_t> &order, size_t first, size_t stride)
{
  fiber_adopt(&worker->scheduler);
  tsan_release(&worker->launch_sync); /* what the host did, and this OS thread's own start */
  for (size_t i = first; i < order.size(); i += stride) {
    begin_block(worker, order[i]);
    do {
      while (run_ready(worker)) resolve_warps(worker);
    } while (resolve_barrier(worker));
    end_block(worker);
  }
}

void *take_shared(Worker *worker, const void *key, size_t bytes, size_t alignment)
{
  const TsanIgnore ignore;
  void *memory = nullptr;
  if (posix_memalign(&memory, std::max<size_t>(alignment, 16), bytes) != 0)
    fail("no memory for shared memory", __FILE__, __LINE__);
  std::memset(memory, kFill, bytes);
  worker->shared.push_back(Shared{key, memory});
  return memory;
}

void *find_shared(const Worker &worker, const void *key)
{
  for (const Shared &shared : worker.shared)
    if (shared.key == key) return shared.memory;
  return nullptr;
}

} /* namespace */

void run(const Launch &launch)
{
  static Worker *const workers = new Worker[kThreadMax]; /* never freed: fibers live on stacks */
  const uint64_t count = static_cast<uint64_t>(launch.grid.x) * launch.grid.y * launch.grid.z;
  if (count > UINT32_MAX) fail("more than 4294967295 blocks", __FILE__, __LINE__);
  uint64_t random = launch.seed;
  std::vector<uint32_t> order(static_cast<size_t>(count));
  std::iota(order.begin(), order.end(), 0u);
  for (size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[static_cast<size_t>(next_random(&random) % i)]);

  const size_t share_count = std::min(static_cast<size_t>(launch.thread_count), order.size());
  std::vector<std::thread> threads;
  for (size_t i = 0; i < share_count; ++i) {
    workers[i].launch = &launch;
    workers[i].random = next_random(&random);
    if (i > 0) threads.emplace_back(run_share, &workers[i], std::cref(order), i, share_count);
  }
  run_share(&workers[0], order, 0, share_count);
  for (std::thread &thread : threads) thread.join();
  tsan_acquire(&launch_end);
}

} /* namespace ls_emu */

using namespace ls_emu;

int ls_emu_barrier(const char *name, bool predicate, const char *file, int line)
{
  Thread *thread = running(name);
  Worker *worker = thread->worker;
  char *sync = &worker->barrier_sync[worker->barrier_generation & 1];
  thread->value = predicate;
  tsan_release(sync);
  wait(thread, State::AtBarrier, name, file, line);
  tsan_acquire(sync);
  return worker->predicate_count;
}

const uint64_t *ls_emu_exchange(const char *name, unsigned mask, uint64_t value, const char *file,
                                int line)
{
  Thread *thread = running(name);
  if ((mask >> (thread->linear & 31) & 1) == 0)
    fail("the calling lane is not in the mask", file, line);
  thread->mask = mask;
  thread->value = value;
  wait(thread, State::AtWarp, name, file, line);
  return &thread->worker->lanes[thread->linear & ~31u];
}

void ls_emu_syncwarp(unsigned mask, const char *file, int line)
{
  Thread *thread = running("__syncwarp");
  Worker *worker = thread->worker;
  const unsigned warp = thread->linear / 32;
  const int leader = mask != 0 ? __builtin_ctz(mask) : 0;
  char *sync = &worker->warp_sync[warp][leader][worker->warp_generation[warp][leader] & 1];
  tsan_release(sync);
  ls_emu_exchange("__syncwarp", mask, 0, file, line);
  tsan_acquire(sync);
}

void *ls_emu_shared(const void *key, const char *name, size_t bytes, size_t alignment)
{
  Worker *worker = running(name)->worker;
  void *memory = find_shared(*worker, key);
  if (memory) return memory;
  worker->static_bytes += bytes;
  if (worker->static_bytes > kSharedDefault)
    fail("more than 49152 bytes of static shared memory", name, 0);
  if (worker->static_bytes + worker->launch->dynamic_bytes > worker->launch->shared_bytes_max)
    fail("static and dynamic shared memory exceed what the kernel may use", name, 0);
  return take_shared(worker, key, bytes, alignment);
}

unsigned char *ls_emu_shared_dynamic()
{
  static const char key = 0;
  Worker *worker = running("dynamic shared memory")->worker;
  void *memory = find_shared(*worker, &key);
  if (!memory) memory = take_shared(worker, &key, worker->launch->dynamic_bytes, 16);
  return static_cast<unsigned char *>(memory);
}

unsigned ls_emu_lane() { return running("a warp function")->linear & 31; }

void ls_emu_yield() { leave(running("__nanosleep")); }

void ls_emu_fence()
{
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  tsan_acquire(&fence);
  tsan_release(&fence);
}

void ls_emu_trap(const char *file, int line) { fail("__trap", file, line); }
