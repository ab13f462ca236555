#!/bin/sh
# Lays the tool out below a folder, with all that belongs to it: manual pages, completions, schemas, samples.
#
#   sh Scripts/package/stage.sh TOOL FOLDER
#
# FOLDER is where a prefix such as /usr/local stands. ZSH names the place of zsh's completions in it;
# SYMBOLS=keep leaves the binary as it was built.
set -eu
cd "$(dirname "$0")/../.."
tool=$1
into=$2
share="$into/share"

install -d "$into/bin" "$share/man/man1" "$share/albertkit"
install -m 755 "$tool" "$into/bin/albert"
[ "${SYMBOLS:-}" = keep ] ||
  strip --strip-all --remove-section=.comment --remove-section=.note "$into/bin/albert"

pages=$(mktemp -d "${TMPDIR:-/tmp}/albert-man.XXXXXX")
trap 'rm -rf "$pages"' EXIT
python3 Scripts/manual.py man "$tool" "$pages"
for page in "$pages"/*.1; do
  gzip -9n "$page"
  install -m 644 "$page.gz" "$share/man/man1/"
done

# The completion of SHELL as a file that stands at PLACE.
completion() {
  install -d "$share/$(dirname "$2")"
  "$tool" --generate-completion-script "$1" >"$share/$2"
  chmod 644 "$share/$2"
}
completion bash bash-completion/completions/albert
# It is read by a shell, never run.
sed -i '1{/^#!/d}' "$share/bash-completion/completions/albert"
completion zsh "${ZSH:-zsh/site-functions}/_albert"
completion fish fish/vendor_completions.d/albert.fish

cp -R schemas samples "$share/albertkit/"
rm -rf "$share/albertkit/samples/make"
find "$share/albertkit" -name __pycache__ -prune -exec rm -rf {} +
find "$share/albertkit" -type d -exec chmod 755 {} +
find "$share/albertkit" -type f -exec chmod 644 {} +
find "$share/albertkit" -name '*.sh' -exec chmod 755 {} +
