#!/bin/sh
# libFuzzer with the address sanitizer, on every reader in turn.
#
#   sh Tests/Fuzz/run.sh SECONDS [READER...]
#
# SECONDS is for each reader. What is learned stays in .build/fuzz/corpus; inputs that broke a reader
# are in .build/fuzz/found, and `sh Tests/Fuzz/run.sh 0 READER` with FUZZ_INPUT=FILE repeats one. Prints
# a table and exits with 1 where there was a finding. Linux only.
set -eu
cd "$(dirname "$0")/../.."
seconds=$1
shift
built=${FUZZ_BUILD:-.build/fuzz/build}
library=$(find "$(dirname "$(command -v clang)")/../lib/clang" \
  -name "libclang_rt.fuzzer_no_main*$(uname -m)*.a" -o -name 'libclang_rt.fuzzer_no_main.a' | head -n 1)
[ -n "$library" ] || { echo "this toolchain has no libFuzzer"; exit 1; }

ALBERTKIT_PROGRAMS=fuzz swift build -c release --product fuzz --scratch-path "$built" \
  --sanitize address \
  --disable-index-store \
  -Xswiftc -sanitize-coverage=edge,inline-8bit-counters,pc-table,trace-cmp \
  -Xcc -fsanitize-coverage=edge,inline-8bit-counters,pc-table,trace-cmp \
  -Xlinker "$library" -Xlinker -lstdc++ -Xswiftc -use-ld=lld
fuzz=$built/release/fuzz

work=$(mktemp -d "${TMPDIR:-/tmp}/albert-fuzz.XXXXXX")
trap 'rm -rf "$work"' EXIT
found=$PWD/.build/fuzz/found
mkdir -p "$found"
worker=.build/release/albert
[ -x "$worker" ] || worker=.build/tests/release/albert
seeds="samples Tests/Fixtures Tests/Interop/models"

# seed READER: what its corpus begins with.
seed() {
  case $1 in
    safetensors) find $seeds -name '*.safetensors' ;;
    inputs) find $seeds -name '*.safetensors' -size -64k; find $seeds -path '*golden*' -name '*.npz' ;;
    pytorch) find $seeds -name '*.pt' -o -name '*.bin' -o -name '*.pkl' -o -name '*.tar' ;;
    npz) find $seeds -name '*.npz' -o -name '*.npy' ;;
    golden) find $seeds -path '*golden*' -name '*.npz' ;;
    msgpack) find $seeds -name '*.msgpack' ;;
    onnx | graph) find $seeds -name '*.onnx' ;;
    tflite) find $seeds -name '*.tflite' ;;
    tensorflow) find $seeds -name '*.index' ;;
    saved-model) find $seeds -name 'saved_model.pb' ;;
    hdf5) find $seeds -name '*.h5' ;;
    keras) find $seeds -name '*.keras' ;;
    shard-index) find $seeds -name '*.index.json' ;;
    sentencepiece) find $seeds -name 'spiece.model' ;;
    tokenizer) find $seeds -name 'tokenizer.json' ;;
    vocabulary) find $seeds -name 'vocab.txt' ;;
    json | config) find $seeds schemas -name '*.json' ;;
    native) "$worker" convert samples/tiny-tf1 "$work/seed.albert" --no-verify >/dev/null
            echo "$work/seed.albert" ;;
  esac
}

[ $# -gt 0 ] || set -- $("$fuzz")
rows=
status=0
for reader; do
  corpus=.build/fuzz/corpus/$reader
  folder=$work/$reader
  mkdir -p "$corpus" "$folder"
  seed "$reader" | while read -r file; do
    # Larger ones are seldom reached, and slow.
    [ "$(wc -c <"$file")" -gt 524288 ] || cp "$file" "$corpus/$(echo "$file" | tr / _)"
  done
  case $reader in
    tensorflow) cp samples/tiny-tf1/model.ckpt-best.data-00000-of-00001 "$folder/model.data-00000-of-00001" ;;
    saved-model) cp -r Tests/Fixtures/containers/tensorflow/saved-model/variables "$folder/" ;;
  esac
  [ "$reader" = config ] || cp samples/tiny-tf1/albert_config.json "$folder/"
  log=$work/$reader.log
  : >"$log.began"
  echo "$reader"
  if ! SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 \
    FUZZ_TARGET=$reader FUZZ_FOLDER=$folder FUZZ_WORKER=$worker \
    "$fuzz" ${FUZZ_INPUT:-"$corpus" -max_total_time="$seconds"} -max_len=524288 -timeout=20 -report_slow_units=15 \
    -rss_limit_mb=2048 -print_final_stats=1 -verbosity=1 -artifact_prefix="$found/$reader-" \
    >"$log" 2>&1
  then
    status=1
    grep -E 'ERROR:|Fatal error|Test unit written|SUMMARY' "$log" || tail -n 5 "$log"
  fi
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  covered=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
  rows="$rows| $reader | ${runs:--} | ${covered:--} | $(find "$corpus" -type f | wc -l) | $(
    find "$found" -name "$reader-*" -newer "$log.began" | wc -l) |
"
done

echo
echo "| reader | inputs | edges covered | corpus | findings |"
echo "|---|---|---|---|---|"
printf %s "$rows"
exit $status
