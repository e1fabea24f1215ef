#!/usr/bin/env bash
# After an intended change of results: writes anew what tests compare with the program. In
# docs/years.md a comment before each block names the command that prints it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
program=${1:-build/lightspine}

"$program" optimize topologies/pod-512.yaml -o results/example-pod-512 >/dev/null
"$program" validate topologies/reference/validation.yaml >docs/validation.md.new
mv docs/validation.md.new docs/validation.md
tools/tutorial.sh "$program" docs/tutorial.md >docs/tutorial.md.new
mv docs/tutorial.md.new docs/tutorial.md

while IFS= read -r line; do
  if [[ $line =~ ^'<!-- lightspine '(.*)' -->'$ ]]; then
    read -r -a words <<<"${BASH_REMATCH[1]}"
    printf '%s\n```\n' "$line"
    "$program" "${words[@]}"
    printf '```\n'
    # What stood there before: from one fence to the next.
    fences=0
    while [ "$fences" -lt 2 ] && IFS= read -r line; do
      [ "$line" != '```' ] || fences=$((fences + 1))
    done
  else
    printf '%s\n' "$line"
  fi
done <docs/years.md >docs/years.md.new
mv docs/years.md.new docs/years.md
