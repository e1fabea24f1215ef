/* Runs of the program that are stopped and killed, and what they leave. */
#ifndef LS_TEST_RESUMED_H
#define LS_TEST_RESUMED_H

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "shim/shim.h"

#define RESUMED_SPEC(name) LS_TEST_SOURCE_DIR "/topologies/" name ".yaml"

static inline void resumed_sleep(int64_t us)
{
  const struct timespec pause = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
  nanosleep(&pause, NULL);
}

/* Starts the program with these words, which NULL ends, its output going to a file or nowhere. */
static inline pid_t resumed_start(const char *const words[], const char *output)
{
  const char *argv[16] = {LS_TEST_PROGRAM};
  for (int32_t i = 0; i < 14 && words[i]; i++) argv[i + 1] = words[i];
  const pid_t child = fork();
  if (child) return child;
  const int file = open(output ? output : "/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0600);
  dup2(file, 1);
  dup2(file, 2);
  alarm(240);
  execv(argv[0], (char *const *)argv);
  _exit(127);
}

/* Waits; 128 + the signal where one ended it. */
static inline int resumed_wait(pid_t child)
{
  int status = 0;
  while (waitpid(child, &status, 0) < 0) continue;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static inline shim_result resumed_run(const char *const words[])
{
  const char *argv[16] = {LS_TEST_PROGRAM};
  shim_result result = {
      .exit_code = -1, .out = shim_format("%s", ""), .err = shim_format("%s", "")};
  const shim_run_options options = {.timeout_s = 240};
  for (int32_t i = 0; i < 14 && words[i]; i++) argv[i + 1] = words[i];
  shim_run(argv, &options, &result);
  return result;
}

static inline int32_t resumed_entries(const char *folder)
{
  DIR *stream = opendir(folder);
  int32_t count = 0;
  if (!stream) return -1;
  for (struct dirent *entry; (entry = readdir(stream));)
    count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
  closedir(stream);
  return count;
}

/* Every file of a is in b, with equal bytes but for run.json and run.db; returns how many. */
static inline int32_t resumed_compare(const char *a, const char *b)
{
  DIR *stream = opendir(a);
  int32_t count = 0;
  if (!stream) return shim_fail(__FILE__, __LINE__, "%s is missing", a);
  for (struct dirent *entry; (entry = readdir(stream));) {
    size_t size_a = 0, size_b = 0;
    if (entry->d_name[0] == '.' || !strncmp(entry->d_name, "run.", 4)) continue;
    const char *text_a = shim_file_read(shim_format("%s/%s", a, entry->d_name), &size_a);
    const char *text_b = shim_file_read(shim_format("%s/%s", b, entry->d_name), &size_b);
    count++;
    if (!text_a || !text_b || size_a != size_b || memcmp(text_a, text_b, size_a) != 0)
      shim_fail(__FILE__, __LINE__, "%s of %s and %s differs", entry->d_name, a, b);
  }
  closedir(stream);
  if (resumed_entries(a) != resumed_entries(b))
    shim_fail(__FILE__, __LINE__, "%s has %d entries, %s %d", a, resumed_entries(a), b,
              resumed_entries(b));
  return count;
}

/* Waits until a file is there, at most a minute. */
static inline bool resumed_await(const char *path)
{
  for (int32_t i = 0; i < 60000; i++) {
    if (access(path, F_OK) == 0) return true;
    resumed_sleep(1000);
  }
  return shim_fail(__FILE__, __LINE__, "%s never came", path);
}

#endif
