/* Reads YAML trees into structs by key tables. Knows no key of ours: the tables are in spec.c
 * and catalog.c. */
#include "fields.h"
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define NAME_BYTES_MAX 60 /* of a name that is compared */
#define LIST_BYTES 240    /* of names between commas */

size_t ls_field_enter(ls_field_reader *reader, const char *key)
{
  size_t length = strlen(reader->path);
  (void)snprintf(reader->path + length, sizeof reader->path - length, "%s%s", length > 0 ? "." : "",
                 key);
  return length;
}

size_t ls_field_enter_index(ls_field_reader *reader, int32_t index)
{
  size_t length = strlen(reader->path);
  (void)snprintf(reader->path + length, sizeof reader->path - length, "[%d]", (int)index);
  return length;
}

void ls_field_leave(ls_field_reader *reader, size_t length) { reader->path[length] = '\0'; }

static int32_t node_line(const ls_field_reader *reader, const ls_yaml_node *node)
{
  return node ? node->line : reader->line;
}

ls_status ls_field_refuse(const ls_field_reader *reader, const ls_yaml_node *node,
                          const char *format, ...)
{
  char text[400];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  return ls_error_set(reader->error, LS_ERR_INPUT, reader->tree->path, node_line(reader, node),
                      reader->path[0] ? reader->path : NULL, "%s", text);
}

ls_status ls_field_refuse_got(const ls_field_reader *reader, const ls_yaml_node *node,
                              const char *expected)
{
  char word[LS_YAML_QUOTE_BYTES];
  if (!node) return ls_field_refuse(reader, node, "%s, got nothing", expected);
  if (node->kind == LS_YAML_LIST && node->count == 0)
    return ls_field_refuse(reader, node, "%s, got an empty list", expected);
  if (node->kind == LS_YAML_LIST)
    return ls_field_refuse(reader, node, "%s, got a list of %d", expected, (int)node->count);
  if (node->kind == LS_YAML_MAP)
    return ls_field_refuse(reader, node, "%s, got a mapping", expected);
  if (node->is_plain && node->text[0] == '\0')
    return ls_field_refuse(reader, node, "%s, got nothing", expected);
  ls_yaml_quote(node->text, word);
  return ls_field_refuse(reader, node, node->is_plain ? "%s, got %s" : "%s, got the text \"%s\"",
                         expected, word);
}

/* value = 10 * value + digit, false beyond 64 bits. */
static bool push_digit(int64_t *value, int digit)
{
  return !__builtin_mul_overflow(*value, (int64_t)10, value) &&
         !__builtin_add_overflow(*value, (int64_t)digit, value);
}

/* A plain decimal number: sign, digits, fraction. No leading zero (octal to some readers of
 * YAML), exponent, hexadecimal, underscore, NaN or infinity. *point: index of '.' or length. */
static bool is_decimal(const char *digits_text, size_t *point, size_t *length)
{
  size_t whole = strspn(digits_text, "0123456789");
  size_t end = whole;
  if (digits_text[whole] == '.') {
    size_t fraction = strspn(digits_text + whole + 1, "0123456789");
    if (fraction == 0) return false;
    end = whole + 1 + fraction;
  }
  *point = whole;
  *length = end;
  return end > 0 && digits_text[end] == '\0' && !(whole > 1 && digits_text[0] == '0');
}

ls_status ls_decimal_read(const char *text, int digits, int64_t *value)
{
  bool is_negative = text[0] == '-';
  if (text[0] == '-' || text[0] == '+') text++;
  size_t point, length;
  if (!is_decimal(text, &point, &length)) return LS_ERR_INPUT;
  if (digits == 0 && point < length) return LS_ERR_INPUT;
  int64_t sum = 0;
  for (size_t i = 0; i < point; i++)
    if (!push_digit(&sum, text[i] - '0')) return LS_ERR_FULL;
  for (int place = 1; place <= digits; place++) {
    size_t at = point + (size_t)place;
    if (!push_digit(&sum, at < length ? text[at] - '0' : 0)) return LS_ERR_FULL;
  }
  size_t rest = point + (size_t)digits + 1;
  bool is_up = rest < length && text[rest] >= '5';
  if (__builtin_add_overflow(sum, (int64_t)is_up, &sum)) return LS_ERR_FULL;
  *value = is_negative ? -sum : sum;
  return LS_OK;
}

void ls_decimal_format(int64_t value, int digits, char text[32])
{
  assert(digits >= 0 && digits <= 18);
  uint64_t scale = 1;
  for (int i = 0; i < digits; i++) scale *= 10;
  uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  const char *sign = value < 0 ? "-" : "";
  if (digits == 0) {
    (void)snprintf(text, 32, "%s%llu", sign, (unsigned long long)size);
    return;
  }
  char full[64]; /* at most 19 digits, a sign and a point are ever used */
  (void)snprintf(full, sizeof full, "%s%llu.%0*llu", sign, (unsigned long long)(size / scale),
                 digits, (unsigned long long)(size % scale));
  full[31] = '\0';
  memcpy(text, full, strlen(full) + 1);
  size_t length = strlen(text);
  while (text[length - 1] == '0') text[--length] = '\0';
  if (text[length - 1] == '.') text[--length] = '\0';
}

static int32_t least(int32_t a, int32_t b) { return a < b ? a : b; }

/* Levenshtein's distance of the first NAME_BYTES_MAX bytes of each, capitals or not. */
static int32_t edit_distance(const char *a, const char *b)
{
  int32_t row[NAME_BYTES_MAX + 1];
  int32_t a_length = (int32_t)strnlen(a, NAME_BYTES_MAX);
  int32_t b_length = (int32_t)strnlen(b, NAME_BYTES_MAX);
  for (int32_t j = 0; j <= b_length; j++) row[j] = j;
  for (int32_t i = 1; i <= a_length; i++) {
    int32_t diagonal = row[0];
    row[0] = i;
    for (int32_t j = 1; j <= b_length; j++) {
      int32_t replaced = diagonal + (strncasecmp(&a[i - 1], &b[j - 1], 1) != 0);
      diagonal = row[j];
      row[j] = least(replaced, least(row[j], row[j - 1]) + 1);
    }
  }
  return row[b_length];
}

/* How far a name is from what was written: words left out at its end, as units are, count as one
 * letter. */
static int32_t name_distance(const char *text, const char *name)
{
  const size_t length = strlen(text);
  const bool is_begun = strncasecmp(text, name, length) == 0 && name[length] == '_';
  return is_begun ? 1 : edit_distance(text, name);
}

const char *ls_name_nearest(const char *text, int32_t count,
                            const char *(*name)(const void *context, int32_t index),
                            const void *context)
{
  const char *nearest = NULL;
  int32_t distance_min = INT32_MAX;
  for (int32_t i = 0; i < count; i++) {
    int32_t distance = name_distance(text, name(context, i));
    if (distance < distance_min) {
      distance_min = distance;
      nearest = name(context, i);
    }
  }
  return nearest;
}

const char *ls_name_near(const char *text, int32_t count,
                         const char *(*name)(const void *context, int32_t index),
                         const void *context)
{
  enum { BEGINNING_LETTERS = 3 };
  const int32_t length = (int32_t)strlen(text);
  for (int32_t i = 0; length >= BEGINNING_LETTERS && i < count; i++)
    if (strncasecmp(text, name(context, i), (size_t)length) == 0) return name(context, i);
  const char *nearest = ls_name_nearest(text, count, name, context);
  return nearest && name_distance(text, nearest) <= (length + 2) / 3 ? nearest : NULL;
}

static const char *field_key(const void *context, int32_t index)
{
  return ((const ls_field *)context)[index].key;
}

static const char *list_name(const void *context, int32_t index)
{
  return ((const char *const *)context)[index];
}

static int32_t field_count(const ls_field *fields)
{
  int32_t count = 0;
  while (fields[count].key) count++;
  return count;
}

static ls_status refuse_unknown_keys(ls_field_reader *reader, const ls_field *fields,
                                     const ls_yaml_node *map)
{
  int32_t count = field_count(fields);
  for (const ls_yaml_node *node = map->first; node; node = node->next) {
    int32_t i = 0;
    while (i < count && strcmp(fields[i].key, node->key) != 0) i++;
    if (i < count) continue;
    char key[LS_YAML_QUOTE_BYTES];
    ls_yaml_quote(node->key, key);
    size_t length = ls_field_enter(reader, key);
    ls_status status = ls_field_refuse(reader, node, "is not a known key; the nearest one is %s",
                                       ls_name_nearest(node->key, count, field_key, fields));
    ls_field_leave(reader, length);
    return status;
  }
  return LS_OK;
}

/* The words "must be 1..8" in the units of the file. */
static void expect_range(const ls_field *field, char text[96])
{
  char low[32], high[32];
  ls_decimal_format(field->min, field->digits, low);
  ls_decimal_format(field->max, field->digits, high);
  (void)snprintf(text, 96, "must be %s..%s", low, high);
}

static ls_status read_number(const ls_field_reader *reader, const ls_field *field,
                             const ls_yaml_node *node, int64_t *number)
{
  const char *kind = field->digits == 0 ? "must be a whole number" : "must be a decimal number";
  if (node->kind != LS_YAML_SCALAR || !node->is_plain)
    return ls_field_refuse_got(reader, node, kind);
  int64_t value = 0;
  ls_status status = ls_decimal_read(node->text, field->digits, &value);
  if (status == LS_ERR_INPUT) return ls_field_refuse_got(reader, node, kind);
  if (status == LS_OK && value >= field->min && value <= field->max) {
    *number = value;
    return LS_OK;
  }
  char text[96];
  expect_range(field, text);
  return ls_field_refuse_got(reader, node, text);
}

static ls_status store_number(const ls_field_reader *reader, const ls_field *field,
                              const ls_yaml_node *node, void *target)
{
  int64_t value = 0;
  ls_status status = read_number(reader, field, node, &value);
  if (status != LS_OK) return status;
  if (field->size == sizeof(int64_t)) {
    *(int64_t *)target = value;
    return LS_OK;
  }
  assert(field->size == sizeof(int32_t) && value >= INT32_MIN && value <= INT32_MAX);
  *(int32_t *)target = (int32_t)value;
  return LS_OK;
}

static ls_status read_bool(const ls_field_reader *reader, const ls_yaml_node *node, bool *target)
{
  bool is_word = node->kind == LS_YAML_SCALAR && node->is_plain;
  bool is_true = is_word && strcmp(node->text, "true") == 0;
  if (!is_true && !(is_word && strcmp(node->text, "false") == 0))
    return ls_field_refuse_got(reader, node, "must be true or false");
  *target = is_true;
  return LS_OK;
}

static ls_status read_text(const ls_field_reader *reader, const ls_field *field,
                           const ls_yaml_node *node, char *target)
{
  bool is_id = field->type == LS_FIELD_ID;
  if (node->kind != LS_YAML_SCALAR || node->text[0] == '\0')
    return ls_field_refuse_got(reader, node, is_id ? "must be a name" : "must be a text");
  if (is_id && node->text[strspn(node->text, "abcdefghijklmnopqrstuvwxyz0123456789.-")] != '\0')
    return ls_field_refuse_got(reader, node, "must hold only a-z, 0-9, '.' and '-'");
  size_t length = strlen(node->text);
  if (length > (size_t)field->max)
    return ls_field_refuse(reader, node, "must have at most %d bytes, got %zu", (int)field->max,
                           length);
  for (size_t i = 0; i < length; i++)
    if ((unsigned char)node->text[i] < 0x20)
      return ls_field_refuse(reader, node, "must be a single line");
  memcpy(target, node->text, length + 1);
  return LS_OK;
}

static int32_t count_names(const char *const *names)
{
  int32_t count = 0;
  while (names[count]) count++;
  return count;
}

static void names_join(const char *const *names, char list[LIST_BYTES])
{
  size_t length = 0;
  list[0] = '\0';
  for (int32_t i = 0; names[i] && length < LIST_BYTES; i++)
    length +=
        (size_t)snprintf(list + length, LIST_BYTES - length, "%s%s", i > 0 ? ", " : "", names[i]);
}

static ls_status read_choice(const ls_field_reader *reader, const ls_field *field,
                             const ls_yaml_node *node, int32_t *index)
{
  int32_t count = count_names(field->names);
  if (node->kind != LS_YAML_SCALAR || node->text[0] == '\0')
    return ls_field_refuse_got(reader, node, "must be one of the known names");
  for (int32_t i = 0; i < count; i++)
    if (strcmp(node->text, field->names[i]) == 0) {
      *index = i;
      return LS_OK;
    }
  char list[LIST_BYTES];
  names_join(field->names, list);
  char word[LS_YAML_QUOTE_BYTES];
  ls_yaml_quote(node->text, word);
  if (count <= 3) return ls_field_refuse(reader, node, "must be one of %s, got %s", list, word);
  return ls_field_refuse(reader, node, "must be one of %s, got %s; the nearest is %s", list, word,
                         ls_name_nearest(node->text, count, list_name, field->names));
}

static ls_status read_choices(ls_field_reader *reader, const ls_field *field,
                              const ls_yaml_node *node, uint32_t *mask)
{
  if (node->kind != LS_YAML_LIST || node->count == 0) {
    char list[LIST_BYTES], text[LIST_BYTES + 32];
    names_join(field->names, list);
    (void)snprintf(text, sizeof text, "must be a list of some of %s", list);
    return ls_field_refuse_got(reader, node, text);
  }
  uint32_t chosen = 0;
  int32_t position = 0;
  for (const ls_yaml_node *item = node->first; item; item = item->next, position++) {
    int32_t index = 0;
    size_t length = ls_field_enter_index(reader, position);
    ls_status status = read_choice(reader, field, item, &index);
    if (status == LS_OK && (chosen >> index & 1) != 0)
      status = ls_field_refuse(reader, item, "repeats %s", field->names[index]);
    ls_field_leave(reader, length);
    if (status != LS_OK) return status;
    chosen |= (uint32_t)1 << index;
  }
  *mask = chosen;
  return LS_OK;
}

static ls_status check_list(const ls_field_reader *reader, const ls_field *field,
                            const ls_yaml_node *node, const char *of_what)
{
  char text[96];
  (void)snprintf(text, sizeof text, "must be a list of 1..%d %s", (int)field->item_max, of_what);
  if (node->kind != LS_YAML_LIST || node->count < 1 || node->count > field->item_max)
    return ls_field_refuse_got(reader, node, text);
  return LS_OK;
}

/* base: the struct that holds the field, for the counter. */
static ls_status read_numbers(ls_field_reader *reader, const ls_field *field,
                              const ls_yaml_node *node, char *base)
{
  int32_t *numbers = (int32_t *)(void *)(base + field->offset);
  ls_status status = check_list(reader, field, node, "numbers");
  if (status != LS_OK) return status;
  int32_t count = 0;
  for (const ls_yaml_node *item = node->first; item; item = item->next, count++) {
    size_t length = ls_field_enter_index(reader, count);
    int64_t value = 0;
    status = read_number(reader, field, item, &value);
    for (int32_t i = 0; status == LS_OK && i < count; i++)
      if (numbers[i] == value) status = ls_field_refuse(reader, item, "repeats %s", item->text);
    ls_field_leave(reader, length);
    if (status != LS_OK) return status;
    numbers[count] = (int32_t)value;
  }
  *(int32_t *)(void *)(base + field->count_offset) = count;
  return LS_OK;
}

static ls_status read_list(ls_field_reader *reader, const ls_field *field, const ls_yaml_node *node,
                           char *base)
{
  ls_status status = check_list(reader, field, node, "mappings");
  if (status != LS_OK) return status;
  int32_t *count = (int32_t *)(void *)(base + field->count_offset);
  *count = 0;
  for (const ls_yaml_node *item = node->first; item; item = item->next) {
    char *target = base + field->offset + (size_t)*count * field->size;
    size_t length = ls_field_enter_index(reader, *count);
    if (item->kind != LS_YAML_MAP)
      return ls_field_refuse_got(reader, item, "must be a mapping of keys");
    status = ls_fields_read(reader, field->fields, item, target);
    if (status == LS_OK && field->read) status = field->read(reader, field, item, target);
    if (status != LS_OK) return status;
    ls_field_leave(reader, length);
    ++*count;
  }
  return LS_OK;
}

static ls_status read_map(ls_field_reader *reader, const ls_field *field, const ls_yaml_node *node,
                          void *target)
{
  ls_status status = ls_fields_read(reader, field->fields, node, target);
  if (status == LS_OK && field->read) status = field->read(reader, field, node, target);
  return status;
}

/* base: the struct that holds the field. */
static ls_status read_value(ls_field_reader *reader, const ls_field *field,
                            const ls_yaml_node *node, char *base)
{
  void *target = base + field->offset;
  switch (field->type) {
  case LS_FIELD_NUMBER: return store_number(reader, field, node, target);
  case LS_FIELD_FIGURE: return reader->read_figure(reader, field, node, target);
  case LS_FIELD_BOOL: return read_bool(reader, node, target);
  case LS_FIELD_TEXT:
  case LS_FIELD_ID: return read_text(reader, field, node, target);
  case LS_FIELD_CHOICE: return read_choice(reader, field, node, target);
  case LS_FIELD_CHOICES: return read_choices(reader, field, node, target);
  case LS_FIELD_NUMBERS: return read_numbers(reader, field, node, base);
  case LS_FIELD_MAP: return read_map(reader, field, node, target);
  case LS_FIELD_LIST: return read_list(reader, field, node, base);
  case LS_FIELD_CUSTOM: return field->read(reader, field, node, target);
  }
  return LS_ERR_INTERNAL;
}

/* Reads the default, which is YAML as a user would have written it. */
static ls_status read_fallback(ls_field_reader *reader, const ls_field *field, char *base)
{
  ls_yaml_tree tree;
  ls_status status =
      ls_yaml_parse(field->fallback, strlen(field->fallback), "", &tree, reader->error);
  if (status != LS_OK) return status;
  status = read_value(reader, field, &tree.nodes[0], base);
  ls_yaml_destroy(&tree);
  return status;
}

static ls_status read_absent(ls_field_reader *reader, const ls_field *field, char *base)
{
  if (!field->fallback) return ls_field_refuse(reader, NULL, "is missing (%s)", field->doc);
  if (field->fallback[0] != '\0') return read_fallback(reader, field, base);
  if (field->type == LS_FIELD_MAP) return read_map(reader, field, NULL, base + field->offset);
  if (field->type == LS_FIELD_CUSTOM) return field->read(reader, field, NULL, base + field->offset);
  return LS_OK;
}

ls_status ls_field_read(ls_field_reader *reader, const ls_field *field, const ls_yaml_node *node,
                        void *target)
{
  ls_field alone = *field;
  alone.offset = 0;
  return read_value(reader, &alone, node, target);
}

ls_status ls_fields_read(ls_field_reader *reader, const ls_field *fields, const ls_yaml_node *map,
                         void *target)
{
  ls_status status = LS_OK;
  int32_t line = reader->line;
  if (map) {
    if (map->kind != LS_YAML_MAP)
      return ls_field_refuse_got(reader, map,
                                 reader->path[0] ? "must be a mapping of keys"
                                                 : "the file must be a mapping of keys");
    status = refuse_unknown_keys(reader, fields, map);
    if (status != LS_OK) return status;
    reader->line = map->line;
  }
  for (const ls_field *field = fields; field->key && status == LS_OK; field++) {
    const ls_yaml_node *node = ls_yaml_find(map, field->key);
    size_t length = ls_field_enter(reader, field->key);
    status = node ? read_value(reader, field, node, target) : read_absent(reader, field, target);
    if (status == LS_OK) ls_field_leave(reader, length);
  }
  reader->line = line;
  return status;
}
