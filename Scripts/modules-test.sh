#!/bin/sh
# What modules.py finds in a package of three modules.
set -eu
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

mkdir -p "$scratch/Sources/Bytes" "$scratch/Sources/JSON" "$scratch/Sources/albert" "$scratch/docs"
cat >"$scratch/package.json" <<'JSON'
{"targets": [
  {"name": "AlbertBytes", "type": "regular", "path": "Sources/Bytes", "dependencies": []},
  {"name": "AlbertJSON", "type": "regular", "path": "Sources/JSON",
   "dependencies": [{"target": ["AlbertBytes", null]}]},
  {"name": "albert", "type": "executable",
   "dependencies": [{"byName": ["AlbertJSON", null]}, {"product": ["SystemPackage", "s", null, null]}]}
]}
JSON
reset() {
  printf 'package import SystemPackage\n' >"$scratch/Sources/Bytes/A.swift"
  printf '@testable import AlbertBytes\nlet text = "import AlbertXML"\n' >"$scratch/Sources/JSON/A.swift"
  printf 'internal import struct AlbertJSON.Value\nimport SystemPackage\n' >"$scratch/Sources/albert/A.swift"
  printf '| module | what it holds |\n|---|---|\n| `Bytes` `JSON` | text |\n| `albert` | the tool |\n\n%s\n%s\n' \
    '<!-- imports -->' '<!-- end of imports -->' >"$scratch/docs/design.md"
  : >"$scratch/Sources/Bytes/A.swift"
  run draw
}
run() { python3 Scripts/modules.py "$1" --root "$scratch" --dump "$scratch/package.json"; }
expect() { # expect TEXT WHAT: the check says TEXT (nothing, where it is empty) where WHAT
  said=$(run check || true)
  case $said in
    "$1" | *"$1"*) [ -n "$1" ] || [ -z "$said" ] || { echo "modules.py says '$said' where $2"; exit 1; } ;;
    *) echo "modules.py says '$said' where $2"; exit 1 ;;
  esac
}

reset; expect "" "all agrees"
: >"$scratch/Sources/albert/A.swift"; printf 'import AlbertJSON\n' >"$scratch/Sources/albert/A.swift"
expect "albert depends on SystemPackage and never imports it" "an edge is unused"
reset; printf 'import AlbertBytes\n' >>"$scratch/Sources/albert/A.swift"
expect "Sources/albert: imports AlbertBytes, which Package.swift does not say" "an edge is missing"
reset; printf 'import AlbertJSON\n' >"$scratch/Sources/Bytes/A.swift"
expect "Sources/Bytes: imports AlbertJSON" "an import runs back"
reset; sed -i.old 's/"dependencies": \[\]/"dependencies": [{"target": ["AlbertJSON", null]}]/' "$scratch/package.json"
expect "AlbertBytes depends on AlbertJSON, which comes below it" "an edge runs back"
mv "$scratch/package.json.old" "$scratch/package.json"
reset; sed -i.old 's/`Bytes` `JSON` | text/`Bytes` | text/' "$scratch/docs/design.md"
expect "the table of modules has JSON 0 times" "the table lacks a module"
reset; sed -i.old 's/`JSON` | text/`JSON` `XML` | text/' "$scratch/docs/design.md"
expect "the table of modules has XML, which is no module" "the table has one too many"
reset; echo "" >>"$scratch/docs/images/imports.svg"
expect "docs/images/imports.svg: is not what" "a picture is stale"
reset; sed -i.old 's/| `Bytes` | /| `Bytes` | `JSON` /' "$scratch/docs/design.md"
expect "docs/design.md: is not what" "the table of imports is stale"
