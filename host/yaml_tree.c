/* YAML text to a tree, by way of libyaml's events, and values to YAML text, by way of its emitter.
 * The only file that includes libyaml. */
#include "yaml_tree.h"
#include "files.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* The state of one parse: which containers are open, and the key that awaits its value. */
typedef struct builder {
  ls_yaml_tree *tree;
  ls_error *error;
  int32_t open[LS_YAML_DEPTH_MAX]; /* indices of open lists and mappings */
  int32_t last[LS_YAML_DEPTH_MAX]; /* their newest entry, -1: none yet */
  int32_t depth;
  int32_t document_count;
  const char *key; /* NULL: none is waiting */
  int32_t key_line;
} builder;

/* Bytes at text that continue a character of UTF-8. */
static size_t continuation_length(const char *text)
{
  size_t length = 0;
  while (((unsigned char)text[length] & 0xc0) == 0x80) length++;
  return length;
}

/* Bytes of the control character or line separator at text, 0 when there is another character. */
static size_t unprintable_length(const unsigned char *text)
{
  if (text[0] < 0x20 || text[0] == 0x7f) return 1;
  if (text[0] == 0xc2 && text[1] < 0xa0) return 2;
  return text[0] == 0xe2 && text[1] == 0x80 && (text[2] == 0xa8 || text[2] == 0xa9) ? 3 : 0;
}

void ls_yaml_quote(const char *text, char quoted[LS_YAML_QUOTE_BYTES])
{
  size_t used = 0, room = LS_YAML_QUOTE_BYTES - 4;
  while (*text) {
    size_t skipped = unprintable_length((const unsigned char *)text);
    size_t length = skipped > 0 ? 1 : 1 + continuation_length(text + 1);
    if (used + length > room) break;
    if (skipped > 0)
      quoted[used] = '?';
    else
      memcpy(quoted + used, text, length);
    used += length;
    text += skipped > 0 ? skipped : length;
  }
  memcpy(quoted + used, *text ? "..." : "", *text ? 4 : 1);
}

static ls_status refuse(const builder *build, int line, const char *text)
{
  return ls_error_set(build->error, LS_ERR_INPUT, build->tree->path, line, NULL, "%s", text);
}

/* Bytes of the UTF-8 sequence at text, 0 when it is malformed. left: bytes up to the end. */
static size_t utf8_length(const unsigned char *text, size_t left)
{
  if (text[0] < 0x80) return 1;
  size_t length = text[0] >= 0xf0 ? 4 : text[0] >= 0xe0 ? 3 : 2;
  if (text[0] < 0xc2 || text[0] > 0xf4 || length > left) return 0;
  for (size_t i = 1; i < length; i++)
    if ((text[i] & 0xc0) != 0x80) return 0;
  bool is_overlong = (text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xf0 && text[1] < 0x90);
  bool is_surrogate = text[0] == 0xed && text[1] > 0x9f;
  bool is_beyond = text[0] == 0xf4 && text[1] > 0x8f;
  return is_overlong || is_surrogate || is_beyond ? 0 : length;
}

static ls_status check_utf8(const builder *build, const char *bytes, size_t size)
{
  int line = 1;
  for (size_t i = 0; i < size;) {
    size_t length = utf8_length((const unsigned char *)bytes + i, size - i);
    if (length == 0)
      return ls_error_set(build->error, LS_ERR_INPUT, build->tree->path, line, NULL,
                          "the file is not UTF-8: byte 0x%02x does not belong here",
                          (unsigned)(unsigned char)bytes[i]);
    if (bytes[i] == '\n') line++;
    i += length;
  }
  return LS_OK;
}

/* Copies a scalar into the tree's text; *copy is terminated. */
static ls_status keep_text(const builder *build, const yaml_event_t *event, const char **copy)
{
  ls_yaml_tree *tree = build->tree;
  size_t length = event->data.scalar.length;
  int line = (int)event->start_mark.line + 1;
  if (memchr(event->data.scalar.value, '\0', length))
    return refuse(build, line, "a text must not hold the character NUL");
  if (tree->text_capacity - tree->text_bytes <= length)
    return refuse(build, line, "the file holds too much text");
  char *to = tree->text + tree->text_bytes;
  memcpy(to, event->data.scalar.value, length);
  to[length] = '\0';
  tree->text_bytes += length + 1;
  *copy = to;
  return LS_OK;
}

/* Appends a node to the innermost open container and gives it the waiting key. */
static ls_status add_node(builder *build, ls_yaml_kind kind, int line, int32_t *index)
{
  ls_yaml_tree *tree = build->tree;
  if (tree->node_count == tree->node_capacity)
    return refuse(build, line, "the file holds more than 200000 values");
  *index = tree->node_count++;
  ls_yaml_node *node = &tree->nodes[*index];
  *node = (ls_yaml_node){.kind = (uint8_t)kind, .line = line, .key = build->key};
  if (build->key) node->line = build->key_line;
  build->key = NULL;
  if (build->depth == 0) return LS_OK;
  int32_t *last = &build->last[build->depth - 1];
  ls_yaml_node *parent = &tree->nodes[build->open[build->depth - 1]];
  if (*last < 0)
    parent->first = node;
  else
    tree->nodes[*last].next = node;
  parent->count++;
  *last = *index;
  return LS_OK;
}

static bool is_awaiting_key(const builder *build)
{
  return build->depth > 0 && !build->key &&
         build->tree->nodes[build->open[build->depth - 1]].kind == LS_YAML_MAP;
}

static ls_status take_key(builder *build, const yaml_event_t *event)
{
  const ls_yaml_node *map = &build->tree->nodes[build->open[build->depth - 1]];
  int line = (int)event->start_mark.line + 1;
  if (map->count == LS_YAML_KEYS_MAX)
    return refuse(build, line, "a mapping holds more than 256 keys");
  const char *key;
  ls_status status = keep_text(build, event, &key);
  if (status != LS_OK) return status;
  const ls_yaml_node *twin = ls_yaml_find(map, key);
  char quoted[LS_YAML_QUOTE_BYTES];
  ls_yaml_quote(key, quoted);
  if (twin)
    return ls_error_set(build->error, LS_ERR_INPUT, build->tree->path, line, NULL,
                        "the key %s is given twice, first on line %d", quoted, twin->line);
  build->key = key;
  build->key_line = line;
  return LS_OK;
}

static ls_status take_scalar(builder *build, const yaml_event_t *event)
{
  if (is_awaiting_key(build)) return take_key(build, event);
  const char *text;
  ls_status status = keep_text(build, event, &text);
  if (status != LS_OK) return status;
  int32_t index;
  status = add_node(build, LS_YAML_SCALAR, (int)event->start_mark.line + 1, &index);
  if (status != LS_OK) return status;
  build->tree->nodes[index].text = text;
  build->tree->nodes[index].is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
  return LS_OK;
}

static ls_status open_container(builder *build, ls_yaml_kind kind, int line)
{
  if (is_awaiting_key(build)) return refuse(build, line, "a key must be a single word");
  if (build->depth == LS_YAML_DEPTH_MAX)
    return refuse(build, line, "values are nested more than 32 deep");
  int32_t index;
  ls_status status = add_node(build, kind, line, &index);
  if (status != LS_OK) return status;
  build->open[build->depth] = index;
  build->last[build->depth++] = -1;
  return LS_OK;
}

static ls_status refuse_named(const builder *build, int line, const char *what,
                              const yaml_char_t *name)
{
  char quoted[LS_YAML_QUOTE_BYTES];
  ls_yaml_quote((const char *)name, quoted);
  return ls_error_set(build->error, LS_ERR_INPUT, build->tree->path, line, NULL,
                      "%s%s) are not accepted: write the plain value", what, quoted);
}

static ls_status refuse_anchor_or_tag(const builder *build, const yaml_char_t *anchor,
                                      const yaml_char_t *tag, int line)
{
  if (anchor) return refuse_named(build, line, "anchors (&", anchor);
  if (tag) return refuse_named(build, line, "tags (", tag);
  return LS_OK;
}

static ls_status take_event(builder *build, const yaml_event_t *event)
{
  int line = (int)event->start_mark.line + 1;
  ls_status status;
  switch (event->type) {
  case YAML_DOCUMENT_START_EVENT:
    if (++build->document_count > 1)
      return refuse(build, line, "the file holds several documents; one is expected");
    return LS_OK;
  case YAML_ALIAS_EVENT: return refuse_named(build, line, "aliases (*", event->data.alias.anchor);
  case YAML_SCALAR_EVENT:
    status = refuse_anchor_or_tag(build, event->data.scalar.anchor, event->data.scalar.tag, line);
    return status != LS_OK ? status : take_scalar(build, event);
  case YAML_SEQUENCE_START_EVENT:
    status = refuse_anchor_or_tag(build, event->data.sequence_start.anchor,
                                  event->data.sequence_start.tag, line);
    return status != LS_OK ? status : open_container(build, LS_YAML_LIST, line);
  case YAML_MAPPING_START_EVENT:
    status = refuse_anchor_or_tag(build, event->data.mapping_start.anchor,
                                  event->data.mapping_start.tag, line);
    return status != LS_OK ? status : open_container(build, LS_YAML_MAP, line);
  case YAML_SEQUENCE_END_EVENT:
  case YAML_MAPPING_END_EVENT: build->depth--; return LS_OK;
  default: return LS_OK;
  }
}

static ls_status refuse_syntax(const builder *build, const yaml_parser_t *parser)
{
  if (parser->error == YAML_MEMORY_ERROR)
    return ls_error_set(build->error, LS_ERR_MEMORY, build->tree->path, 0, NULL, "out of memory");
  return ls_error_set(build->error, LS_ERR_INPUT, build->tree->path,
                      (int)parser->problem_mark.line + 1, NULL, "is not valid YAML: %s",
                      parser->problem ? parser->problem : "unknown problem");
}

static ls_status build_tree(builder *build, const char *bytes, size_t size)
{
  yaml_parser_t parser;
  if (!yaml_parser_initialize(&parser))
    return ls_error_set(build->error, LS_ERR_MEMORY, build->tree->path, 0, NULL, "out of memory");
  yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, size);
  ls_status status = LS_OK;
  for (bool is_done = false; !is_done && status == LS_OK;) {
    yaml_event_t event;
    if (!yaml_parser_parse(&parser, &event)) {
      status = refuse_syntax(build, &parser);
      break;
    }
    status = take_event(build, &event);
    is_done = event.type == YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
  }
  yaml_parser_delete(&parser);
  if (status == LS_OK && build->tree->node_count == 0)
    status = refuse(build, 0, "the file is empty; a mapping of keys is expected");
  return status;
}

/* Takes room for the most a file of this size can hold: every value has a byte of its own or
 * shares one with its key, and no escape grows to more than twice its length. */
static ls_status reserve(ls_yaml_tree *tree, size_t size, ls_error *error)
{
  size_t nodes = 2 * size + 8;
  tree->node_capacity = nodes < LS_YAML_NODES_MAX ? (int32_t)nodes : LS_YAML_NODES_MAX;
  tree->text_capacity = 2 * size + nodes;
  tree->nodes = malloc((size_t)tree->node_capacity * sizeof tree->nodes[0]);
  tree->text = malloc(tree->text_capacity);
  if (tree->nodes && tree->text) return LS_OK;
  return ls_error_set(error, LS_ERR_MEMORY, tree->path, 0, NULL, "out of memory");
}

ls_status ls_yaml_parse(const char *bytes, size_t size, const char *path, ls_yaml_tree *tree,
                        ls_error *error)
{
  ls_yaml_tree result = {.nodes = NULL};
  size_t path_bytes = strlen(path);
  if (path_bytes >= sizeof result.path) path_bytes = sizeof result.path - 1;
  memcpy(result.path, path, path_bytes);
  builder build = {.tree = &result, .error = error};
  ls_status status;
  if (size > LS_YAML_BYTES_MAX) {
    status = refuse(&build, 0, "the file is larger than 1 MiB");
    goto cleanup;
  }
  status = check_utf8(&build, bytes, size);
  if (status != LS_OK) goto cleanup;
  ls_sha256(bytes, size, result.sha256);
  status = reserve(&result, size, error);
  if (status != LS_OK) goto cleanup;
  if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) bytes += 3, size -= 3;
  status = build_tree(&build, bytes, size);
  if (status != LS_OK) goto cleanup;
  *tree = result;
  return LS_OK;
cleanup:
  ls_yaml_destroy(&result);
  return status;
}

ls_status ls_yaml_read(const char *path, ls_yaml_tree *tree, ls_error *error)
{
  char *bytes = NULL;
  size_t size = 0;
  ls_status status = ls_file_read(path, LS_YAML_BYTES_MAX, &bytes, &size, error);
  if (status != LS_OK) return status;
  status = ls_yaml_parse(bytes, size, path, tree, error);
  free(bytes);
  return status;
}

void ls_yaml_destroy(ls_yaml_tree *tree)
{
  free(tree->nodes);
  free(tree->text);
  tree->nodes = NULL;
  tree->text = NULL;
}

const ls_yaml_node *ls_yaml_find(const ls_yaml_node *map, const char *key)
{
  if (!map || map->kind != LS_YAML_MAP) return NULL;
  for (const ls_yaml_node *node = map->first; node; node = node->next)
    if (strcmp(node->key, key) == 0) return node;
  return NULL;
}

/* ---- Writing ---- */

struct ls_yaml_writer {
  yaml_emitter_t emitter;
  bool has_failed;
};

/* Event: made by the initialiser whose result is `made`; the emitter takes it over. */
static void emit(ls_yaml_writer *yaml, yaml_event_t *event, int made)
{
  if (!made || !yaml_emitter_emit(&yaml->emitter, event)) yaml->has_failed = true;
}

ls_yaml_writer *ls_yaml_open(FILE *stream)
{
  yaml_event_t event;
  ls_yaml_writer *yaml = calloc(1, sizeof *yaml);
  if (!yaml || !yaml_emitter_initialize(&yaml->emitter)) {
    free(yaml);
    return NULL;
  }
  yaml_emitter_set_output_file(&yaml->emitter, stream);
  yaml_emitter_set_unicode(&yaml->emitter, 1);
  yaml_emitter_set_width(&yaml->emitter, -1);
  emit(yaml, &event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
  emit(yaml, &event, yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1));
  return yaml;
}

ls_status ls_yaml_close(ls_yaml_writer *yaml)
{
  yaml_event_t event;
  emit(yaml, &event, yaml_document_end_event_initialize(&event, 1));
  emit(yaml, &event, yaml_stream_end_event_initialize(&event));
  if (!yaml_emitter_flush(&yaml->emitter)) yaml->has_failed = true;
  const bool has_failed = yaml->has_failed;
  yaml_emitter_delete(&yaml->emitter);
  free(yaml);
  return has_failed ? LS_ERR_IO : LS_OK;
}

void ls_yaml_start(ls_yaml_writer *yaml, ls_yaml_kind kind, bool is_flow)
{
  yaml_event_t event;
  const int made =
      kind == LS_YAML_MAP
          ? yaml_mapping_start_event_initialize(
                &event, NULL, NULL, 1, is_flow ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE)
          : yaml_sequence_start_event_initialize(&event, NULL, NULL, 1,
                                                 is_flow ? YAML_FLOW_SEQUENCE_STYLE
                                                         : YAML_BLOCK_SEQUENCE_STYLE);
  emit(yaml, &event, made);
}

void ls_yaml_end(ls_yaml_writer *yaml, ls_yaml_kind kind)
{
  yaml_event_t event;
  emit(yaml, &event,
       kind == LS_YAML_MAP ? yaml_mapping_end_event_initialize(&event)
                           : yaml_sequence_end_event_initialize(&event));
}

static void put_scalar(ls_yaml_writer *yaml, const char *text, yaml_scalar_style_t style)
{
  yaml_event_t event;
  emit(yaml, &event,
       yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)text,
                                    (int)strlen(text), 1, 1, style));
}

void ls_yaml_word(ls_yaml_writer *yaml, const char *text)
{
  put_scalar(yaml, text, YAML_PLAIN_SCALAR_STYLE);
}

void ls_yaml_text(ls_yaml_writer *yaml, const char *text)
{
  put_scalar(yaml, text, YAML_DOUBLE_QUOTED_SCALAR_STYLE);
}

void ls_yaml_number(ls_yaml_writer *yaml, double value)
{
  char text[32];
  snprintf(text, sizeof text, "%.10g", value);
  put_scalar(yaml, text, YAML_PLAIN_SCALAR_STYLE);
}
