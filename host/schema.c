/* Key tables to JSON Schema. What is YAML text in a table (defaults, schemas of custom values;
 * JSON is YAML) is read by our own reader and copied. */
#include "schema.h"
#include "json.h"
#include "tables.h"
#include <stdlib.h>
#include <string.h>

static ls_json *fields_schema(const ls_field *fields);

/* ---- YAML values as JSON ---- */

static bool is_whole(const char *text)
{
  int64_t value;
  return ls_decimal_read(text, 0, &value) == LS_OK;
}

static bool is_decimal(const char *text)
{
  int64_t value;
  return ls_decimal_read(text, 9, &value) == LS_OK;
}

static ls_json *container_json(const ls_yaml_node *node);

static void set_node(ls_json *object, const char *key, const ls_yaml_node *node)
{
  if (node->kind != LS_YAML_SCALAR)
    ls_json_set(object, key, container_json(node));
  else if (node->is_plain && is_whole(node->text))
    ls_json_set_int(object, key, strtoll(node->text, NULL, 10));
  else if (node->is_plain && is_decimal(node->text))
    ls_json_set_real(object, key, strtod(node->text, NULL));
  else if (node->is_plain && (strcmp(node->text, "true") == 0 || strcmp(node->text, "false") == 0))
    ls_json_set_bool(object, key, node->text[0] == 't');
  else
    ls_json_set_text(object, key, node->text);
}

static void append_node(ls_json *array, const ls_yaml_node *node)
{
  if (node->kind != LS_YAML_SCALAR)
    ls_json_append(array, container_json(node));
  else if (node->is_plain && is_whole(node->text))
    ls_json_append_int(array, strtoll(node->text, NULL, 10));
  else
    ls_json_append_text(array, node->text);
}

/* Recursive: the reader of YAML bounds the depth. */
static ls_json *container_json(const ls_yaml_node *node)
{
  bool is_list = node->kind == LS_YAML_LIST;
  ls_json *value = is_list ? ls_json_array() : ls_json_object();
  for (const ls_yaml_node *entry = node->first; entry; entry = entry->next)
    if (is_list)
      append_node(value, entry);
    else
      set_node(value, entry->key, entry);
  return value;
}

static void set_fallback(ls_json *schema, const char *text)
{
  ls_yaml_tree tree;
  if (ls_yaml_parse(text, strlen(text), "", &tree, NULL) != LS_OK) return;
  set_node(schema, "default", &tree.nodes[0]);
  ls_yaml_destroy(&tree);
}

/* NULL, which ends as LS_ERR_MEMORY, when there was no memory to parse the table's text. */
static ls_json *text_schema(const char *text)
{
  ls_yaml_tree tree;
  if (ls_yaml_parse(text, strlen(text), "", &tree, NULL) != LS_OK) return NULL;
  ls_json *schema = container_json(&tree.nodes[0]);
  ls_yaml_destroy(&tree);
  return schema;
}

/* ---- fields ---- */

static ls_json *typed(const char *type)
{
  ls_json *schema = ls_json_object();
  ls_json_set_text(schema, "type", type);
  return schema;
}

static void set_bound(ls_json *schema, const char *key, int64_t value, int digits)
{
  char text[32];
  ls_decimal_format(value, digits, text);
  if (strchr(text, '.'))
    ls_json_set_real(schema, key, strtod(text, NULL));
  else
    ls_json_set_int(schema, key, strtoll(text, NULL, 10));
}

static ls_json *number_schema(const ls_field *field)
{
  ls_json *schema = typed(field->digits == 0 ? "integer" : "number");
  set_bound(schema, "minimum", field->min, field->digits);
  set_bound(schema, "maximum", field->max, field->digits);
  return schema;
}

static ls_json *figure_schema(const ls_field *field)
{
  ls_field fields[LS_FIGURE_FIELD_COUNT + 1];
  ls_figure_fields(field, fields);
  ls_json *forms = ls_json_array(), *schema = ls_json_object();
  ls_json_append(forms, number_schema(field));
  ls_json_append(forms, fields_schema(fields));
  ls_json_set(schema, "oneOf", forms);
  return schema;
}

static ls_json *text_field_schema(const ls_field *field)
{
  ls_json *schema = typed("string");
  ls_json_set_int(schema, "minLength", 1);
  ls_json_set_int(schema, "maxLength", field->max);
  if (field->type == LS_FIELD_ID) ls_json_set_text(schema, "pattern", "^[a-z0-9.-]+$");
  return schema;
}

static ls_json *choice_schema(const ls_field *field)
{
  ls_json *schema = ls_json_object(), *names = ls_json_array();
  for (int32_t i = 0; field->names[i]; i++)
    if (is_whole(field->names[i]))
      ls_json_append_int(names, strtoll(field->names[i], NULL, 10));
    else
      ls_json_append_text(names, field->names[i]);
  ls_json_set(schema, "enum", names);
  return schema;
}

static ls_json *list_schema(const ls_field *field, ls_json *items)
{
  ls_json *schema = typed("array");
  ls_json_set_int(schema, "minItems", 1);
  if (field->item_max > 0) ls_json_set_int(schema, "maxItems", field->item_max);
  if (field->type != LS_FIELD_LIST) ls_json_set_bool(schema, "uniqueItems", true);
  ls_json_set(schema, "items", items);
  return schema;
}

static ls_json *value_schema(const ls_field *field)
{
  switch (field->type) {
  case LS_FIELD_NUMBER: return number_schema(field);
  case LS_FIELD_FIGURE: return figure_schema(field);
  case LS_FIELD_BOOL: return typed("boolean");
  case LS_FIELD_TEXT:
  case LS_FIELD_ID: return text_field_schema(field);
  case LS_FIELD_CHOICE: return choice_schema(field);
  case LS_FIELD_CHOICES: return list_schema(field, choice_schema(field));
  case LS_FIELD_NUMBERS: return list_schema(field, number_schema(field));
  case LS_FIELD_MAP: return fields_schema(field->fields);
  case LS_FIELD_LIST: return list_schema(field, fields_schema(field->fields));
  case LS_FIELD_CUSTOM: return text_schema(field->schema);
  }
  return NULL;
}

/* Recursive: as deep as the tables are. */
static ls_json *fields_schema(const ls_field *fields)
{
  ls_json *schema = typed("object"), *properties = ls_json_object(), *required = ls_json_array();
  for (const ls_field *field = fields; field->key; field++) {
    ls_json *value = value_schema(field);
    if (value) ls_json_set_text(value, "description", field->doc);
    if (!field->fallback)
      ls_json_append_text(required, field->key);
    else if (value && field->fallback[0] != '\0')
      set_fallback(value, field->fallback);
    ls_json_set(properties, field->key, value);
  }
  ls_json_set(schema, "properties", properties);
  ls_json_set(schema, "required", required);
  ls_json_set_bool(schema, "additionalProperties", false);
  return schema;
}

ls_status ls_schema_print(FILE *stream, const char *which, ls_error *error)
{
  static const struct {
    const char *name, *title;
    const ls_field *fields;
  } kinds[] = {{"spec", "lightspine spec", ls_spec_fields},
               {"catalog", "lightspine catalog", ls_catalog_fields},
               {"design", "lightspine design", ls_design_fields}};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    if (strcmp(which, kinds[i].name) != 0) continue;
    ls_json *body = fields_schema(kinds[i].fields);
    if (body) {
      ls_json_set_text(body, "$schema", "https://json-schema.org/draft/2020-12/schema");
      ls_json_set_text(body, "title", kinds[i].title);
    }
    return ls_json_write(body, stream, error);
  }
  return ls_error_set(error, LS_ERR_INPUT, NULL, 0, "schema",
                      "must be of spec, catalog or design, got %.60s", which);
}
