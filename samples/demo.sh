#!/bin/sh
# The first minute: a real checkpoint of Google's code, converted, inspected, verified and asked.
set -eu
albert=$1
samples=$(dirname "$0")
work=$(mktemp -d "${TMPDIR:-/tmp}/albert.XXXXXX")
trap 'rm -rf "$work"' EXIT

say() { printf '\n\033[1m%s\033[0m\n' "$1"; }
show() { printf '$ albert %s\n' "$*"; "$albert" "$@"; }

say "1. A checkpoint that Google's TensorFlow 1 code wrote becomes a native file."
show convert "$samples/tiny-tf1" "$work/tiny.albert"

say "2. What is in it, and what sharing one layer's weights saved."
show inspect "$work/tiny.albert"

say "3. Every digest holds: not one bit differs from what was written."
show check "$work/tiny.albert"

say "4. Both forward passes agree with the activations that upstream recorded."
show verify "$work/tiny.albert" --golden "$samples/tiny-tf1-golden.npz"

say "5. A sentence goes in, and the right word comes out: a model trained on the King James Version."
show convert "$samples/bible" "$work/bible.albert"
show run "$work/bible.albert" --top 3 --text "And the children of [MASK] did evil in the sight of the LORD."

say "Done."
cat <<TEXT
A TensorFlow 1 checkpoint was read without TensorFlow or Python, written as a file that any
safetensors reader opens, and proven: the same inputs give the activations that the original
library computed, in Float64 to about 1e-14 and in Float32 to about 1e-6.

Try it on your own: $albert convert YOUR_CHECKPOINT model.albert
TEXT
