#!/bin/sh
# Fails where the library's public surface is not what Scripts/public-symbols.txt lists.
#
#   sh Scripts/public-symbols.sh [--update]
#
# The tests' build must be there. --update writes the list anew: a line for each declaration, an enumeration
# with its cases.
set -eu
cd "$(dirname "$0")/.."
list=Scripts/public-symbols.txt
work=$(mktemp -d "${TMPDIR:-/tmp}/albert-symbols.XXXXXX")
trap 'rm -rf "$work"' EXIT
sh Scripts/symbol-graph.sh "$work"
python3 Scripts/public-symbols.py "$work"/*.symbols.json >"$work/list"
if [ "${1:-}" = --update ]; then
  cp "$work/list" "$list"
elif ! diff -u "$list" "$work/list"; then
  echo "The public surface has changed: take it back, or note it in CHANGELOG.md and run" >&2
  echo "sh Scripts/public-symbols.sh --update" >&2
  exit 1
fi
