#!/usr/bin/env bash
# Prints docs/tutorial.md as it should be: what stands in a block `sh` runs, in one folder from the
# first to the last, and the block `text` after it holds what that printed. Of a block `sh slow`,
# which takes minutes, only the options are checked, and the text after it stays.
set -euo pipefail
program=$(realpath "$1")
page=$(realpath "$2")
root=$(realpath "$(dirname "${BASH_SOURCE[0]}")/..")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin" "$scratch/here"
ln -s "$program" "$scratch/bin/lightspine"
ln -s "$root/topologies" "$scratch/here/topologies"
export PATH=$scratch/bin:$PATH LC_ALL=C.UTF-8
cd "$scratch/here"

# block: copies lines up to the fence that ends the block, to the standard output and to a file.
block() {
  local line
  : >"$scratch/block"
  while IFS= read -r line; do
    printf '%s\n' "$line"
    if [ "$line" = '```' ]; then return; fi
    printf '%s\n' "$line" >>"$scratch/block"
  done
}

run_block() {
  if bash -eu "$scratch/block" </dev/null >"$scratch/out" 2>"$scratch/err"; then return; fi
  printf 'tutorial.sh: these commands fail:\n%s\n' "$(cat "$scratch/block" "$scratch/err")" >&2
  exit 1
}

# Runs nothing: an unknown option comes last, and must be the first thing that is refused.
check_block() {
  local line said
  while IFS= read -r line; do
    line=${line%% [|>]*}
    if ! [[ $line == lightspine\ * ]]; then continue; fi
    said=$(bash -c "$line --no-such-option" 2>&1 || true)
    if [[ $said == *'--no-such-option is not an option'* ]]; then continue; fi
    printf 'tutorial.sh: not taken: %s\n' "$line" >&2
    exit 1
  done <"$scratch/block"
}

: >"$scratch/out"
is_run=false
while IFS= read -r line; do
  printf '%s\n' "$line"
  case $line in
  '```sh')
    block
    run_block
    is_run=true
    ;;
  '```sh slow')
    block
    check_block
    is_run=false
    ;;
  '```text')
    if "$is_run"; then
      block >"$scratch/old"
      cat "$scratch/out"
      echo '```'
    else
      block
    fi
    ;;
  esac
done <"$page"
