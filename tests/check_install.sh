#!/usr/bin/env bash
# Installs a build into a folder of its own, moves it, and uses it from there as somebody who has
# nothing else: the program, the library by pkg-config and by CMake, and the Debian package.
set -euo pipefail
build=$(realpath "$1")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
  printf 'check_install.sh: %s\n' "$1" >&2
  exit 1
}

# uses PREFIX: runs the program that is installed there; then spoils its catalog, as the program
# tells best which one it reads by complaining of it.
uses() {
  local catalog=$1/share/lightspine/catalog.yaml page
  cd "$scratch"
  for page in man/man1/lightspine.1 bash-completion/completions/lightspine \
    zsh/site-functions/_lightspine; do
    grep -q resilience "$1/share/$page" || fail "share/$page does not know all commands"
  done
  cp "$1/share/lightspine/lab-64.yaml" alone.yaml # no catalog beside it
  PATH=$1/bin:$PATH lightspine sweep alone.yaml >sweep.txt
  grep -q 'exact front of' sweep.txt || fail 'the installed program does not sweep'
  echo 'nonsense: 1' >"$catalog"
  ! "$1/bin/lightspine" sweep alone.yaml 2>error.txt || fail 'the program reads another catalog'
  grep -qF "$catalog" error.txt || fail "the program reads another catalog: $(cat error.txt)"
}

cmake --install "$build" --prefix "$scratch/first" >/dev/null
mv "$scratch/first" "$scratch/moved" # an installation may be copied elsewhere
prefix=$scratch/moved
cd "$scratch"
library=$(find "$prefix" -name liblightspine.so)
[ -n "$library" ] || fail 'there is no library'
export LD_LIBRARY_PATH=${library%/*}

names=$(nm -D --defined-only "$library" | awk '{ print $3 }' | grep -v '^lightspine_' || true)
[ -z "$names" ] || fail "the library shows names of its own: $names"

example=$prefix/share/doc/lightspine/example
export PKG_CONFIG_PATH=${library%/*}/pkgconfig
read -ra flags <<<"$(pkg-config --cflags --libs lightspine)"
"${CC:-cc}" -Wall -Wextra -Werror "$example/cheapest.c" "${flags[@]}" -o by-pkg-config
./by-pkg-config "$prefix/share/lightspine/lab-64.yaml" | tee example.txt
grep -q '^the cheapest of [0-9]* designs' example.txt || fail 'the example says something else'
! ./by-pkg-config missing.yaml 2>error.txt || fail 'a missing spec is no error'
grep -q 'missing.yaml' error.txt || fail 'the error does not name the file'

cmake -S "$example" -B by-cmake -DCMAKE_PREFIX_PATH="$prefix" >/dev/null
cmake --build by-cmake >/dev/null
by-cmake/cheapest "$prefix/share/lightspine/lab-64.yaml" | cmp - example.txt ||
  fail 'the example differs when it is built by CMake'
uses "$prefix"

if ! command -v dpkg-shlibdeps >/dev/null; then
  echo 'no dpkg-shlibdeps (dpkg-dev): the Debian package is not tried'
  exit 0
fi
(cd "$build" && cpack -G DEB -B "$scratch/package" >/dev/null)
package=$(find "$scratch/package" -maxdepth 1 -name 'lightspine_*.deb')
[ -n "$package" ] || fail 'cpack makes no package'
dpkg-deb --field "$package" Depends | grep -q 'libigraph' || fail 'the package depends on no igraph'
dpkg-deb --extract "$package" unpacked
uses "$scratch/unpacked/usr"
