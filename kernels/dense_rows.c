#include "dense_rows.h"

#include "isa.h"

ls_dense_zeros *ls_dense_zeros_choose(void)
{
#ifdef LS_HAVE_X86_ISA
  static ls_dense_zeros *const table[LS_ISA_COUNT] = {NULL, ls_dense_zeros_avx2,
                                                      ls_dense_zeros_avx512};
  return table[ls_isa_choose()];
#else
  return NULL;
#endif
}
