#!/bin/sh
# Verifies an exported model against the one it was made of, and leaves reports that a build server
# shows. Needs the albert binary alone.
#
#   verify-export.sh SUBJECT REFERENCE [FOLDER] [OPTION…]
#
# FOLDER (default: albert-reports) gets junit.xml, summary.md, verify.json and verify.html; further
# options go to 'albert verify'. ALBERT names the binary where it is not on the PATH. On GitHub the
# summary is added to the job's page, and a drift is marked on the pull request.
# The exit code is that of 'albert verify': 0 it holds, 1 it drifted, 2 a file cannot be used.
set -u
if [ $# -lt 2 ]; then
  echo "usage: $0 SUBJECT REFERENCE [FOLDER] [OPTION...]" >&2
  exit 64
fi
subject=$1
reference=$2
folder=${3:-albert-reports}
shift 2
[ $# -gt 0 ] && shift

mkdir -p "$folder" || exit 2
# What an earlier run left must not pass for this one's.
rm -f "$folder/junit.xml" "$folder/summary.md" "$folder/verify.json" "$folder/verify.html"

code=0
"${ALBERT:-albert}" verify "$subject" --against "$reference" "$@" \
  --report "$folder/junit.xml" --report "$folder/summary.md" \
  --report "$folder/verify.json" --report "$folder/verify.html" || code=$?

if [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ -f "$folder/summary.md" ]; then
  cat "$folder/summary.md" >> "$GITHUB_STEP_SUMMARY"
fi
if [ "${GITHUB_ACTIONS:-}" = true ]; then
  case $code in
    0) ;;
    1) echo "::error title=The export drifted::it is no longer the model that it was made of; the summary says where" ;;
    *) echo "::error title=The export could not be verified::albert ended with $code" ;;
  esac
fi
exit "$code"
