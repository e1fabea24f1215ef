#include "resilience.h"

#include <stdlib.h>

#include "resilience_net.h"

const char *const ls_failing_names[LS_FAILING_KIND_COUNT] = {
    "port", "engine", "laser module", "laser", "chassis", "ocs", "tray"};

static double share_of(const ls_resilience_net *of, const ls_failure_loss *loss)
{
  return (double)loss->left / (double)(of->net.plane_count * LS_FAILURE_WHOLE);
}

/* ---- All draws of a row ---- */

static int compare(const void *a, const void *b)
{
  const int64_t x = ((const ls_failure_loss *)a)->left, y = ((const ls_failure_loss *)b)->left;
  return (x > y) - (x < y);
}

/* Sums in the order of draws, then quantiles. */
static void row_fill(const ls_resilience_net *of, ls_failure_loss *losses, int32_t count,
                     ls_resilience_row *row)
{
  for (int32_t i = 0; i < count; i++) {
    row->mean += share_of(of, &losses[i]) / count;
    row->gpu_mean += (double)losses[i].access_links / count;
  }
  qsort(losses, (size_t)count, sizeof *losses, compare);
  row->median = share_of(of, &losses[count / 2]);
  row->worst_percent = share_of(of, &losses[count / 100]);
  row->worst_permille = share_of(of, &losses[count / 1000]);
  row->least = share_of(of, &losses[0]);
}

/* The backend's draws, or the CPU's where a GPU fails that nobody insists on. */
static ls_status row_draw(const ls_resilience_net *of, const ls_resilience_options *options,
                          int32_t failures, ls_failure_loss *losses, ls_resilience *found)
{
  const ls_failure_batch batch = {.net = &of->net,
                                  .seed = options->seed,
                                  .failures = failures,
                                  .draw_count = options->draw_count};
  const ls_score_options how = {.thread_count = options->thread_count, .stop = options->stop};
  const ls_status status = found->backend->fail(&batch, &how, losses);
  if (status != LS_ERR_DEVICE || options->is_backend_forced) return status;
  found->backend = &ls_backend_cpu;
  return ls_backend_cpu.fail(&batch, &how, losses);
}

static ls_status rows_draw(const ls_resilience_net *of, const ls_resilience_options *options,
                           ls_resilience *found)
{
  ls_failure_loss *losses = malloc((size_t)options->draw_count * sizeof *losses);
  ls_status status = losses ? LS_OK : LS_ERR_MEMORY;
  for (int32_t i = 0; status == LS_OK && i < options->row_count; i++) {
    found->rows[i].failures = options->failures[i];
    status = row_draw(of, options, options->failures[i], losses, found);
    if (status == LS_OK) row_fill(of, losses, options->draw_count, &found->rows[i]);
  }
  free(losses);
  return status;
}

/* ---- The worst single failure ---- */

static ls_status singles_find(const ls_resilience_net *of, ls_resilience *found)
{
  void *memory = calloc(1, ls_failure_state_bytes(&of->net) + 8);
  if (!memory) return LS_ERR_MEMORY;
  ls_failure_state state = ls_failure_state_at(&of->net, memory);
  for (int32_t i = 0; i < of->net.part_count; i++) {
    ls_resilience_single *single = &found->singles[of->about[i].kind];
    ls_failure_part_fail(&of->net, &state, i);
    const ls_failure_loss loss = ls_failure_measure(&of->net, &state);
    const double left = share_of(of, &loss);
    ls_failure_clear(&state);
    if (!single->count || left < single->least ||
        (left == single->least && loss.access_links > single->gpu_count)) {
      single->least = left;
      single->gpu_count = loss.access_links;
      ls_resilience_net_where(of, i, single->where);
    }
    single->count += of->about[i].count;
    single->fit += of->about[i].fit;
  }
  free(memory);
  return LS_OK;
}

ls_status ls_resilience_measure(const char *path, const ls_resilience_options *options,
                                ls_resilience *found, ls_error *error)
{
  const bool is_all = options->drawn == LS_FAILING_KIND_COUNT;
  ls_resilience_net net = {0};
  *found = (ls_resilience){.backend = options->backend};
  ls_record *record = calloc(1, sizeof *record);
  if (!record) return ls_error_set(error, LS_ERR_MEMORY, path, 0, NULL, "no memory to read it");
  ls_status status = ls_record_read(path, LS_RECORD_FLAT, record, error);
  if (status == LS_OK) status = ls_record_check_links(record, path, error);
  if (status != LS_OK) goto cleanup;
  status = ls_resilience_net_create(record, options->drawn, &net);
  if (status == LS_ERR_NO)
    ls_error_set(error, status, path, 0, NULL, "has no %s that can fail",
                 is_all ? "part" : ls_failing_names[options->drawn]);
  if (status == LS_OK) status = singles_find(&net, found);
  if (status == LS_OK) status = rows_draw(&net, options, found);
  if (status == LS_ERR_MEMORY)
    ls_error_set(error, status, path, 0, NULL, "no memory for its failures");
  if (status == LS_ERR_DEVICE) ls_error_set(error, status, NULL, 0, "--backend", "the GPU failed");
  if (status == LS_ERR_STOPPED) ls_error_set(error, status, path, 0, NULL, "stopped");
cleanup:
  ls_resilience_net_destroy(&net);
  ls_record_destroy(record);
  free(record);
  return status;
}
