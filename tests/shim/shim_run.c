/* Runs another program with its output caught in files, which cannot fill up as pipes do. */
#include "shim.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TIMEOUT_S = 120, EXIT_NOT_STARTED = 127 };

/* In the child: becomes the program. Never returns. */
static void child_become(const char *const argv[], const shim_run_options *options,
                         const char *const streams[3])
{
  const int flags[3] = {O_RDONLY, O_WRONLY | O_CREAT | O_TRUNC, O_WRONLY | O_CREAT | O_TRUNC};
  for (int i = 0; i < 3; i++) {
    int file = open(streams[i], flags[i], 0600);
    if (file < 0 || dup2(file, i) < 0) _exit(EXIT_NOT_STARTED);
    close(file);
  }
  if (options->folder != NULL && chdir(options->folder) != 0) _exit(EXIT_NOT_STARTED);
  for (const char *const *entry = options->environment; entry != NULL && *entry != NULL; entry++)
    putenv((char *)*entry);
  alarm((unsigned)(options->timeout_s > 0 ? options->timeout_s : TIMEOUT_S)); /* outlives exec */
  execvp(argv[0], (char *const *)argv);
  _exit(EXIT_NOT_STARTED);
}

bool shim_run(const char *const argv[], const shim_run_options *options, shim_result *result)
{
  const shim_run_options none = {0};
  if (options == NULL) options = &none;
  const char *folder = shim_folder();
  const char *in = "/dev/null", *out = shim_format("%s/out", folder);
  const char *err = shim_format("%s/err", folder);
  if (options->input != NULL) {
    in = shim_format("%s/in", folder);
    if (!shim_file_write(in, options->input, strlen(options->input))) return false;
  }
  pid_t child = fork();
  if (child < 0) return shim_fail(__FILE__, __LINE__, "fork: %s", strerror(errno));
  if (child == 0) child_become(argv, options, (const char *const[3]){in, out, err});

  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return shim_fail(__FILE__, __LINE__, "waitpid: %s", strerror(errno));
  result->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result->out = shim_file_read(out, &result->out_size);
  result->err = shim_file_read(err, &result->err_size);
  if (result->out == NULL || result->err == NULL)
    return shim_fail(__FILE__, __LINE__, "%s was not started", argv[0]);
  return true;
}
