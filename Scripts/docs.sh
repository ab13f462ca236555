#!/bin/sh
# Builds the documentation of the library into .build/docs, and fails on a warning.
#
#   sh Scripts/docs.sh
#
# The debug build must be there. The toolchain's own docc is enough.
set -eu
cd "$(dirname "$0")/.."
graphs=$(mktemp -d "${TMPDIR:-/tmp}/albert-docs.XXXXXX")
trap 'rm -rf "$graphs"' EXIT
sh Scripts/symbol-graph.sh "$graphs"
docc=$(command -v docc || echo "$(dirname "$(command -v swift)")/docc")
mkdir -p .build/docs
"$docc" convert Sources/AlbertKit/AlbertKit.docc --additional-symbol-graph-dir "$graphs" \
  --fallback-display-name AlbertKit --fallback-bundle-identifier albertkit.AlbertKit \
  --warnings-as-errors --output-path .build/docs/AlbertKit.doccarchive
echo "documentation in .build/docs/AlbertKit.doccarchive"
