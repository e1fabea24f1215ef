/* Completion for bash and zsh: commands, options, their values, and the files a command takes. */
#include "help.h"
#include "options.h"
#include <string.h>

static bool is_file(const ls_option *option)
{
  return strncmp(option->value, "FILE", 4) == 0 || strcmp(option->value, "DIR") == 0;
}

/* Words between bars, with spaces instead. */
static void words_print(const char *words, int32_t length, FILE *stream)
{
  for (int32_t i = 0; i < length; i++) fputc(words[i] == '|' ? ' ' : words[i], stream);
}

/* ---- bash ---- */

static void bash_options(const ls_command *command, FILE *stream)
{
  fputs("    options='--help", stream);
  for (const ls_option *option = ls_options; option->name; option++)
    if (ls_help_has(command, option))
      fprintf(stream, "%s --%s", option->id == 'o' ? " -o" : "", option->name);
  fputs("'\n", stream);
}

/* What follows each option that takes a value: words, a file, or what nobody can guess. */
static void bash_values(const ls_command *command, FILE *stream)
{
  fputs("    case $before in\n", stream);
  for (const ls_option *option = ls_options; option->name; option++) {
    if (!ls_help_has(command, option) || !option->value) continue;
    fprintf(stream, "    %s--%s) ", option->id == 'o' ? "-o|" : "", option->name);
    if (is_file(option)) {
      fputs("files=any options= ;;\n", stream);
    } else {
      fputs("files= options='", stream);
      if (strchr(option->value, '|'))
        words_print(option->value, (int32_t)strlen(option->value), stream);
      fputs("' ;;\n", stream);
    }
  }
  fputs("    *) ", stream);
}

static void bash_command(const ls_commands *commands, const ls_command *command, FILE *stream)
{
  const char *ending = ls_help_file_ending(command);
  int32_t length;
  const char *words = ls_help_words(command, &length);
  fprintf(stream, "  %s)\n", command->name);
  bash_options(command, stream);
  bash_values(command, stream);
  if (ending) fprintf(stream, "files=%s", *ending ? ending : "any");
  if (words || strcmp(command->usage, "[COMMAND]") == 0) {
    fputs(" words='", stream);
    if (words) words_print(words, length, stream);
    for (int32_t i = 0; !words && i < commands->count; i++)
      fprintf(stream, "%s%s", i ? " " : "", commands->row[i].name);
    fputs("'", stream);
  }
  fputs(" ;;\n    esac ;;\n", stream);
}

void ls_help_bash(const ls_commands *commands, FILE *stream)
{
  fputs("# Completion of lightspine for bash; made by `lightspine help --bash`.\n"
        "_lightspine()\n{\n"
        "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
        "  local options= words= files= path\n"
        "  # bash takes --backend=cpu apart at the sign.\n"
        "  if [ \"$before\" = = ]; then before=${COMP_WORDS[COMP_CWORD - 2]}; fi\n"
        "  if [ \"$word\" = = ]; then word=; fi\n"
        "  COMPREPLY=()\n"
        "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
        "    COMPREPLY=($(compgen -W '--help --version",
        stream);
  for (int32_t i = 0; i < commands->count; i++) fprintf(stream, " %s", commands->row[i].name);
  fputs("' -- \"$word\"))\n    return\n  fi\n  case ${COMP_WORDS[1]} in\n", stream);
  for (int32_t i = 0; i < commands->count; i++) bash_command(commands, &commands->row[i], stream);
  fputs("  esac\n"
        "  # Where a word is one of a few, files come after it.\n"
        "  if [ \"$COMP_CWORD\" -gt 2 ]; then words=; fi\n"
        "  if [ -n \"$words\" ]; then files=; fi\n"
        "  case $word in\n"
        "  -*) words=$options files= ;;\n"
        "  *) if [ -z \"$files$words\" ]; then words=$options; fi ;;\n"
        "  esac\n"
        "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
        "  if [ -z \"$files\" ]; then return; fi\n"
        "  compopt -o filenames 2>/dev/null # outside of a completion there is nothing to set\n"
        "  while IFS= read -r path; do\n"
        "    case $path in *.\"$files\") ;; *) [ \"$files\" = any ] || [ -d \"$path\" ] || "
        "continue ;; "
        "esac\n"
        "    COMPREPLY+=(\"$path\")\n"
        "  done < <(compgen -f -- \"$word\")\n"
        "}\n"
        "complete -F _lightspine lightspine\n",
        stream);
}

/* ---- zsh ---- */

/* Text inside single quotes, where brackets and colons would mean something to _arguments. */
static void zsh_print(const char *text, FILE *stream)
{
  for (; *text; text++) {
    if (*text == '\'')
      fputs("'\\'", stream);
    else if (strchr("[]:\\", *text))
      fputc('\\', stream);
    fputc(*text, stream);
  }
}

static void zsh_option(const ls_option *option, FILE *stream)
{
  fputs(option->id == 'o' ? " \\\n    '(-o --output)'{-o,--output}'[" : " \\\n    '", stream);
  if (option->id != 'o') fprintf(stream, "--%s[", option->name);
  zsh_print(option->help, stream);
  fputc(']', stream);
  if (option->value) {
    fputc(':', stream);
    zsh_print(option->value, stream);
    fputc(':', stream);
    if (is_file(option))
      fputs("_files", stream);
    else if (strchr(option->value, '|')) {
      fputc('(', stream);
      words_print(option->value, (int32_t)strlen(option->value), stream);
      fputc(')', stream);
    }
  }
  fputc('\'', stream);
}

static void zsh_command(const ls_command *command, FILE *stream)
{
  const char *ending = ls_help_file_ending(command);
  int32_t length;
  const char *words = ls_help_words(command, &length);
  fprintf(stream, "  %s)\n    _arguments '--help[tell more]'", command->name);
  for (const ls_option *option = ls_options; option->name; option++)
    if (ls_help_has(command, option)) zsh_option(option, stream);
  if (words) {
    fputs(" \\\n    '1:word:(", stream);
    words_print(words, length, stream);
    fputs(")'", stream);
  } else if (strcmp(command->usage, "[COMMAND]") == 0) {
    fputs(" \\\n    '1:command:{_describe command names}'", stream);
  }
  if (ending && *ending)
    fprintf(stream, " \\\n    '*:file:_files -g \"*.%s\"'", ending);
  else if (ending)
    fputs(" \\\n    '*:file:_files'", stream);
  fputs(" ;;\n", stream);
}

void ls_help_zsh(const ls_commands *commands, FILE *stream)
{
  fputs("#compdef lightspine\n"
        "# Completion of lightspine for zsh; made by `lightspine help --zsh`.\n"
        "local -a names\n"
        "names=(\n",
        stream);
  for (int32_t i = 0; i < commands->count; i++) {
    fprintf(stream, "  '%s:", commands->row[i].name);
    zsh_print(commands->row[i].purpose, stream);
    fputs("'\n", stream);
  }
  fputs(")\n"
        "if (( CURRENT == 2 )); then\n"
        "  _describe command names\n"
        "  return\n"
        "fi\n"
        "shift words\n"
        "(( CURRENT-- ))\n"
        "case $words[1] in\n",
        stream);
  for (int32_t i = 0; i < commands->count; i++) zsh_command(&commands->row[i], stream);
  fputs("esac\n", stream);
}
