#!/bin/sh
# ONNX's own node tests, those that ONNX 1.16 ships and those that a new version makes.
#
#   sh Tests/Conformance/run.sh
#
# Installs both versions into .build/conformance and runs every test whose operators and types are
# computed here. Prints what passed, failed and was refused, by operator and reason; exits with 1 where
# one failed, or fewer passed than ever before.
set -eu
cd "$(dirname "$0")/../.."
here=Tests/Conformance
folder=.build/conformance
mkdir -p "$folder"
ALBERTKIT_PROGRAMS=conformance swift build -c release --product conformance --scratch-path "$folder/build"
status=0

# tests VERSION LEAST: those of one version, of which so many pass at least.
tests() {
  wanted=$here/requirements/onnx-$1.txt
  if ! cmp -s "$wanted" "$folder/$1/installed.txt"; then
    echo "installing onnx $1"
    python3 -m venv --clear "$folder/$1"
    "$folder/$1/bin/pip" install -q --disable-pip-version-check -r "$wanted"
    cp "$wanted" "$folder/$1/installed.txt"
  fi
  echo
  "$folder/$1/bin/python" -B "$here/node_cases.py" "$folder/$1.cases"
  "$folder/build/release/conformance" "$folder/$1.cases" "$2" || status=1
}

tests 1.16.2 720
tests 1.23.2 1100
exit $status
