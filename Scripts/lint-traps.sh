#!/bin/sh
# Fails on Swift that can trap at run time, but for what Scripts/traps.txt lists with its reason.
#
#   sh Scripts/lint-traps.sh [FOLDER [LIST]]
#
# Looked for: try!, as!, values and types that are unwrapped by force, unowned references,
# unsafelyUnwrapped, fatalError, precondition, assert and their like. Comments and the text of strings
# do not count; what is interpolated in a string does.
set -eu
cd "$(dirname "$0")/.."
folder=${1:-Sources}
list=${2:-Scripts/traps.txt}

find "$folder" -name '*.swift' -type f | LC_ALL=C sort >"${TMPDIR:-/tmp}/traps.$$"
trap 'rm -f "${TMPDIR:-/tmp}/traps.$$"' EXIT
LC_ALL=C awk -v list="$list" -f Scripts/lint-traps.awk "${TMPDIR:-/tmp}/traps.$$"
