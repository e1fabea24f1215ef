/* Fibers: a stack switch of six pushes and pops on x86-64, ucontext elsewhere or where
 * LS_EMU_UCONTEXT is defined, each told to ASan and TSan.
 *
 * TSan sees each fiber as a thread of its own, and a switch without synchronisation
 * (flag 1), so that only barriers order the threads of a block. */
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "emu_internal.h"

#if !defined(__x86_64__) && !defined(LS_EMU_UCONTEXT)
#define LS_EMU_UCONTEXT
#endif

#ifdef LS_EMU_UCONTEXT
#include <ucontext.h>
#else
extern "C" void ls_emu_switch_stack(void **from, void *to);
asm(R"(
.text
.p2align 4
.globl ls_emu_switch_stack
.type ls_emu_switch_stack, @function
ls_emu_switch_stack:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size ls_emu_switch_stack, .-ls_emu_switch_stack
)");
#endif

namespace ls_emu
{

namespace
{

constexpr size_t kStackBytes = 128 * 1024;

__thread Fiber *starting; /* read once, by the fiber itself, before any switch */

[[noreturn]] void fail(const char *what)
{
  std::fprintf(stderr, "cuda_emu: %s\n", what);
  std::abort();
}

void enter_fiber()
{
  Fiber *fiber = starting;
  if (__sanitizer_finish_switch_fiber)
    __sanitizer_finish_switch_fiber(nullptr, &fiber->home->stack, &fiber->home->stack_bytes);
  fiber->entry(fiber->argument);
  fail("a fiber has returned");
}

/* Inaccessible pages lie below the stack; above it lie those of the next. */
char *map_stack()
{
  const TsanIgnore ignore;
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  void *base = mmap(nullptr, page + kStackBytes, PROT_NONE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (base == MAP_FAILED) fail("no memory for a stack");
  char *stack = static_cast<char *>(base) + page;
  if (mprotect(stack, kStackBytes, PROT_READ | PROT_WRITE) != 0)
    fail("a stack cannot be made writable");
  return stack;
}

#ifdef LS_EMU_UCONTEXT
void *make_context(char *stack)
{
  ucontext_t *context = new ucontext_t;
  getcontext(context);
  context->uc_stack.ss_sp = stack;
  context->uc_stack.ss_size = kStackBytes;
  context->uc_link = nullptr;
  makecontext(context, enter_fiber, 0);
  return context;
}

void switch_context(Fiber *from, Fiber *to)
{
  if (!from->context) from->context = new ucontext_t;
  swapcontext(static_cast<ucontext_t *>(from->context), static_cast<ucontext_t *>(to->context));
}
#else
/* Six zero registers and the address that `ret` takes; the callee then finds
 * rsp = 8 modulo 16, as after a call. */
void *make_context(char *stack)
{
  void **top = reinterpret_cast<void **>(stack + kStackBytes) - 2;
  top[0] = reinterpret_cast<void *>(enter_fiber);
  return top - 6;
}

void switch_context(Fiber *from, Fiber *to) { ls_emu_switch_stack(&from->context, to->context); }
#endif

} /* namespace */

void fiber_create(Fiber *fiber, Fiber *home, void (*entry)(void *), void *argument)
{
  char *stack = map_stack();
  *fiber = Fiber{make_context(stack), stack, kStackBytes, nullptr, nullptr, home, entry, argument};
  if (__tsan_create_fiber) fiber->tsan = __tsan_create_fiber(0);
}

void fiber_adopt(Fiber *fiber)
{
  fiber->home = fiber;
  fiber->tsan = __tsan_get_current_fiber ? __tsan_get_current_fiber() : nullptr;
}

void fiber_switch(Fiber *from, Fiber *to)
{
  starting = to;
  if (__sanitizer_start_switch_fiber)
    __sanitizer_start_switch_fiber(&from->asan_fake_stack, to->stack, to->stack_bytes);
  if (__tsan_switch_to_fiber) __tsan_switch_to_fiber(to->tsan, 1);
  switch_context(from, to);
  if (__sanitizer_finish_switch_fiber)
    __sanitizer_finish_switch_fiber(from->asan_fake_stack, &to->stack, &to->stack_bytes);
}

} /* namespace ls_emu */
