/* The searches of qap.h, compiled once per instruction set from qap_search.c. */
#ifndef LS_QAP_SEARCH_H
#define LS_QAP_SEARCH_H

#include "qap.h"

const ls_qap_functions *ls_qap_search_scalar(ls_qap_width width);
const ls_qap_functions *ls_qap_search_avx2(ls_qap_width width);
const ls_qap_functions *ls_qap_search_avx512(ls_qap_width width);

#endif
