#include "draw.h"

#include <Random123/philox.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* FNV-1a. */
static uint64_t hash_text(const char *text)
{
  uint64_t hash = 14695981039346656037u;
  for (; *text; text++) hash = (hash ^ (uint8_t)*text) * 1099511628211u;
  return hash;
}

/* The place of a figure's entry in a list of the catalog; -1: it is in another. */
static int32_t entry_index(const ls_figure *figure, size_t first, size_t size, int32_t count)
{
  if (figure->offset < first || figure->offset >= first + size * (size_t)count) return -1;
  return (int32_t)((figure->offset - first) / size);
}

/* The entry's technology within its list. */
static const char *technology_of(const ls_catalog *catalog, const ls_figure *figure, char text[16])
{
  const int32_t chassis = entry_index(figure, offsetof(ls_catalog, switches),
                                      sizeof catalog->switches[0], catalog->switch_count);
  const int32_t optic = entry_index(figure, offsetof(ls_catalog, optics), sizeof catalog->optics[0],
                                    catalog->optic_count);
  if (chassis >= 0)
    return catalog->switches[chassis].integrated_optic[0] ? "integrated" : "pluggable";
  if (optic < 0) return "all";
  snprintf(text, 16, "%d", (int)catalog->optics[optic].kind);
  return text;
}

ls_draw_key ls_draw_key_of(const ls_catalog *catalog, const ls_figure *figure)
{
  char group[LS_FIGURE_PATH_MAX], kind[16];
  const bool is_first_year =
      strncmp(figure->key, "year_", 5) == 0 && strcmp(figure->key, "year_end") != 0;
  snprintf(group, sizeof group, "%s/%s/%s", figure->list, technology_of(catalog, figure, kind),
           is_first_year ? "year" : figure->key);
  return (ls_draw_key){hash_text(figure->path), hash_text(group)};
}

static philox4x32_ctr_t random_words(uint64_t seed, uint64_t draw, uint64_t what)
{
  const philox4x32_key_t key = {{(uint32_t)seed, (uint32_t)(seed >> 32)}};
  const philox4x32_ctr_t counter = {
      {(uint32_t)draw, (uint32_t)(draw >> 32), (uint32_t)what, (uint32_t)(what >> 32)}};
  return philox4x32(counter, key);
}

uint32_t ls_draw_uniform(uint64_t seed, uint64_t draw, const ls_draw_key *key)
{
  /* sqrt(0.5) of 2^32. */
  const uint32_t share = 3037000500u;
  const philox4x32_ctr_t own = random_words(seed, draw, key->own);
  return own.v[1] < share ? random_words(seed, draw, key->group).v[0] : own.v[0];
}

int64_t ls_draw_triangular(const ls_number *number, uint32_t quantile)
{
  const double low = (double)number->low, mode = (double)number->value;
  const double high = (double)number->high, width = high - low;
  const double u = ((double)quantile + 0.5) / 4294967296.0;
  if (number->high <= number->low) return number->value;
  const double x = u * width < mode - low ? low + sqrt(u * width * (mode - low))
                                          : high - sqrt((1 - u) * width * (high - mode));
  const int64_t value = (int64_t)floor(x + 0.5);
  return value < number->low ? number->low : value > number->high ? number->high : value;
}
