#!/bin/sh
# What links.py finds and what it lets pass.
set -eu
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/docs" "$scratch/Sources/Bytes"
printf 'test:\n\ttrue\n' >"$scratch/Makefile"
printf '# The `first` heading\n' >"$scratch/docs/a.md"
cat >"$scratch/README.md" <<'MD'
[a](docs/a.md) [b](docs/a.md#the-first-heading) [c](#words) [d](https://example.org/none)
## Words
`make test`, `make SOMETHING`, `Sources/Bytes`, `Sources/NAME/File.swift`, `[x](none.md)`
```
[in code](none.md) `Sources/None`
```
MD
python3 Scripts/links.py "$scratch"
cat >"$scratch/README.md" <<'MD'
[a](docs/none.md) [b](docs/a.md#none)
`make nothing`, `Sources/None/A.swift`
MD
found=$(python3 Scripts/links.py "$scratch" | wc -l)
[ "$found" = 4 ] || { echo "links.py finds $found problems, not 4"; exit 1; }
