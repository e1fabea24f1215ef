#!/usr/bin/env bash
# From a clean clone on Debian 12 to a running program. Installs only Debian packages that are
# missing, and from npm what build/npm lacks; touches no network when nothing is missing. Never
# installs nvcc: it is used where it is found.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

build_packages=(gcc libc6-dev cmake ninja-build pkg-config libigraph-dev libhwloc-dev libyaml-dev
  libxml2-dev libjansson-dev nettle-dev librandom123-dev libglpk-dev libsqlite3-dev)
cuda_packages=(g++) # nvcc's host compiler
test_packages=(g++ libgtest-dev python3-networkx python3-yaml graphviz dpkg-dev chromium gnuplot-nox)
lint_packages=(clang clang-format clang-tidy shellcheck)

usage() {
  cat <<'END'
usage: ./bootstrap.sh COMMAND
  demo       install what is missing, build, and design topologies/pod-4k.yaml
  build      install what is missing and build; the program is then build/lightspine
  test       install what is missing, build, and run all tests, also under sanitizers
  packages   install what building, testing and linting need, and stop
END
}

has_nvcc() {
  [ -n "${CUDACXX:-}" ] || command -v nvcc >/dev/null || [ -x /usr/local/cuda/bin/nvcc ]
}

is_installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Exits with 3 and the list, for a person to install by hand.
refuse() {
  printf 'bootstrap.sh: %s. These Debian packages are missing:\n' "$1" >&2
  printf '  %s\n' "${missing[@]}" >&2
  exit 3
}

install() {
  missing=()
  local package as_root=()
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  command -v apt-get >/dev/null || refuse 'there is no apt-get here'
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || refuse 'this needs root, and there is no sudo'
    as_root=(sudo)
  fi
  as_root+=(env DEBIAN_FRONTEND=noninteractive)
  echo "bootstrap.sh: installing ${missing[*]}" >&2
  # One source of several may be down; whether that matters, the installation tells.
  "${as_root[@]}" apt-get -qq update || echo 'bootstrap.sh: apt-get update failed' >&2
  "${as_root[@]}" apt-get -qq -o Dpkg::Use-Pty=0 install --yes --no-install-recommends "${missing[@]}" >&2 ||
    refuse 'apt-get could not install them'
}

# Installs what host/report/package.json lists, from npm, into one folder for all builds. Where it
# cannot be had, the build goes on without it and says so. install_report FILE [NPM OPTION...]:
# FILE is one of those wanted.
install_report() {
  local folder=build/npm
  if cmp -s host/report/package-lock.json "$folder/package-lock.json" &&
    [ -e "$folder/node_modules/$1" ]; then return 0; fi
  # In a subshell, since install gives up for good.
  command -v npm >/dev/null || (install npm) || true
  mkdir -p "$folder"
  cp host/report/package.json host/report/package-lock.json "$folder"
  if ! { command -v npm && npm ci --prefix "$folder" --no-audit --no-fund "${@:2}"; } >&2; then
    rm -rf "$folder"
    echo 'bootstrap.sh: npm cannot install the charts of report.html; gnuplot will draw some, if installed' >&2
  fi
}

# build PRESET TARGET [CMAKE OPTION...]
build() {
  cmake --preset "$1" "${@:3}"
  cmake --build --preset "$1" --parallel "$(nproc)" --target "$2"
}

build_program() {
  if has_nvcc; then build_packages+=("${cuda_packages[@]}"); fi
  install "${build_packages[@]}"
  install_report echarts/dist/echarts.min.js --omit=dev
  build release lightspine
}

case "${1:-}" in
  build)
    build_program
    ;;
  demo)
    build_program
    build/lightspine optimize topologies/pod-4k.yaml
    ;;
  test)
    install "${build_packages[@]}" "${test_packages[@]}"
    install_report playwright-core/package.json
    for preset in release asan tsan; do
      build "$preset" all -DLIGHTSPINE_TESTS=ON
      ctest --preset "$preset" --parallel "$(nproc)"
    done
    ;;
  packages)
    install "${build_packages[@]}" "${test_packages[@]}" "${lint_packages[@]}"
    install_report playwright-core/package.json
    ;;
  *)
    usage >&2
    exit 2
    ;;
esac
