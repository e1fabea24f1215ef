/* `lightspine help [COMMAND]`: what there is to know about commands, in the form that is asked for.
 */
#include "command_table.h"
#include "commands.h"
#include "options.h"

ls_status ls_command_help(int argc, char **argv, ls_error *error)
{
  ls_arguments arguments;
  ls_status status = ls_arguments_read(argc, argv, LS_ARGUMENTS_HELP | LS_ARGUMENTS_FEWER_WORDS, 1,
                                       "the name of a command", &arguments, error);
  if (status != LS_OK) return status;
  const char *name = arguments.positional_count ? arguments.positional[0] : NULL;
  const ls_command *command = name ? ls_help_find(&ls_command_table, name) : NULL;
  if (name && !command) return ls_help_refuse(&ls_command_table, name, error);
  if (arguments.is_json)
    return ls_json_write(ls_help_json(command ? &(ls_commands){command, 1} : &ls_command_table),
                         stdout, error);
  switch (arguments.help_form) {
  case LS_OPTION_MAN: ls_help_man(&ls_command_table, stdout); break;
  case LS_OPTION_BASH: ls_help_bash(&ls_command_table, stdout); break;
  case LS_OPTION_ZSH: ls_help_zsh(&ls_command_table, stdout); break;
  default:
    if (command)
      ls_help_page(command, stdout);
    else
      ls_help_list(&ls_command_table, stdout);
  }
  return LS_OK;
}
