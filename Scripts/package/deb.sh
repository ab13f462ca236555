#!/bin/sh
# Makes the Debian package of a built tool; prints its path.
#
#   sh Scripts/package/deb.sh TOOL FOLDER
set -eu
cd "$(dirname "$0")/../.."
tool=$1
into=$2
. Scripts/package/version.sh
# A revision below the first that a distribution would give, and of which one its libraries are.
revision="$version-0$(. /etc/os-release && echo "$ID$VERSION_ID")"
architecture=$(dpkg --print-architecture)
work=$(mktemp -d "${TMPDIR:-/tmp}/albert-deb.XXXXXX")
trap 'rm -rf "$work"' EXIT
root="$work/root"
doc="$root/usr/share/doc/albertkit"

ZSH=zsh/vendor-completions sh Scripts/package/stage.sh "$tool" "$root/usr"
# Debian's libraries lie where its loader looks.
patchelf --remove-rpath "$root/usr/bin/albert"

install -d "$doc"
date=$(date -R -d "@$SOURCE_DATE_EPOCH")
maintainer="AlbertKit developers <albertkit@users.noreply.github.com>"
cat >"$doc/changelog.Debian" <<TEXT
albertkit ($revision) stable; urgency=medium

  * The release $version; changelog.gz says what is new.

 -- $maintainer  $date
TEXT
cp CHANGELOG.md "$doc/changelog"
gzip -9n "$doc/changelog.Debian" "$doc/changelog"
{
  cat Scripts/package/copyright
  sh Scripts/package/licences.sh libhdf5-dev libaec-dev libutf8proc-dev libsqlite3-dev
} >"$doc/copyright"
chmod 644 "$doc"/*

# What it needs: of what it is linked with, dpkg's own answer; of what it loads by name, that of the
# package which has it.
mkdir -p "$work/debian"
printf 'Source: albertkit\n\nPackage: albertkit\nArchitecture: any\n' >"$work/debian/control"
linked=$(cd "$work" && dpkg-shlibdeps -O -e root/usr/bin/albert 2>"$work/said" | sed -n 's/^shlibs:Depends=//p')
set -- $(sh Scripts/package/loaded.sh "$tool")
package=$(dpkg-query -S "$(readlink -f "$2")" | sed -n '1s/:.*//p')
soname=${1%%.so*}
loaded=$(awk -v name="$soname" -v version="${1##*.so.}" \
  '$1 == name && $2 == version { $1 = $2 = ""; sub(/^ +/, ""); print; exit }' \
  /var/lib/dpkg/info/"$package"*.shlibs)
[ -n "$linked" ] && [ -n "$loaded" ] || {
  cat "$work/said" >&2
  echo "what the package depends on is not known" >&2
  exit 1
}

mkdir "$root/DEBIAN"
cat >"$root/DEBIAN/control" <<TEXT
Package: albertkit
Version: $revision
Architecture: $architecture
Maintainer: $maintainer
Installed-Size: $(du -sk --apparent-size "$root/usr" | cut -f1)
Depends: $linked, $loaded
Section: science
Priority: optional
Homepage: https://github.com/albertkit/AlbertKit
Description: convert, inspect and verify ALBERT weights of every format
 The command albert reads ALBERT (A Lite BERT) checkpoints of TensorFlow 1
 and 2, Keras, PyTorch, safetensors, Flax, NumPy and ONNX. It converts them
 to one memory-mappable file or to what a runtime wants, counts their
 parameters, runs them, and proves with a forward pass that nothing changed
 on the way. Where two models differ, it says why.
TEXT
(cd "$root" && find usr -type f | sort | xargs md5sum) >"$root/DEBIAN/md5sums"
chmod 644 "$root/DEBIAN"/*
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

mkdir -p "$into"
rm -f "$into"/albertkit_*_"$architecture".deb
package="$into/albertkit_${revision}_$architecture.deb"
dpkg-deb --root-owner-group -Zxz --build "$root" "$package" >/dev/null
echo "$package"
