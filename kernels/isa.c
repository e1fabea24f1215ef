#include "isa.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[LS_ISA_COUNT] = {"scalar", "avx2", "avx512"};

const char *ls_isa_name(ls_isa isa) { return names[isa]; }

#ifdef LS_HAVE_X86_ISA
static ls_isa processor_best(void)
{
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
  if (!has_avx2) return LS_ISA_SCALAR;
  const bool has_avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                          __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  return has_avx512 ? LS_ISA_AVX512 : LS_ISA_AVX2;
}
#else
static ls_isa processor_best(void) { return LS_ISA_SCALAR; }
#endif

ls_isa ls_isa_choose(void)
{
  const ls_isa best = processor_best();
  const char *forced = getenv("LS_ISA");
  for (int isa = 0; forced && isa <= (int)best; isa++)
    if (strcmp(forced, names[isa]) == 0) return (ls_isa)isa;
  return best;
}
