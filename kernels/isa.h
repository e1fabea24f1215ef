/* Which instruction set the vector code of the CPU uses: the best the processor has, or what
 * LS_ISA=scalar|avx2|avx512 in the environment forces. */
#ifndef LS_ISA_H
#define LS_ISA_H

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ls_isa { LS_ISA_SCALAR, LS_ISA_AVX2, LS_ISA_AVX512, LS_ISA_COUNT } ls_isa;

ls_isa ls_isa_choose(void);

/* "scalar", "avx2", "avx512" */
const char *ls_isa_name(ls_isa isa);

/* A table of one function's variants, by ls_isa: name_scalar, name_avx2, name_avx512. */
#ifdef LS_HAVE_X86_ISA
#define LS_ISA_TABLE(name)                                                                         \
  {                                                                                                \
    name##_scalar, name##_avx2, name##_avx512                                                      \
  }
#else
#define LS_ISA_TABLE(name)                                                                         \
  {                                                                                                \
    name##_scalar, name##_scalar, name##_scalar                                                    \
  }
#endif

#ifdef __cplusplus
}
#endif
#endif
