/* What the program says of its own commands: a list of them, a page for each, the manual page and
 * completion for shells, all from one table of commands (command_table.c) and one of options
 * (options.h), so that none can differ from what the program does. */
#ifndef LS_HELP_H
#define LS_HELP_H

#include <stdio.h>

#include "error.h"
#include "json.h"
#include "options.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ls_command {
  const char *part; /* the heading of this command and those after it; NULL: as before */
  const char *name;
  ls_status (*run)(int argc, char **argv, ls_error *error); /* commands.h */
  int32_t groups;       /* LS_ARGUMENTS_...: the options that run reads */
  const char *usage;    /* what follows the name, options but the needed ones left out */
  const char *purpose;  /* a clause of at most 62 letters without a full stop, for the list */
  const char *details;  /* sentences: what it does, what comes out */
  const char *no;       /* a clause: when it exits with 1; NULL: it never does */
  const char *examples; /* command lines, each ended by a newline; they run one after the other, in
                           the table's order, beside lightspine's folder of topologies */
} ls_command;

/* A table of commands; lives as long as what is made from it. */
typedef struct ls_commands {
  const ls_command *row; /* [count] */
  int32_t count;
} ls_commands;

/* NULL: there is none of this name. */
const ls_command *ls_help_find(const ls_commands *commands, const char *name);

/* Says that a name is no command's, and which one may have been meant. LS_ERR_INPUT. */
ls_status ls_help_refuse(const ls_commands *commands, const char *name, ls_error *error);

/* The list of all commands. */
void ls_help_list(const ls_commands *commands, FILE *stream);

/* The page of one command. */
void ls_help_page(const ls_command *command, FILE *stream);

/* Both as an object, options with what they take and examples included; the caller owns it. */
ls_json *ls_help_json(const ls_commands *commands);

/* The manual page lightspine(1), in man macros. */
void ls_help_man(const ls_commands *commands, FILE *stream);

/* Scripts that complete commands, options, their values and file names. */
void ls_help_bash(const ls_commands *commands, FILE *stream);
void ls_help_zsh(const ls_commands *commands, FILE *stream);

/* ---- What the pages are made of ---- */

/* How commands end, for a page of any form; no: when one ends with 1, NULL: it never does. */
enum { LS_HELP_EXIT_COUNT = 5 };
typedef struct ls_help_exit {
  int code;
  const char *meaning; /* NULL: never so */
} ls_help_exit;
void ls_help_exits(const char *no, ls_help_exit exits[LS_HELP_EXIT_COUNT]);

/* Whether the command takes the option. */
bool ls_help_has(const ls_command *command, const ls_option *option);

/* The first word of a command where only some are allowed, as "check|list"; NULL: any. The words
 * are the first *length bytes. */
const char *ls_help_words(const ls_command *command, int32_t *length);

/* The ending of files that a command takes as words, as "yaml"; NULL: it takes none. */
const char *ls_help_file_ending(const ls_command *command);

/* The examples one by one: the first with *at at command->examples; false after the last. */
bool ls_help_example_next(const char **at, const char **line, int32_t *length);

#ifdef __cplusplus
}
#endif
#endif
