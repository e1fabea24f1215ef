/* The commands of the program, in the order in which help lists them. */
#ifndef LS_COMMAND_TABLE_H
#define LS_COMMAND_TABLE_H

#include "help.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const ls_commands ls_command_table;

#ifdef __cplusplus
}
#endif
#endif
