#!/bin/sh
# Debian's own checks of the package, without an error or a warning.
#
#   sh Tests/Packages/lint.sh PACKAGE
set -eu
lintian --allow-root --fail-on error,warning "$1"
echo "passed: lintian of $(basename "$1")"
