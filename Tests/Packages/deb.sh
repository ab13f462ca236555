#!/bin/sh
# Installs the Debian package into a bare system, uses it there, and removes it again.
#
#   sh Tests/Packages/deb.sh PACKAGE [SUITE=bookworm]
set -eu
cd "$(dirname "$(realpath "$0")")/../.."
set -- "$(realpath "$1")"
. Tests/Packages/root.sh

# Every file and link, but for what any use of apt leaves behind.
files() {
  (cd "$root" && find . -xdev \( -path ./proc -o -path ./dev -o -path ./var/cache -o -path ./var/log \
    -o -path ./var/lib/apt -o -path ./var/lib/dpkg -o -path ./tmp \) -prune -o -print) |
    grep -vxE './etc/(ld\.so\.cache|resolv\.conf|hosts)' | sort
}
inside apt-get update -qq
inside apt-get install -qq -y --no-install-recommends zsh fish >"$root/tmp/said" 2>&1 || { cat "$root/tmp/said"; fail "shells"; }
files >"$root/tmp/before"

step "install $(basename "$1") in $suite"
cp "$1" "$root/tmp/albertkit.deb"
inside apt-get install -qq -y --no-install-recommends /tmp/albertkit.deb >"$root/tmp/said" 2>&1 ||
  { cat "$root/tmp/said"; fail "install"; }
inside albert --version
! inside sh -c 'ldd /usr/bin/albert | grep "not found"' || fail "a library is missing"
use albert /usr/share/albertkit/samples

step "what belongs to it"
for page in albert albert-convert albert-verify; do
  inside zcat "/usr/share/man/man1/$page.1.gz" | grep -q '^.SH "SYNOPSIS"' || fail "$page(1)"
done
cp Tests/Packages/completions.sh Tests/Packages/completions.zsh "$root/tmp/"
inside sh /tmp/completions.sh /usr/share || fail "completions"
inside sh -c '[ -s /usr/share/albertkit/schemas/convert.schema.json ]' || fail "schemas"
as_user 'sh /usr/share/albertkit/samples/demo.sh albert >said && grep -q "^Done" said || grep -q "Done\." said; rm said' ||
  fail "the demo"

step "remove"
inside apt-get purge -qq -y albertkit >"$root/tmp/said" 2>&1 || { cat "$root/tmp/said"; fail "purge"; }
inside apt-get autoremove -qq -y --purge >"$root/tmp/said" 2>&1
files >"$root/tmp/after"
diff "$root/tmp/before" "$root/tmp/after" || fail "the package left something behind"
[ "$(inside dpkg-query -W -f '${Status}' albertkit 2>/dev/null || true)" = "" ] || fail "dpkg still knows it"
echo "passed: $(basename "$1") in $suite"
