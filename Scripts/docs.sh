#!/bin/sh
# Builds one site of the pages and of the library's reference into .build/docs/site, and fails on a warning and
# on a link that leads nowhere.
#
#   sh Scripts/docs.sh
#
# The tests' build must be there. The toolchain's own docc is enough, and Debian's python3-markdown.
set -eu
cd "$(dirname "$0")/.."
graphs=$(mktemp -d "${TMPDIR:-/tmp}/albert-docs.XXXXXX")
trap 'rm -rf "$graphs"' EXIT
sh Scripts/symbol-graph.sh "$graphs"
docc=$(command -v docc || echo "$(dirname "$(command -v swift)")/docc")
mkdir -p .build/docs
"$docc" convert Sources/AlbertKit/AlbertKit.docc --additional-symbol-graph-dir "$graphs" \
  --fallback-display-name AlbertKit --fallback-bundle-identifier albertkit.AlbertKit \
  --warnings-as-errors --transform-for-static-hosting --hosting-base-path library \
  --output-path .build/docs/AlbertKit.doccarchive
/usr/bin/python3 Scripts/site.py .build/docs/site .build/docs/AlbertKit.doccarchive
