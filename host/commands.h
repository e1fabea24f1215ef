/* One function a command, of which optimize, the main job, is in main.c; argv[0] is the command's
 * name. Results go to stdout, progress and notes to stderr when --json is given. Returns LS_OK,
 * LS_ERR_NO for an answer that is no (its output is written all the same), or an error told in
 * *error. */
#ifndef LS_COMMANDS_H
#define LS_COMMANDS_H

#include "arguments.h"

#ifdef __cplusplus
extern "C" {
#endif

ls_status ls_command_bench(int argc, char **argv, ls_error *error);
ls_status ls_command_catalog(int argc, char **argv, ls_error *error);
ls_status ls_command_devices(int argc, char **argv, ls_error *error);
ls_status ls_command_evaluate(int argc, char **argv, ls_error *error);
ls_status ls_command_export(int argc, char **argv, ls_error *error);
ls_status ls_command_explain(int argc, char **argv, ls_error *error);
ls_status ls_command_help(int argc, char **argv, ls_error *error);
ls_status ls_command_init(int argc, char **argv, ls_error *error);
ls_status ls_command_optimize(int argc, char **argv, ls_error *error);
ls_status ls_command_place(int argc, char **argv, ls_error *error);
/* The part of place that is about a design: place SPEC [DESIGN]. */
ls_status ls_place_spec(const ls_arguments *arguments, ls_error *error);
ls_status ls_command_resilience(int argc, char **argv, ls_error *error);
ls_status ls_command_results(int argc, char **argv, ls_error *error);
ls_status ls_command_rewire(int argc, char **argv, ls_error *error);
ls_status ls_command_schema(int argc, char **argv, ls_error *error);
ls_status ls_command_size(int argc, char **argv, ls_error *error);
ls_status ls_command_slices(int argc, char **argv, ls_error *error);
ls_status ls_command_sweep(int argc, char **argv, ls_error *error);
ls_status ls_command_throughput(int argc, char **argv, ls_error *error);
ls_status ls_command_validate(int argc, char **argv, ls_error *error);
ls_status ls_command_verify(int argc, char **argv, ls_error *error);
ls_status ls_command_wire(int argc, char **argv, ls_error *error);
ls_status ls_command_wire_hosts(int argc, char **argv, ls_error *error); /* wire --hosts */

#ifdef __cplusplus
}
#endif
#endif
