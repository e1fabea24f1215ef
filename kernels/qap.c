#include "qap.h"

#include "isa.h"
#include "qap_search.h"

const ls_qap_functions *ls_qap_functions_choose(ls_qap_width width)
{
  static const ls_qap_functions *(*const search[LS_ISA_COUNT])(ls_qap_width) =
      LS_ISA_TABLE(ls_qap_search);
  return search[ls_isa_choose()](width);
}
