/* The manual page in the macros of man(7). */
#include "arguments.h"
#include "help.h"
#include "options.h"
#include <string.h>

/* A piece of a line: what troff would take for itself is escaped. */
static void text_print(const char *text, int32_t length, FILE *stream)
{
  for (int32_t i = 0; i < length; i++) switch (text[i]) {
    case '\\': fputs("\\e", stream); break;
    case '-': fputs("\\-", stream); break;
    case '`': fputs("\\(ga", stream); break;
    case '\'': fputs("\\(aq", stream); break;
    default: fputc(text[i], stream);
    }
}

/* Sentences, each on lines of its own, none of them long; no word starts with a dot. */
static void line_print(const char *text, FILE *stream)
{
  enum { LINE_MAX_BYTES = 70 };
  int32_t column = 0;
  for (const char *at = text; *at;) {
    const int32_t length = (int32_t)strcspn(at, " ");
    const bool is_end = at[length] && at[length - 1] == '.';
    text_print(at, length, stream);
    column += length + 1;
    at += length + strspn(at + length, " ");
    const bool is_full = column + (int32_t)strcspn(at, " ") > LINE_MAX_BYTES;
    if (*at) fputc(is_end || is_full ? '\n' : ' ', stream);
    if (is_end || is_full) column = 0;
  }
  fputc('\n', stream);
}

static void examples_print(const ls_command *command, FILE *stream)
{
  const char *at = command->examples, *line;
  int32_t length;
  fputs(".PP\nFor example:\n.PP\n.RS 4\n.EX\n", stream);
  while (ls_help_example_next(&at, &line, &length)) {
    text_print(line, length, stream);
    fputc('\n', stream);
  }
  fputs(".EE\n.RE\n", stream);
}

static void command_print(const ls_command *command, FILE *stream)
{
  fprintf(stream, ".SS lightspine %s%s", command->name, command->usage[0] ? " " : "");
  line_print(command->usage, stream);
  line_print(command->details, stream);
  for (const ls_option *option = ls_options; option->name; option++) {
    if (!(option->groups & command->groups)) continue;
    fprintf(stream, ".TP\n\\fB%s\\-\\-", option->id == 'o' ? "\\-o\\fR, \\fB" : "");
    text_print(option->name, (int32_t)strlen(option->name), stream);
    fprintf(stream, "\\fR%s", option->value ? " \\fI" : "");
    if (option->value) text_print(option->value, (int32_t)strlen(option->value), stream);
    fputs(option->value ? "\\fR\n" : "\n", stream);
    line_print(option->help, stream);
    if (!option->fallback) continue;
    fputs("(default: ", stream);
    text_print(option->fallback, (int32_t)strlen(option->fallback), stream);
    fputs(")\n", stream);
  }
  examples_print(command, stream);
}

static void exits_print(const ls_commands *commands, FILE *stream)
{
  ls_help_exit exits[LS_HELP_EXIT_COUNT];
  ls_help_exits("the answer is no", exits);
  fputs(".SH EXIT STATUS\n", stream);
  for (int32_t i = 0; i < LS_HELP_EXIT_COUNT; i++) {
    fprintf(stream, ".TP\n.B %d\n", exits[i].code);
    line_print(exits[i].meaning, stream);
    for (int32_t c = 0; exits[i].code == 1 && c < commands->count; c++) {
      if (!commands->row[c].no) continue;
      fprintf(stream, ".br\n.BR %s :\n", commands->row[c].name);
      line_print(commands->row[c].no, stream);
    }
  }
}

void ls_help_man(const ls_commands *commands, FILE *stream)
{
  fputs(".TH LIGHTSPINE 1 \"\" \"lightspine " LS_VERSION "\" \"User Commands\"\n"
        ".SH NAME\n"
        "lightspine \\- designs the optical network of an AI cluster\n"
        ".SH SYNOPSIS\n"
        ".B lightspine\n"
        ".I command\n"
        "[words] [options]\n"
        ".SH DESCRIPTION\n"
        "Given how many GPUs, how fast each talks, a floor plan, a year and a\n"
        "catalog of optics, lightspine finds the networks that no other one\n"
        "betters: topology, switches, optical circuit switches, optics at each\n"
        "end of every link, places, cost, power, latency, throughput and risk.\n"
        "Specs and catalogs are YAML files with units in their keys.\n"
        "Every command takes\n"
        ".BR \\-\\-json ,\n"
        "and then prints one JSON object, and\n"
        ".BR \\-\\-help .\n"
        ".SH COMMANDS\n",
        stream);
  for (int32_t i = 0; i < commands->count; i++) command_print(&commands->row[i], stream);
  exits_print(commands, stream);
  fputs(".SH NOTES\n"
        "The examples run from top to bottom in a folder that holds\n"
        "lightspine\\(aqs folder\n"
        ".IR topologies .\n"
        ".SH SEE ALSO\n"
        "The pages that come with lightspine: tutorial, inputs, formats, model.\n",
        stream);
}
