#!/bin/sh
# Builds a user's package against this checkout and runs docs/library.md in it, word for word.
#
#   sh Tests/Consumer/run.sh
#
# ARGUMENT_PARSER names a version of swift-argument-parser that the user's package insists on.
set -eu
cd "$(dirname "$0")/../.."
here=$PWD/Tests/Consumer
built=$PWD/.build/consumer
examples=$here/Sources/Consumer/Examples
tests=$here/Tests/ConsumerTests/Examples
rm -rf "$examples" "$tests"
# Generated, so not for the lint of what is written by hand.
trap 'rm -rf "$examples" "$tests"' EXIT
mkdir -p "$examples" "$tests"
awk -v section='# As a library' -v folder="$examples" -v tests="$tests" -f "$here/extract.awk" docs/library.md

swift build --build-tests --package-path "$here" --scratch-path "$built" -debug-info-format none

# The page's files: a checkpoint where its examples expect one.
work=$(mktemp -d "${TMPDIR:-/tmp}/albert-consumer.XXXXXX")
trap 'rm -rf "$work" "$examples" "$tests"' EXIT
cp samples/tiny-tf1/* "$work"
cp -r samples/bible "$work"
cd "$work"
"$built/debug/Consumer" model.ckpt-best
"$built/debug/ConsumerPackageTests.xctest" --testing-library swift-testing
