#!/bin/sh
# Fails where a tag is not the version that the tool says of itself.
#
#   sh Scripts/package/tagged.sh v1.0.0
set -eu
cd "$(dirname "$0")/../.."
version=$(sed -n 's/.*static let text = "\(.*\)"/\1/p' Sources/albert/Support/ToolVersion.swift)
[ "$1" = "v$version" ] || { echo "the tag is $1, and albert --version says $version"; exit 1; }
