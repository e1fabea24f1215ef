/* Between mix.c and the files that prepare its choice alone. */
#ifndef LS_MIX_TABLES_H
#define LS_MIX_TABLES_H

#include "choice.h"
#include "topology_build.h"

enum {
  LS_MIX_MODELS = 5, /* chassis of a kind of box */
  LS_MIX_LINKS = 10, /* link options of a tier */
  LS_MIX_UNIT = 960  /* of a cage or of a resource: what a port of a module draws is whole */
};

/* What the boxes and bundles of one topology may be. The first model of a kind and the first link
 * of a tier are those of its rank. */
typedef struct ls_mix {
  ls_topology_build build;
  int32_t without;
  int32_t box_first; /* node of box 0 */
  int32_t model_count[LS_NODE_KIND_COUNT];
  int32_t model[LS_NODE_KIND_COUNT][LS_MIX_MODELS];
  int32_t link_count[LS_TIER_MAX]; /* 0: the tier is not chosen */
  uint16_t link[LS_TIER_MAX][LS_MIX_LINKS];
  int64_t end_cents[LS_TIER_MAX][2][LS_OPTIC_MAX]; /* over the years, of one link's end */
  int32_t bundle_count, class_count;
  int32_t *edge;        /* [bundle_count] by tier, length and place */
  int32_t *class_first; /* [class_count + 1] bundles of one tier and length */
  bool has_news; /* something is cheaper than what the rank says, or holds where that fails */
  /* The choice, and of each option of its boxes the model, of its bundles the link. */
  ls_choice choice;
  ls_choice_box *boxes;
  ls_choice_bundle *bundles;
  ls_choice_option *options;
  int32_t *meaning;
  ls_choice_draw *draws;
  int64_t *limits;
  int32_t *box_start, *bundle_start;
  int32_t box_option[LS_NODE_KIND_COUNT]; /* first option of each kind of box */
  int32_t capex_cap, power_cap;           /* of the spec's limits, -1: none */
} ls_mix;

/* Whether a box of a kind may be this model by its ports, protocol, year and what it is without. */
bool ls_mix_model_fits(const ls_mix *mix, ls_node_kind kind, int32_t model);

/* Over the years one chassis of a model, where there are as many as in the uniform design. */
int64_t ls_mix_box_cents(const ls_mix *mix, ls_node_kind kind, int32_t model);

/* Finds models, links and classes of bundles. LS_ERR_MEMORY. */
ls_status ls_mix_find(ls_mix *mix);

/* A bundle as this link option, at its places; returns what it violates. */
uint32_t ls_mix_try(const ls_mix *mix, const ls_edge *edge, int32_t link, ls_edge *tried);

/* Cents over the years of one link of a tier as this option; cord_cents: of its cord. */
int64_t ls_mix_link_cents(const ls_mix *mix, int32_t tier, int32_t link, int64_t cord_cents);

/* Models of the kind at an end of a tier's links that take the optics of an option, as bits; an end
 * at a rack: 1 where NICs do. */
uint32_t ls_mix_takers(const ls_mix *mix, int32_t tier, int32_t end, int32_t link);

/* The kind of device at an end of a tier's links. */
ls_node_kind ls_mix_kind_at(const ls_mix *mix, int32_t tier, int32_t end);

/* Fills the choice. LS_ERR_MEMORY. */
ls_status ls_mix_fill(ls_mix *mix);

void ls_mix_destroy(ls_mix *mix);

#endif
