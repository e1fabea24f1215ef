/* What a change of figures reaches: so that a question need not be asked anew for designs whose
 * scores it leaves alone. */
#ifndef LS_FIGURE_EFFECT_H
#define LS_FIGURE_EFFECT_H

#include "../kernels/problem.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What differs between the rows of two problems of the same space. */
typedef struct ls_figure_effect {
  uint32_t switches, optics, ocs; /* bits of rows that differ */
  bool is_global;                 /* something else differs, too: any design may be reached */
  bool is_nowhere_better;         /* no design can score less, or violate less, than before */
} ls_figure_effect;

ls_figure_effect ls_figure_effect_of(const ls_problem *before, const ls_problem *after);

/* The optics that the structure's options are made of, as bits. O(options). */
uint32_t ls_structure_optics(const ls_problem *problem, const ls_structure *structure);

/* Whether designs of the structure may be reached; optics is its ls_structure_optics. */
bool ls_figure_effect_reaches(const ls_figure_effect *effect, const ls_structure *structure,
                              uint32_t optics);

#ifdef __cplusplus
}
#endif
#endif
