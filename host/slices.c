#include "slices.h"

#include "reliability.h"

#define SURE_PPT INT64_C(990000000000)
#define PPT_OF_MICRO INT64_C(1000000)

/* Slices of so many parts each, of parts that are up with a probability. */
static ls_status kind_compute(int32_t parts, int32_t parts_of_slice, int64_t part_ppt,
                              ls_slices_kind *kind)
{
  int64_t sum = 0, at_least = 0;
  ls_status status = ls_availability_k_of_n_ppt(part_ppt, parts_of_slice, parts, &kind->one_ppt);
  kind->sure_count = 0;
  for (int32_t i = 1; status == LS_OK && i <= parts / parts_of_slice; i++) {
    status = ls_availability_k_of_n_ppt(part_ppt, i * parts_of_slice, parts, &at_least);
    sum += at_least;
    if (at_least >= SURE_PPT) kind->sure_count = i;
  }
  kind->mean_micro = (sum + PPT_OF_MICRO / 2) / PPT_OF_MICRO;
  return status;
}

ls_status ls_slices_compute(int32_t cube_count, int32_t slice_cubes, int64_t cube_ppt,
                            ls_slices *slices)
{
  if (slice_cubes < 1 || slice_cubes > cube_count || cube_count > LS_SLICES_CUBES_MAX ||
      cube_ppt < 0 || cube_ppt > LS_PPT_ONE)
    return LS_ERR_INPUT;
  const int64_t fixed_ppt = ls_availability_series_ppt(cube_ppt, slice_cubes);
  *slices = (ls_slices){.cubes = slice_cubes, .slices_max = cube_count / slice_cubes};
  ls_status status = kind_compute(slices->slices_max, 1, fixed_ppt, &slices->wired);
  slices->wired.one_ppt = fixed_ppt;
  if (status == LS_OK) status = kind_compute(cube_count, slice_cubes, cube_ppt, &slices->switched);
  return status;
}
