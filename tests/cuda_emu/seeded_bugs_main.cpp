/* Runs one seeded bug, by name: the process that test_seeded_bugs.cpp watches die. */
#include <cstdio>

#include "emu_control.h"
#include "test_kernels.h"

int main(int argc, char **argv)
{
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s BUG\n", argv[0]);
    return 2;
  }
  ls_emu_set_device_count(2);
  const int error = test_kernels::run_bug(argv[1]);
  if (error != 0) std::fprintf(stderr, "%s: error %d\n", argv[1], error);
  return error == 0 ? 0 : 3;
}
