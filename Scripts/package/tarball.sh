#!/bin/sh
# Makes the archive of a built tool that can be unpacked anywhere; prints its path.
#
#   sh Scripts/package/tarball.sh TOOL FOLDER
#
# The libraries that not every distribution has come along, and are looked for beside the binary; the C
# library and that of C++ are the machine's.
set -eu
cd "$(dirname "$0")/../.."
tool=$1
into=$2
. Scripts/package/version.sh
name="albertkit-$version-linux-$(uname -m)"
work=$(mktemp -d "${TMPDIR:-/tmp}/albert-tar.XXXXXX")
trap 'rm -rf "$work"' EXIT
root="$work/$name"
libraries="$root/lib/albertkit"

sh Scripts/package/stage.sh "$tool" "$root"
cp LICENSE CHANGELOG.md "$root/"
install -m 644 Scripts/package/README.tarball "$root/README"

# Those that a file needs and the loader finds, but for the machine's own.
needed() {
  ldd "$1" | awk '$2 == "=>" && $3 ~ /^\// { print $3 }' |
    grep -vE '/(libc|libm|libdl|libpthread|librt|libgcc_s|libstdc\+\+|ld-linux[^/]*)\.so'
}
set -- $(sh Scripts/package/loaded.sh "$tool")
loaded=$2
install -d "$libraries"
for library in "$loaded" $(needed "$tool") $(needed "$loaded"); do
  install -m 644 "$(readlink -f "$library")" "$libraries/$(basename "$library")"
  # Each finds the others beside itself.
  patchelf --set-rpath '$ORIGIN' "$libraries/$(basename "$library")"
done
patchelf --set-rpath '$ORIGIN/../lib/albertkit' "$root/bin/albert"
packages=$(for library in "$libraries"/*; do
  dpkg-query -S "*/$(basename "$library")" 2>/dev/null | sed 's/:.*//'
done | sort -u)
{
  sed 's|; on Debian systems.*|; its full text is in LICENSE.|; /common-licenses/d' \
    Scripts/package/copyright
  sh Scripts/package/licences.sh libhdf5-dev libaec-dev libutf8proc-dev libsqlite3-dev $packages
} >"$root/COPYRIGHT"

mkdir -p "$into"
rm -f "$into"/albertkit-*-linux-"$(uname -m)".tar.xz
archive="$into/$name.tar.xz"
tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" \
  -cf - "$name" | xz -T0 -6 >"$archive"
echo "$archive"
