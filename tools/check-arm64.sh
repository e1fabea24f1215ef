#!/usr/bin/env bash
# Shows that lightspine builds and runs on arm64 and on x86-64 without AVX, with the digests of
# this machine: a cross build against arm64 libraries of Debian 12, and both run by qemu-user.
# Needs root on Debian 12 amd64 and network; takes about 400 MB under TMPDIR and cleans up.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

arm64_packages=libc6-dev,libstdc++6,libigraph-dev,libhwloc-dev,libyaml-dev,libxml2-dev
arm64_packages+=,libjansson-dev,nettle-dev,librandom123-dev,libglpk-dev,libsqlite3-dev,libgtest-dev
# Left out: a test of ten minutes, being a GPU emulated on an emulated processor.
tests='Sweep.*:Merge.*:Front.*:Size.*:Risk.*:Model.*-Sweep.counts_what_no_reference_covers'

usage() {
  cat <<'END'
usage: tools/check-arm64.sh [--sysroot FOLDER]
  --sysroot FOLDER  keeps the arm64 libraries here, and uses them when they are there; also for
                    cmake --preset arm64 -DCMAKE_SYSROOT=FOLDER
END
}

sysroot=''
while [ $# -gt 0 ]; do
  case "$1" in
    --sysroot) sysroot=$(realpath -m "$2"); shift 2 ;;
    *) usage >&2; exit 2 ;;
  esac
done
if [ "$(id -u)" -ne 0 ] ||
  ! type mmdebstrap qemu-aarch64-static qemu-x86_64-static aarch64-linux-gnu-g++ >/dev/null 2>&1; then
  echo 'check-arm64.sh: needs root, and the packages mmdebstrap, qemu-user-static and' \
    'g++-aarch64-linux-gnu beside what bootstrap.sh installs' >&2
  exit 3
fi

# The host's own Debian mirror, in either format of apt's sources.
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
  grep -v '^#' | grep -oE 'https?://[^ ]+/debian/?( |$)' | head -n 1 | tr -d ' ' || true)
mirror=${mirror:-http://deb.debian.org/debian}

work=$(mktemp -d "${TMPDIR:-/tmp}/lightspine-arm64-XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT
sysroot=${sysroot:-$work/sysroot}
arm64=(qemu-aarch64-static -L "$sysroot")

# timed TEXT COMMAND...: what the command prints is shown only where it fails.
timed() {
  local start=$SECONDS status=0
  "${@:2}" >"$work/log" 2>&1 || status=$?
  [ "$status" -eq 0 ] || tail -n 40 "$work/log" >&2
  printf 'check-arm64.sh: %s: %s s, exit %s\n' "$1" "$((SECONDS - start))" "$status"
  return "$status"
}

# Unpacks the libraries alone: nothing of them is run, so that no foreign program needs to start.
sysroot_create() {
  [ ! -e "$sysroot/usr/include/igraph" ] || return 0
  mmdebstrap --variant=extract --architectures=arm64 --include="$arm64_packages" \
    bookworm "$sysroot" "$mirror" || return
  # What update-alternatives would have linked.
  ln -s blas/libblas.so.3 lapack/liblapack.so.3 "$sysroot/usr/lib/aarch64-linux-gnu"
}

# build PRESET TARGET [CMAKE OPTION...]
build() {
  cmake -S "$repository" --preset "$1" -B "$work/$1" "${@:3}" &&
    cmake --build "$work/$1" --parallel "$(nproc)" --target "$2"
}

# instruction_set COMMAND...: what the program computes with.
instruction_set() {
  "$@" devices | sed -n 's/^ *cpu *available, //p'
}

digest=''
# compare TEXT INSTRUCTION-SET COMMAND...: the digests of the sweep that merges and of the one
# that scores every design.
compare() {
  local chosen way found
  chosen=$(instruction_set "${@:3}")
  [ "$chosen" = "$2" ] || { echo "check-arm64.sh: $1: chose '$chosen', not $2" >&2; return 1; }
  for way in '' --exhaustive; do
    found=$("${@:3}" sweep "$repository/topologies/pod-4k.yaml" --json ${way:+"$way"} |
      sed -n 's/.*"front_sha256": "\([0-9a-f]*\)".*/\1/p')
    digest=${digest:-$found}
    echo "check-arm64.sh: $1, $2: sweep${way:+ $way}: ${found:-no digest}"
    [ -n "$found" ] && [ "$found" = "$digest" ] || return 1
  done
}

# Tests that start the program get one that starts it through qemu, binfmt or not.
run_tests() {
  mv "$work/arm64/lightspine" "$work/arm64/lightspine.arm64"
  printf '#!/bin/sh\nexec %s "$@"\n' "$(printf '%q ' "${arm64[@]}" "$work/arm64/lightspine.arm64")" \
    >"$work/arm64/lightspine"
  chmod +x "$work/arm64/lightspine"
  (cd "$repository" &&
    "${arm64[@]}" "$work/arm64/tests/lightspine_tests" --gtest_filter="$tests")
}

timed 'arm64 libraries' sysroot_create
timed 'native build' build no-cuda lightspine -DLIGHTSPINE_TESTS=OFF
timed 'arm64 build' build arm64 all -DLIGHTSPINE_TESTS=ON -DCMAKE_SYSROOT="$sysroot"
for isa in scalar avx2 avx512; do
  native=(env LS_ISA="$isa" "$work/no-cuda/lightspine")
  if [ "$(instruction_set "${native[@]}")" = "$isa" ]; then
    compare native "$isa" "${native[@]}"
  else
    echo "check-arm64.sh: native, $isa: SKIPPED, this processor lacks it"
  fi
done
compare 'x86-64 without AVX' scalar qemu-x86_64-static -cpu qemu64 "$work/no-cuda/lightspine"
compare arm64 scalar "${arm64[@]}" "$work/arm64/lightspine"
timed 'arm64 tests' run_tests
grep -E '^\[  PASSED  \] [1-9]' "$work/log"
echo 'check-arm64.sh: passed'
