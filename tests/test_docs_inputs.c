/* docs/inputs.md is complete: every key of the three JSON schemas stands in the table of its block,
 * with its default and, where it has one, its range. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../host/yaml_tree.h"
#include "page.h"
#include "shim/shim.h"

/* Where the walk over a schema stands. */
typedef struct walk {
  const char *part;   /* of the page: one kind of file */
  const char *block;  /* of the part: the table that is looked in */
  const char *figure; /* of the part: the table of a figure's own keys; NULL: there are none */
  int32_t key_count;
} walk;

/* A number of a schema as people write it: 1e-06 is 0.000001. */
static const char *plain_number(const char *text)
{
  char *plain = shim_format("%.9f", strtod(text, NULL));
  size_t length = strlen(plain);
  while (plain[length - 1] == '0') plain[--length] = '\0';
  if (plain[length - 1] == '.') plain[length - 1] = '\0';
  return plain;
}

static bool has_item(const ls_yaml_node *list, const char *text)
{
  for (const ls_yaml_node *item = list ? list->first : NULL; item; item = item->next)
    if (strcmp(item->text, text) == 0) return true;
  return false;
}

/* The mapping of keys below a property: its own, or that of its list's items. */
static const ls_yaml_node *keys_of(const ls_yaml_node *property)
{
  const ls_yaml_node *items = ls_yaml_find(property, "items");
  return ls_yaml_find(items ? items : property, "properties");
}

/* "0.001..40", "low, base" or "true, false"; NULL where the page may say it in words. */
static const char *range_of(const ls_yaml_node *property)
{
  const ls_yaml_node *forms = ls_yaml_find(property, "oneOf");
  const ls_yaml_node *form = forms ? forms->first : property;
  const ls_yaml_node *least = ls_yaml_find(form, "minimum");
  const ls_yaml_node *choices = ls_yaml_find(form, "enum");
  const ls_yaml_node *type = ls_yaml_find(form, "type");
  if (forms && ls_yaml_find(forms->first->next, "pattern")) return NULL; /* a ratio */
  if (least)
    return shim_format("%s..%s", plain_number(least->text),
                       plain_number(ls_yaml_find(form, "maximum")->text));
  if (type && strcmp(type->text, "boolean") == 0) return "true, false";
  if (!choices) return NULL;
  const char *text = choices->first->text;
  for (const ls_yaml_node *item = choices->first->next; item; item = item->next)
    text = shim_format("%s, %s", text, item->text);
  return text;
}

/* NULL where the page may say it in words. */
static const char *fallback_of(const ls_yaml_node *property, bool is_required)
{
  const ls_yaml_node *fallback = ls_yaml_find(property, "default");
  if (is_required) return "required";
  if (!fallback || fallback->kind != LS_YAML_SCALAR) return NULL;
  return ls_yaml_find(property, "minimum") ? plain_number(fallback->text) : fallback->text;
}

/* The cells of a table's row after *at; false: there is not another one. */
static bool cell_next(const char **at, char **cell)
{
  const char *end = strstr(*at, " |");
  if (!end) return false;
  *cell = shim_format("%.*s", (int)(end - *at), *at);
  *at = end + (end[2] == ' ' ? 3 : 2);
  return true;
}

static void key_judge(walk *self, const char *path, const ls_yaml_node *property, bool is_required);

/* The keys of what may be written as a mapping: of a figure, whose ranges they have, or, where
 * nothing is a figure, keys of their own. */
static void figure_judge(walk *self, const char *path, const ls_yaml_node *property)
{
  const ls_yaml_node *forms = ls_yaml_find(property, "oneOf");
  const ls_yaml_node *keys = forms ? ls_yaml_find(forms->first->next, "properties") : NULL;
  for (const ls_yaml_node *key = keys ? keys->first : NULL; key; key = key->next)
    if (!self->figure)
      key_judge(self, shim_format("%s.%s", path, key->key), key, false);
    else if (!strstr(self->figure, shim_format("\n| `%s` | ", key->key)))
      LS_TEST_FAIL("docs/inputs.md, %s, ### A figure lacks | `%s` |", self->part, key->key);
}

static void key_judge(walk *self, const char *path, const ls_yaml_node *property, bool is_required)
{
  const char *row = shim_format("\n| `%s` | ", path), *at = strstr(self->block, row);
  const char *fallback = fallback_of(property, is_required), *range = range_of(property);
  char *told_fallback = NULL, *told_range = NULL;
  self->key_count++;
  if (!at) {
    LS_TEST_FAIL("docs/inputs.md, %s lacks | `%s` | %s | %s |", self->part, path,
                 fallback ? fallback : "...", range ? range : "...");
    return;
  }
  at += strlen(row);
  ASSERT_TRUE(cell_next(&at, &told_fallback) && cell_next(&at, &told_range));
  if (fallback) EXPECT_STREQ(told_fallback, fallback);
  if (range) EXPECT_STREQ(told_range, range);
  figure_judge(self, path, property);
}

/* All keys of a mapping, into the mappings inside. */
static void keys_walk(walk *self, const char *prefix, const ls_yaml_node *schema)
{
  const ls_yaml_node *keys = keys_of(schema), *items = ls_yaml_find(schema, "items");
  const ls_yaml_node *required = ls_yaml_find(items ? items : schema, "required");
  for (const ls_yaml_node *key = keys->first; key; key = key->next) {
    const char *path = shim_format("%s%s", prefix, key->key);
    if (keys_of(key))
      keys_walk(self, shim_format("%s.", path), key);
    else
      key_judge(self, path, key, has_item(required, key->key));
  }
}

/* A block is a mapping or a list of them, and has a table of its own; a design has one table. */
static void blocks_walk(walk *self, const char *page, const ls_yaml_node *schema, bool has_blocks)
{
  const ls_yaml_node *required = ls_yaml_find(schema, "required");
  for (const ls_yaml_node *key = keys_of(schema)->first; key; key = key->next) {
    const bool is_block = has_blocks && keys_of(key);
    const char *heading = is_block ? shim_format("### `%s`", key->key) : "### Top level";
    self->block = page_section(page, heading);
    if (!self->block)
      LS_TEST_FAIL("docs/inputs.md, %s lacks %s", self->part, heading);
    else if (keys_of(key))
      keys_walk(self, is_block ? "" : shim_format("%s.", key->key), key);
    else
      key_judge(self, key->key, key, has_item(required, key->key));
  }
}

static int32_t kind_walk(const char *kind, const char *part, bool has_blocks)
{
  const char *const argv[] = {LS_TEST_PROGRAM, "schema", kind, NULL};
  const char *page = shim_file_read(LS_TEST_SOURCE_DIR "/docs/inputs.md", NULL);
  walk self = {.part = part};
  shim_result result;
  ls_yaml_tree tree;
  if (!page || !shim_run(argv, NULL, &result)) return 0;
  if (ls_yaml_parse(result.out, strlen(result.out), "schema", &tree, NULL) != LS_OK) return 0;
  const char *of_kind = page_section(page, part);
  if (of_kind) self.figure = page_section(of_kind, "### A figure");
  if (of_kind) blocks_walk(&self, of_kind, &tree.nodes[0], has_blocks);
  ls_yaml_destroy(&tree);
  return self.key_count;
}

LS_TEST(Docs, every_key_of_a_spec_is_explained)
{
  EXPECT_LT_I64(80, kind_walk("spec", "## Spec", true));
}

LS_TEST(Docs, every_key_of_a_catalog_is_explained)
{
  EXPECT_LT_I64(150, kind_walk("catalog", "## Catalog", true));
}

LS_TEST(Docs, every_key_of_a_design_is_explained)
{
  EXPECT_LT_I64(12, kind_walk("design", "## Design", false));
}
