#!/bin/sh
# Unpacks the relocatable archive in a bare system without any of its libraries, uses it where it lies, moves
# it, and uses it through a link.
#
#   sh Tests/Packages/tarball.sh ARCHIVE
set -eu
cd "$(dirname "$(realpath "$0")")/../.."
set -- "$(realpath "$1")"
. Tests/Packages/root.sh

step "unpack $(basename "$1") in $suite"
mkdir -p "$root/opt/first place"
tar -C "$root/opt/first place" --strip-components=1 -xJf "$1"
for library in libopenblas libgfortran libjson-c; do
  ! inside /sbin/ldconfig -p | grep -q "$library" || fail "the bare system has $library"
done
place="/opt/first place"
! inside ldd "$place/bin/albert" | grep "not found" || fail "a library is missing"
use "$place/bin/albert" "$place/share/albertkit/samples"

step "move it, and link to it"
mkdir -p "$root/srv/deep"
mv "$root/opt/first place" "$root/srv/deep/albertkit"
ln -s /srv/deep/albertkit/bin/albert "$root/usr/local/bin/albert"
use albert /srv/deep/albertkit/share/albertkit/samples
inside zcat /srv/deep/albertkit/share/man/man1/albert.1.gz | grep -q '^.TH "ALBERT"' || fail "albert(1)"
echo "passed: $(basename "$1") in $suite"
