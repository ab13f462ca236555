#!/bin/sh
# Prints the licences of what is inside of a binary, as the Debian packages of the archives state them.
#
#   sh Scripts/package/licences.sh PACKAGE…
set -eu
for package in "$@"; do
  file="/usr/share/doc/$package/copyright"
  [ -r "$file" ] || continue
  printf '\n%s\n\n' "---- $package ----"
  cat "$file"
done
