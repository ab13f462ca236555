#!/bin/sh
# Holds the C kernels against plain loops, on this processor and, emulated, on a 64-bit ARM.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p .build/kernels
sources="Tests/Kernels/kernels.c Sources/CKernels/*.c"
flags="-O2 -Wall -Werror -ISources/CKernels/include"
# shellcheck disable=SC2086
clang $flags -g -fsanitize=address,undefined -fno-sanitize-recover=all -fuse-ld=lld $sources -lm -o .build/kernels/here
.build/kernels/here
cross=$(dirname "$(ls /usr/lib/gcc-cross/aarch64-linux-gnu/*/crtbeginS.o | tail -n 1)")
# shellcheck disable=SC2086
clang --target=aarch64-linux-gnu --sysroot=/ --gcc-install-dir="$cross" -isystem /usr/aarch64-linux-gnu/include \
  -L/usr/aarch64-linux-gnu/lib -fuse-ld=lld -static $flags $sources -lm -o .build/kernels/arm64
qemu-aarch64 .build/kernels/arm64
# The rest of the C must at least compile there.
for source in Sources/CPlatform/*.c; do
  # shellcheck disable=SC2086
  clang --target=aarch64-linux-gnu -isystem /usr/aarch64-linux-gnu/include $flags -ISources/CPlatform/include \
    -fsyntax-only "$source"
done
echo "passed: kernels on $(uname -m) and arm64"
