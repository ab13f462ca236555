#!/bin/sh
# Writes the symbol graph of what `import AlbertKit` shows, for the list of public symbols and for DocC.
#
#   sh Scripts/symbol-graph.sh FOLDER
#
# The tests' build must be there. Modules that Sources/AlbertKit/AlbertKit.swift re-exports count as its own.
set -eu
cd "$(dirname "$0")/.."
folder=$1
built=.build/tests/release
reexported=$(sed -n 's/^@_exported public import \(Albert[A-Za-z]*\)$/\1/p' \
  Sources/AlbertKit/AlbertKit.swift | paste -sd, -)

# Modules of C are found by their maps, and headers by the folders beside them.
set --
for map in Sources/*/module.modulemap "$built"/CAlbert*.build/module.modulemap \
  .build/tests/checkouts/swift-system/Sources/*/include/module.modulemap; do
  [ ! -f "$map" ] || set -- "$@" -Xcc "-fmodule-map-file=$map"
done

mkdir -p "$folder"
rm -f "$folder"/AlbertKit*.symbols.json
swift symbolgraph-extract -module-name AlbertKit -output-dir "$folder" \
  -target "$(swiftc -print-target-info | sed -n 's/.*"unversionedTriple": "\(.*\)".*/\1/p')" \
  -I "$built/Modules" "$@" -minimum-access-level public -skip-synthesized-members \
  -experimental-allowed-reexported-modules="$reexported"
