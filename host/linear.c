/* The only file that knows GLPK. Its errors, of which lack of memory is the one that a sound
 * problem can meet, leave by a long jump; its environment goes with each problem, so that nothing
 * is left behind. */
#include "linear.h"

#include <glpk.h>
#include <math.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "../kernels/compat.h"
#include "../kernels/stop_flag.h"

enum { CHUNK = 2000 /* iterations of the simplex method between looks at the stop flag */ };

/* Smaller than what parts two sums that count, larger than what rounding makes of equal ones. */
#define SUM_TOLERANCE 1e-9

typedef struct search {
  const ls_linear *problem;
  const ls_linear_limits *limits;
  glp_prob *glpk;
  int64_t nodes;
  bool is_stopped;
} search;

static int say_nothing(void *info, const char *text)
{
  (void)info;
  (void)text;
  return 1;
}

static void leave(void *info) { longjmp(*(jmp_buf *)info, 1); }

static bool is_stop(const search *self) { return ls_is_stopped(self->limits->stop); }

/* ---- The problem ---- */

static int bounds_kind(double low, double high)
{
  if (isinf(low)) return isinf(high) ? GLP_FR : GLP_UP;
  if (isinf(high)) return GLP_LO;
  return low < high ? GLP_DB : GLP_FX;
}

static void rows_fill(glp_prob *glpk, const ls_linear *problem)
{
  int longest = 0;
  for (int32_t i = 0; i < problem->row_count; i++)
    longest = (int)ls_max(longest, problem->row_first[i + 1] - problem->row_first[i]);
  /* Of GLPK, so that a jump out of it frees them with all else; counted from 1 as it does. */
  int *column = glp_alloc(longest + 1, sizeof *column);
  double *value = glp_alloc(longest + 1, sizeof *value);
  for (int32_t i = 0; i < problem->row_count; i++) {
    const int32_t first = problem->row_first[i], count = problem->row_first[i + 1] - first;
    for (int32_t k = 0; k < count; k++) {
      column[k + 1] = problem->column[first + k] + 1;
      value[k + 1] = problem->value[first + k];
    }
    glp_set_row_bnds(glpk, i + 1, bounds_kind(problem->row_low[i], problem->row_high[i]),
                     problem->row_low[i], problem->row_high[i]);
    glp_set_mat_row(glpk, i + 1, count, column, value);
  }
  glp_free(value);
  glp_free(column);
}

static glp_prob *problem_fill(const ls_linear *problem)
{
  glp_prob *glpk = glp_create_prob();
  if (problem->row_count) glp_add_rows(glpk, problem->row_count);
  if (problem->column_count) glp_add_cols(glpk, problem->column_count);
  for (int32_t j = 0; j < problem->column_count; j++) {
    glp_set_obj_coef(glpk, j + 1, problem->cost[j]);
    glp_set_col_bnds(glpk, j + 1, bounds_kind(problem->low[j], problem->high[j]), problem->low[j],
                     problem->high[j]);
    if (problem->is_whole && problem->is_whole[j]) glp_set_col_kind(glpk, j + 1, GLP_IV);
  }
  rows_fill(glpk, problem);
  return glpk;
}

/* ---- The basis ---- */

/* Rows that are new do not bind yet. */
static void basis_set(glp_prob *glpk, const ls_linear_basis *basis)
{
  for (int j = 1; j <= glp_get_num_cols(glpk); j++) glp_set_col_stat(glpk, j, basis->column[j - 1]);
  for (int i = 1; i <= glp_get_num_rows(glpk); i++)
    glp_set_row_stat(glpk, i, i <= basis->row_count ? basis->row[i - 1] : GLP_BS);
}

static void basis_keep(glp_prob *glpk, ls_linear_basis *basis)
{
  basis->row_count = glp_get_num_rows(glpk);
  for (int j = 1; j <= glp_get_num_cols(glpk); j++)
    basis->column[j - 1] = (int8_t)glp_get_col_stat(glpk, j);
  for (int i = 1; i <= basis->row_count; i++) basis->row[i - 1] = (int8_t)glp_get_row_stat(glpk, i);
}

/* ---- The search ---- */

/* In chunks, each of which goes on where the one before ended. Returns GLPK's code. */
static int simplex_run(search *self, int method, int64_t *left)
{
  glp_smcp how;
  glp_init_smcp(&how);
  how.msg_lev = GLP_MSG_OFF;
  how.meth = method;
  int code = GLP_EITLIM;
  while (code == GLP_EITLIM && *left > 0 && !is_stop(self)) {
    how.it_lim = (int)ls_min(*left, CHUNK);
    *left -= how.it_lim;
    code = glp_simplex(self->glpk, &how);
  }
  return code;
}

/* By the dual simplex method; where rounding stops that one, by the primal one from the start. */
static ls_status relaxation_solve(search *self, const ls_linear_basis *basis)
{
  int64_t left = self->limits->iterations ? self->limits->iterations : INT64_MAX;
  glp_scale_prob(self->glpk, GLP_SF_GM | GLP_SF_EQ | GLP_SF_2N);
  if (basis && basis->row_count)
    basis_set(self->glpk, basis);
  else
    glp_adv_basis(self->glpk, 0);
  int code = simplex_run(self, GLP_DUALP, &left);
  if (code != 0 && code != GLP_EITLIM) {
    glp_std_basis(self->glpk);
    code = simplex_run(self, GLP_PRIMAL, &left);
  }
  if (code == GLP_EITLIM) return LS_ERR_STOPPED;
  if (code != 0) return LS_ERR_INTERNAL;
  const int status = glp_get_status(self->glpk);
  if (status == GLP_OPT) return LS_OK;
  return status == GLP_NOFEAS ? LS_ERR_NO : LS_ERR_INTERNAL;
}

static void at_node(glp_tree *tree, void *info)
{
  search *self = info;
  if (glp_ios_reason(tree) != GLP_ISELECT) return;
  self->nodes++;
  if (!is_stop(self) && (!self->limits->nodes || self->nodes <= self->limits->nodes)) return;
  self->is_stopped = true;
  glp_ios_terminate(tree);
}

static ls_status whole_solve(search *self)
{
  glp_iocp how;
  glp_init_iocp(&how);
  how.msg_lev = GLP_MSG_OFF;
  how.tol_obj = SUM_TOLERANCE;
  how.cb_func = at_node;
  how.cb_info = self;
  const int code = glp_intopt(self->glpk, &how);
  if (self->is_stopped) return LS_ERR_STOPPED;
  if (code != 0) return LS_ERR_INTERNAL;
  const int status = glp_mip_status(self->glpk);
  if (status == GLP_OPT) return LS_OK;
  return status == GLP_NOFEAS ? LS_ERR_NO : LS_ERR_INTERNAL;
}

static void answer_fill(const search *self, bool is_whole, ls_linear_answer *answer)
{
  answer->nodes = self->nodes;
  answer->sum = is_whole ? glp_mip_obj_val(self->glpk) : glp_get_obj_val(self->glpk);
  for (int32_t j = 0; answer->x && j < self->problem->column_count; j++)
    answer->x[j] =
        is_whole ? glp_mip_col_val(self->glpk, j + 1) : glp_get_col_prim(self->glpk, j + 1);
  for (int32_t i = 0; answer->dual && !is_whole && i < self->problem->row_count; i++)
    answer->dual[i] = glp_get_row_dual(self->glpk, i + 1);
}

static ls_status solve(search *self, ls_linear_answer *answer)
{
  self->glpk = problem_fill(self->problem);
  const bool is_whole = glp_get_num_int(self->glpk) > 0;
  ls_status status = relaxation_solve(self, answer->basis);
  if (status == LS_OK && answer->basis) basis_keep(self->glpk, answer->basis);
  if (status == LS_OK && is_whole) status = whole_solve(self);
  if (status == LS_OK) answer_fill(self, is_whole, answer);
  return status;
}

ls_status ls_linear_solve(const ls_linear *problem, const ls_linear_limits *limits,
                          ls_linear_answer *answer)
{
  static const ls_linear_limits none;
  jmp_buf escape;
  ls_status status = LS_ERR_MEMORY;
  search self = {.problem = problem, .limits = limits ? limits : &none};
  if (setjmp(escape) == 0) {
    glp_term_hook(say_nothing, NULL);
    glp_error_hook(leave, &escape);
    if (self.limits->memory_mb > 0) glp_mem_limit(self.limits->memory_mb);
    status = solve(&self, answer);
  } else {
    status = LS_ERR_MEMORY;
  }
  glp_free_env(); /* with the problem and its hooks */
  return status;
}
