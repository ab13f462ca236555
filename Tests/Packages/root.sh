# Read by the scripts beside it: `root` becomes a fresh bare system, which goes when the script ends.
#
# SUITE is Debian's or Ubuntu's name of it (bookworm), MIRROR where its packages are, COMPONENTS the parts
# of it (main). The system is made once with debootstrap and kept as an archive in CACHE.
suite=${SUITE:-bookworm}
mirror=${MIRROR:-http://deb.debian.org/debian}
cache=${CACHE:-.build/roots}
[ "$(id -u)" = 0 ] || { echo "run this as root: it makes a system of its own and changes into it"; exit 1; }
if [ -z "${APART:-}" ]; then
  # What is mounted below is nobody else's, and goes with this process.
  APART=1 exec unshare --mount --pid --fork sh "$0" "$@"
fi
mkdir -p "$cache"
if [ ! -f "$cache/$suite.tar" ]; then
  making=$(mktemp -d "$cache/making.XXXXXX")
  # It has a variable of this name itself.
  parts=${COMPONENTS:-main}
  (unset COMPONENTS && exec debootstrap --variant=minbase --components="$parts" "$suite" "$making" "$mirror") \
    >"$making.log" ||
    { tail "$making.log"; rm -rf "$making"; exit 1; }
  tar -C "$making" -cf "$cache/$suite.tar.part" . && mv "$cache/$suite.tar.part" "$cache/$suite.tar"
  rm -rf "$making" "$making.log"
fi
root=$(mktemp -d "${TMPDIR:-/tmp}/albert-root.XXXXXX")
leave() {
  umount -l "$root/proc" "$root/dev/pts" "$root/dev" 2>/dev/null || true
  rm -rf --one-file-system "$root"
}
trap leave EXIT
tar -C "$root" -xf "$cache/$suite.tar"
chmod 755 "$root"
mount --make-rprivate /
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount --bind /dev/pts "$root/dev/pts"
cp /etc/resolv.conf /etc/hosts "$root/etc/"

# A command of that system, with nothing of this one's environment.
inside() {
  chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}
# A command as somebody who may write nowhere but in a folder of theirs.
as_user() {
  chroot --userspec=1000:1000 "$root" /usr/bin/env -i HOME=/home/user PATH=/usr/local/bin:/usr/bin:/bin \
    LC_ALL=C.UTF-8 sh -ec "cd /home/user; $1"
}
mkdir -p "$root/home/user"
chown 1000:1000 "$root/home/user"

fail() { echo "FAILED: $*"; exit 1; }
step() { echo "- $*"; }
for program in swift python3; do
  ! inside sh -c "command -v $program" >/dev/null || fail "the bare system has $program"
done

# What a person with the package alone does with the tool ($1) and its samples ($2).
use() {
  step "a folder becomes a verified ONNX file in one command"
  as_user "'$1' convert '$2/tiny-tf1' tiny.onnx >said; cat said" || fail "convert to ONNX"
  as_user "grep -q 'checked all 32 parameters are bitwise equal' said && grep -q 'stages, all within tolerance' said" ||
    fail "the ONNX file was not verified"
  step "it is the model that Google's own code ran"
  as_user "'$1' convert '$2/tiny-tf1' tiny.albert >said && '$1' verify tiny.albert --golden '$2/tiny-tf1-golden.npz' >said; head -1 said" ||
    fail "verify"
  as_user "'$1' verify tiny.onnx --against tiny.albert >said" || fail "verify of the ONNX file"
  step "HDF5 is written and read back through the confined process"
  as_user "'$1' convert tiny.albert keras/ --to keras-h5 >said && '$1' verify keras --against tiny.albert --require-sandbox >said; head -1 said" ||
    fail "HDF5"
  step "a sentence becomes a result"
  as_user "'$1' convert '$2/bible' bible.albert >said" || fail "convert the sample that reads"
  began=$(date +%s%N)
  as_user "'$1' run bible.albert --top 1 --text 'And the children of [MASK] did evil in the sight of the LORD.' >said; cat said" ||
    fail "run"
  took=$((($(date +%s%N) - began) / 1000000))
  as_user "grep -q israel said" || fail "the sentence's word"
  echo "  in $took ms"
  [ "$took" -lt "${PATIENCE:-1000}" ] || fail "a sentence took $took ms"
  as_user "'$1' check bible.albert >said" || fail "check"
  chroot "$root" rm -rf /home/user/tiny.onnx /home/user/tiny.albert /home/user/keras /home/user/bible.albert /home/user/said
}
