#include "resilience_json.h"

static ls_json *row_json(const ls_resilience_row *row)
{
  ls_json *object = ls_json_object();
  ls_json_set_int(object, "failures", row->failures);
  ls_json_set_real(object, "mean", row->mean);
  ls_json_set_real(object, "median", row->median);
  ls_json_set_real(object, "worst_percent", row->worst_percent);
  ls_json_set_real(object, "worst_permille", row->worst_permille);
  ls_json_set_real(object, "least", row->least);
  ls_json_set_real(object, "gpus_without_a_plane_mean", row->gpu_mean);
  return object;
}

static ls_json *single_json(const ls_resilience_single *single, const char *name)
{
  ls_json *object = ls_json_object();
  ls_json_set_text(object, "part", name);
  ls_json_set_int(object, "count", single->count);
  if (single->fit > 0)
    ls_json_set_real(object, "fit", single->fit);
  else
    ls_json_set_null(object, "fit");
  ls_json_set_real(object, "least", single->least);
  ls_json_set_int(object, "gpus_without_a_plane", single->gpu_count);
  ls_json_set_text(object, "where", single->where);
  return object;
}

const char *ls_resilience_drawn(const ls_resilience_options *options)
{
  return options->drawn == LS_FAILING_KIND_COUNT ? "all" : ls_failing_names[options->drawn];
}

void ls_resilience_set(const ls_resilience_options *options, const ls_resilience *found,
                       ls_json *object)
{
  ls_json *rows = ls_json_array(), *singles = ls_json_array();
  ls_json_set_int(object, "seed", (int64_t)options->seed);
  ls_json_set_int(object, "draws", options->draw_count);
  ls_json_set_text(object, "of", ls_resilience_drawn(options));
  for (int32_t i = 0; i < options->row_count; i++) ls_json_append(rows, row_json(&found->rows[i]));
  for (int32_t i = 0; i < LS_FAILING_KIND_COUNT; i++)
    if (found->singles[i].count)
      ls_json_append(singles, single_json(&found->singles[i], ls_failing_names[i]));
  ls_json_set(object, "surviving", rows);
  ls_json_set(object, "single_failures", singles);
}
