#include "data_folder.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The file this code was loaded from: the program, or a library that holds it. A program started
 * without a path is known to the loader by its bare name, but the kernel knows better. */
static bool module_path(char path[PATH_MAX])
{
  static const char anchor;
  Dl_info info;
  if (!dladdr(&anchor, &info) || !info.dli_fname) return false;
  const bool is_program = strcmp(info.dli_fname, program_invocation_name) == 0;
  return realpath(is_program ? "/proc/self/exe" : info.dli_fname, path) != NULL;
}

void ls_data_path(const char *name, char *path, int capacity)
{
  enum { PARENTS = 3 }; /* bin, or lib and a folder for the machine's kind */
  char folder[PATH_MAX];
  const bool is_known = module_path(folder);
  for (int i = 0; i < PARENTS && is_known; i++) {
    char *slash = strrchr(folder, '/');
    if (!slash) break;
    *slash = '\0';
    if (i == 0) continue; /* the module's own folder */
    const int length = snprintf(path, (size_t)capacity, "%s/share/lightspine/%s", folder, name);
    if (length < capacity && access(path, R_OK) == 0) return;
  }
  snprintf(path, (size_t)capacity, "%s/%s", LS_DATA_DIR, name);
}
