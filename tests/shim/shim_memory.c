/* Memory that runs out when a test says so: the linker sends every malloc and calloc of the test
 * binary's own objects here (--wrap, tests/CMakeLists.txt). */
#include "shim.h"
#include <stdatomic.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);

static atomic_int left; /* until one fails; 0: none does */

void shim_memory_fail(int nth) { atomic_store(&left, nth); }

static bool is_failing(void)
{
  if (atomic_load(&left) == 0) return false;
  return atomic_fetch_sub(&left, 1) == 1;
}

void *__wrap_malloc(size_t size) { return is_failing() ? NULL : __real_malloc(size); }

void *__wrap_calloc(size_t count, size_t size)
{
  return is_failing() ? NULL : __real_calloc(count, size);
}
