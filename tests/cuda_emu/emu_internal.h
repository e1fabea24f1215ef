/* What the parts of the emulator know of each other: sanitizers, fibers, a launch. No kernel and no
 * test includes it. */
#ifndef LS_EMU_INTERNAL_H
#define LS_EMU_INTERNAL_H

#include <cstddef>
#include <cstdint>

#include "cuda_runtime.h"

/* The sanitizers' runtimes, null where the program was built without them. */
extern "C" {
#define LS_EMU_WEAK __attribute__((weak))
LS_EMU_WEAK void __sanitizer_start_switch_fiber(void **fake, const void *bottom, size_t bytes);
LS_EMU_WEAK void __sanitizer_finish_switch_fiber(void *fake, const void **bottom, size_t *bytes);
LS_EMU_WEAK void __asan_poison_memory_region(const volatile void *address, size_t bytes);
LS_EMU_WEAK void __asan_unpoison_memory_region(const volatile void *address, size_t bytes);
LS_EMU_WEAK void *__tsan_get_current_fiber(void);
LS_EMU_WEAK void *__tsan_create_fiber(unsigned flags);
LS_EMU_WEAK void __tsan_switch_to_fiber(void *fiber, unsigned flags);
LS_EMU_WEAK void __tsan_acquire(void *address);
LS_EMU_WEAK void __tsan_release(void *address);
LS_EMU_WEAK void AnnotateIgnoreReadsBegin(const char *file, int line);
LS_EMU_WEAK void AnnotateIgnoreReadsEnd(const char *file, int line);
LS_EMU_WEAK void AnnotateIgnoreWritesBegin(const char *file, int line);
LS_EMU_WEAK void AnnotateIgnoreWritesEnd(const char *file, int line);
}

namespace ls_emu
{

inline void tsan_acquire(void *object)
{
  if (__tsan_acquire) __tsan_acquire(object);
}

inline void tsan_release(void *object)
{
  if (__tsan_release) __tsan_release(object);
}

/* Within its scope TSan takes what the emulator does to memory for nobody's access; memory
 * allocated or freed forgets who touched it. */
class TsanIgnore
{
public:
  TsanIgnore()
  {
    if (AnnotateIgnoreWritesBegin) {
      AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
      AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
    }
  }
  ~TsanIgnore()
  {
    if (AnnotateIgnoreWritesBegin) {
      AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
      AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
    }
  }
  TsanIgnore(const TsanIgnore &) = delete;
  TsanIgnore &operator=(const TsanIgnore &) = delete;
};

/* A stack that can be left and entered again. home is the scheduler every other fiber returns
 * to; a scheduler's own fiber has home = itself and no stack of its own. */
struct Fiber {
  void *context; /* stack pointer, or ucontext_t */
  const void *stack;
  size_t stack_bytes;
  void *tsan;
  void *asan_fake_stack;
  Fiber *home;
  void (*entry)(void *);
  void *argument;
};

/* Gives *fiber a stack between guard pages. entry never returns. Aborts without memory. */
void fiber_create(Fiber *fiber, Fiber *home, void (*entry)(void *), void *argument);

/* Makes *fiber stand for the calling OS thread. */
void fiber_adopt(Fiber *fiber);

/* One of the two is the other's home; from is the running one. */
void fiber_switch(Fiber *from, Fiber *to);

/* A checked launch, on thread_count OS threads. */
struct Launch {
  dim3 grid, block;
  size_t dynamic_bytes;
  size_t shared_bytes_max; /* static and dynamic together */
  void (*invoke)(void *);
  void *context;
  uint64_t seed;
  int thread_count;
};

inline constexpr int kThreadMax = 8;
inline constexpr size_t kSharedDefault = 48 * 1024;
inline constexpr unsigned char kFill = 0xCD;

/* Runs every thread of every block, then returns. Not reentrant. */
void run(const Launch &launch);

} /* namespace ls_emu */

#endif
