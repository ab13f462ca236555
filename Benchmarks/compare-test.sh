#!/bin/sh
# What compare.py lets pass and what it fails on.
set -eu
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export ALBERTKIT_BASELINE="$scratch/baseline.json"
printed() { # printed MEDIAN PASSES SHARE PEAK
  printf 'fast forward pass: best 1.0 ms, median %s ms, 1.0 passes\nverify, equal weights: best 9 ms, median 9 ms, %s passes\n' "$1" "$2"
  printf "products' share of the pass: best 99.9 %%, median %s %%\npeak %s MB\n" "$3" "$4"
}
expect() { # expect STATUS WHAT
  status=0
  python3 Benchmarks/compare.py "$scratch/verify.txt" >"$scratch/said" || status=$?
  [ "$status" = "$1" ] || { echo "compare.py ends with $status where $2:"; cat "$scratch/said"; exit 1; }
}
printed 200 7.3 92.0 172 >"$scratch/verify.txt"
python3 Benchmarks/compare.py --record "$scratch/verify.txt"
expect 0 "nothing changed"
printed 210 7.9 90.0 180 >"$scratch/verify.txt"; expect 0 "noise is within what is allowed"
printed 240 7.3 92.0 172 >"$scratch/verify.txt"; expect 1 "a time is longer"
printed 200 9.0 92.0 172 >"$scratch/verify.txt"; expect 1 "a ratio is larger"
printed 200 7.3 80.0 172 >"$scratch/verify.txt"; expect 1 "a share is smaller"
printed 200 7.3 92.0 200 >"$scratch/verify.txt"; expect 1 "more memory is taken"
printf 'peak 172 MB\n' >"$scratch/verify.txt"; expect 1 "figures are gone"
sed -i.old 's/"machine": "/&another /' "$scratch/baseline.json"
printed 900 7.3 92.0 172 >"$scratch/verify.txt"; expect 0 "only a time differs, on another machine"
: >"$scratch/verify.txt"; expect 1 "nothing was printed"
