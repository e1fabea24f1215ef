#include "help.h"

#include "arguments.h"
#include "fields.h"
#include "options.h"
#include <string.h>

enum { WIDTH = 80, OPTION_INDENT = 6, PURPOSE_INDENT = 15 };

const ls_command *ls_help_find(const ls_commands *commands, const char *name)
{
  for (int32_t i = 0; i < commands->count; i++)
    if (strcmp(commands->row[i].name, name) == 0) return &commands->row[i];
  return NULL;
}

static const char *name_of(const void *context, int32_t index)
{
  const ls_commands *commands = context;
  return commands->row[index].name;
}

ls_status ls_help_refuse(const ls_commands *commands, const char *name, ls_error *error)
{
  const char *near = ls_name_near(name, commands->count, name_of, commands);
  if (!near)
    return ls_error_set(error, LS_ERR_INPUT, NULL, 0, NULL,
                        "there is no command %s; `lightspine --help` lists them", name);
  return ls_error_set(error, LS_ERR_INPUT, NULL, 0, NULL,
                      "there is no command %s; the nearest one is %s", name, near);
}

void ls_help_exits(const char *no, ls_help_exit exits[LS_HELP_EXIT_COUNT])
{
  const ls_help_exit filled[LS_HELP_EXIT_COUNT] = {
      {0, "done"},
      {1, no},
      {2, "a mistake in the input or on the command line"},
      {3, "the machine failed: no memory, a file that cannot be written, no GPU"},
      {130, "stopped by a signal"}};
  memcpy(exits, filled, sizeof filled);
}

bool ls_help_has(const ls_command *command, const ls_option *option)
{
  return option->groups & (command->groups | LS_ARGUMENTS_JSON);
}

const char *ls_help_words(const ls_command *command, int32_t *length)
{
  const char *start = command->usage + (command->usage[0] == '[');
  *length = (int32_t)strspn(start, "abcdefghijklmnopqrstuvwxyz|");
  return memchr(start, '|', (size_t)*length) ? start : NULL;
}

const char *ls_help_file_ending(const ls_command *command)
{
  if (strstr(command->usage, ".graphml")) return "graphml";
  if (strstr(command->usage, "SPEC")) return "yaml";
  return strstr(command->usage, "FILE") ? "" : NULL;
}

bool ls_help_example_next(const char **at, const char **line, int32_t *length)
{
  if (!**at) return false;
  *line = *at;
  *length = (int32_t)strcspn(*at, "\n");
  *at += *length + ((*at)[*length] == '\n');
  return true;
}

/* Prints text in lines of at most WIDTH letters, of which the first starts at column and the others
 * are indented. Lines end between words or behind bars. */
static void wrapped_print(FILE *stream, const char *text, int32_t column, int32_t indent)
{
  for (const char *at = text; *at;) {
    const bool is_word = at != text && at[-1] == ' ';
    int32_t length = (int32_t)strcspn(at, " |");
    length += at[length] == '|';
    if (column > indent && column + is_word + length > WIDTH) {
      fprintf(stream, "\n%*s", indent, "");
      column = indent;
    } else if (is_word) {
      fputc(' ', stream);
      column++;
    }
    fprintf(stream, "%.*s", length, at);
    column += length;
    at += length + strspn(at + length, " ");
  }
  fputc('\n', stream);
}

void ls_help_list(const ls_commands *commands, FILE *stream)
{
  fprintf(stream, "lightspine " LS_VERSION ": designs the optical network of an AI cluster\n\n"
                  "Usage: lightspine COMMAND [words] [options]\n");
  for (int32_t i = 0; i < commands->count; i++) {
    const ls_command *command = &commands->row[i];
    if (command->part) fprintf(stream, "\n%s\n", command->part);
    fprintf(stream, "  %-*s ", PURPOSE_INDENT - 3, command->name);
    wrapped_print(stream, command->purpose, PURPOSE_INDENT, PURPOSE_INDENT);
  }
  fputs("\nStart with `lightspine init --gpus 64 -o lab.yaml` and `lightspine optimize lab.yaml`.\n"
        "`lightspine COMMAND --help` tells more: options, exit codes, examples that run.\n"
        "Every command takes --json. `lightspine --version` says which this is.\n",
        stream);
}

static void option_print(const ls_option *option, FILE *stream)
{
  char text[512];
  const int column = fprintf(stream, "  %s--%s%s", option->id == 'o' ? "-o, " : "", option->name,
                             option->value ? " " : "");
  wrapped_print(stream, option->value ? option->value : "", column, OPTION_INDENT);
  fprintf(stream, "%*s", OPTION_INDENT, "");
  snprintf(text, sizeof text, "%s%s%s", option->help, option->fallback ? "; default: " : "",
           option->fallback ? option->fallback : "");
  wrapped_print(stream, text, OPTION_INDENT, OPTION_INDENT);
}

void ls_help_page(const ls_command *command, FILE *stream)
{
  ls_help_exit exits[LS_HELP_EXIT_COUNT];
  const char *at = command->examples, *line;
  int32_t length;
  ls_help_exits(command->no, exits);
  fprintf(stream, "Usage: lightspine %s%s%s [options]\n\n", command->name,
          command->usage[0] ? " " : "", command->usage);
  wrapped_print(stream, command->details, 0, 0);
  fputs("\nOptions:\n", stream);
  for (const ls_option *option = ls_options; option->name; option++)
    if (ls_help_has(command, option)) option_print(option, stream);
  fputs("\nExit codes:\n", stream);
  for (int32_t i = 0; i < LS_HELP_EXIT_COUNT; i++) {
    if (!exits[i].meaning) continue;
    fprintf(stream, "  %-3d ", exits[i].code);
    wrapped_print(stream, exits[i].meaning, OPTION_INDENT, OPTION_INDENT);
  }
  fputs("\nExamples:\n", stream);
  while (ls_help_example_next(&at, &line, &length)) fprintf(stream, "  %.*s\n", length, line);
}

/* ---- JSON ---- */

static void text_set(ls_json *object, const char *key, const char *text)
{
  if (text)
    ls_json_set_text(object, key, text);
  else
    ls_json_set_null(object, key);
}

static ls_json *options_json(const ls_command *command)
{
  ls_json *options = ls_json_array();
  for (const ls_option *option = ls_options; option->name; option++) {
    if (!ls_help_has(command, option)) continue;
    ls_json *object = ls_json_object();
    ls_json_set_text(object, "option", option->name);
    text_set(object, "value", option->value);
    text_set(object, "default", option->fallback);
    ls_json_set_text(object, "help", option->help);
    ls_json_append(options, object);
  }
  return options;
}

static ls_json *command_json(const ls_command *command)
{
  ls_json *object = ls_json_object(), *examples = ls_json_array();
  const char *at = command->examples, *line;
  int32_t length;
  ls_json_set_text(object, "command", command->name);
  ls_json_set_text(object, "usage", command->usage);
  ls_json_set_text(object, "purpose", command->purpose);
  ls_json_set_text(object, "details", command->details);
  text_set(object, "exit_1", command->no);
  ls_json_set(object, "options", options_json(command));
  while (ls_help_example_next(&at, &line, &length)) {
    char text[512];
    snprintf(text, sizeof text, "%.*s", length, line);
    ls_json_append_text(examples, text);
  }
  ls_json_set(object, "examples", examples);
  return object;
}

ls_json *ls_help_json(const ls_commands *commands)
{
  ls_json *object = ls_json_object(), *list = ls_json_array();
  ls_json_set_text(object, "version", LS_VERSION);
  for (int32_t i = 0; i < commands->count; i++)
    ls_json_append(list, command_json(&commands->row[i]));
  ls_json_set(object, "commands", list);
  return object;
}
