#!/usr/bin/env bash
# The project's own rules as a test: which file may include which library, what kernels/ may see,
# how long functions and files may be. Prints every breach; exits 1 when there is one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

function_lines_max=80
file_lines_max=700
breaches=0

breach() {
  printf '%s\n' "$1"
  breaches=$((breaches + 1))
}

mapfile -t files < <(git ls-files --cached --others --exclude-standard |
  while read -r file; do [ -f "$file" ] && printf '%s\n' "$file"; done)
mapfile -t sources < <(printf '%s\n' "${files[@]}" | grep -E '\.(c|h|cu|cuh|cpp)$')

# includes HEADER-REGEX ALLOWED-FILE-REGEX: no other file includes the header.
includes() {
  local hit
  while IFS= read -r hit; do
    [[ "${hit%%:*}" =~ ^($2)$ ]] || breach "$hit: only $2 may include it"
  done < <(grep -nE "^ *# *include *[<\"]$1" "${sources[@]}" || true)
}

includes 'igraph' 'host/verify\.c|tests/test_(graphml|export)\.c'
includes 'hwloc' 'host/devices\.c'
includes 'yaml\.h' 'host/yaml_tree\.c'
includes 'libxml/' 'host/xml\.c'
includes 'nettle/' 'host/files\.c'
includes 'Random123/' 'host/draw\.c'
includes 'glpk' 'host/linear\.c'
includes 'sqlite3' 'host/run_store\.c|tests/test_resume[a-z_]*\.c'
includes 'jansson' 'host/json\.c|tests/test_[a-z_]*\.c'
includes 'cuda[a-z_]*\.h' 'kernels/([a-z_]*\.cuh?|device\.h)|tests/cuda_emu/.*'
includes 'gtest/' 'tests/shim/shim\.cpp|tests/cuda_emu/[a-z_]*\.cpp'

while IFS= read -r hit; do
  breach "$hit: kernels/ must not see host/"
done < <(printf '%s\n' "${sources[@]}" | grep '^kernels/' |
  xargs -r grep -nE '^ *# *include *".*host/' /dev/null || true)

# A function's brace stands alone at the start of a line, and so does the one that closes it.
while IFS= read -r hit; do
  breach "$hit"
done < <(printf '%s\n' "${sources[@]}" | xargs -r awk -v max="$function_lines_max" '
  FNR == 1 { start = 0 }
  /^\{/ { start = FNR }
  /^\}/ {
    if (start && FNR - start + 1 > max)
      printf "%s:%d: a function of %d lines, at most %d\n", FILENAME, start, FNR - start + 1, max
    start = 0
  }')

while IFS= read -r hit; do
  breach "$hit"
done < <(printf '%s\n' "${files[@]}" | grep -E '\.(c|h|cu|cuh|cpp|sh|py|cmake|txt)$' |
  xargs -r awk -v max="$file_lines_max" '
  FNR == max + 1 { printf "%s: longer than %d lines\n", FILENAME, max }')

marks='TO''DO|FIX''ME'
while IFS= read -r hit; do
  breach "$hit: unfinished"
done < <(printf '%s\n' "${files[@]}" | grep -E '\.(c|h|cu|cuh|cpp|sh|py|md|txt|json|yaml)$' |
  xargs -r grep -nE "\b($marks)\b" /dev/null || true)

if [ "$breaches" -gt 0 ]; then
  echo "check-rules.sh: $breaches breaches"
  exit 1
fi
echo "check-rules.sh: ${#sources[@]} sources keep the rules"
