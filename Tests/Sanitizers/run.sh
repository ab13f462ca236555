#!/bin/sh
# Runs the tests that were built with a sanitizer; `make sanitize` builds them.
#
#   sh Tests/Sanitizers/run.sh address|thread [FILTER…]
set -eu
cd "$(dirname "$0")/../.."
kind=$1
shift
# A Swift enumeration keeps its case in the spare bits of a pointer, so that what lasts as long as the process
# would count as lost.
export ASAN_OPTIONS=detect_leaks=0
if [ "$kind" = thread ]; then
  export LD_PRELOAD="$PWD/.build/mutex.so"
  export TSAN_OPTIONS="suppressions=$PWD/Tests/Sanitizers/thread.suppressions"
fi
only=
for filter; do only="$only --filter $filter"; done
# What the package manager would start as well must not be under the library that is loaded before.
# shellcheck disable=SC2086
exec ".build-$kind/release/AlbertKitPackageTests.xctest" --testing-library swift-testing --skip CommandTests $only
