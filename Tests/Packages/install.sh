#!/bin/sh
# `make install` with PREFIX and DESTDIR: what it lays down, and that the shells can read it.
#
#   sh Tests/Packages/install.sh TOOL
set -eu
cd "$(dirname "$0")/../.."
tool=$(realpath "$1")
scratch=$(mktemp -d "${TMPDIR:-/tmp}/albert-install.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
make -s install ALBERT="$tool" DESTDIR="$scratch/stage" PREFIX="/opt/a place"
prefix="$scratch/stage/opt/a place"
[ "$(ls "$scratch/stage")" = opt ] || { echo "FAILED: something lies outside of PREFIX"; exit 1; }
"$prefix/bin/albert" convert "$prefix/share/albertkit/samples/tiny-tf1" "$scratch/tiny.albert" >"$scratch/said"
share="$prefix/share"
for file in man/man1/albert.1.gz man/man1/albert-convert.1.gz bash-completion/completions/albert \
  zsh/site-functions/_albert fish/vendor_completions.d/albert.fish albertkit/schemas/verify.schema.json; do
  [ -s "$share/$file" ] || { echo "FAILED: $file is not there"; exit 1; }
done
PATH="$prefix/bin:$PATH" sh Tests/Packages/completions.sh "$share"
if command -v man >/dev/null; then
  for page in "$share"/man/man1/*.gz; do
    told=$(LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -l "$page" 2>&1 >/dev/null)
    [ -z "$told" ] || { echo "FAILED: $page: $told"; exit 1; }
  done
fi
echo "passed: make install"
