#!/bin/sh
# Prints the library that a binary loads by name while it runs, and dpkg-shlibdeps cannot see: the first of
# its names that this machine has, with its path.
#
#   sh Scripts/package/loaded.sh TOOL
set -eu
names=$(strings -n 8 "$1" | grep -xE 'lib[a-z]*blas[a-z]*\.so(\.[0-9]+)*' | awk '!seen[$0]++')
# The one that the tool prefers; strings may come in any order.
for name in libopenblas.so.0 $names; do
  printf '%s\n' "$names" | grep -qxF "$name" || continue
  path=$(/sbin/ldconfig -p | awk -v name="$name" '$1 == name { print $NF; exit }')
  [ -z "$path" ] || { echo "$name $path"; exit; }
done
echo "no library that $1 multiplies with is installed" >&2
exit 1
