#!/bin/sh
# Writes every format and loads it with the library that it is meant for.
#
#   sh Tests/Interop/run.sh ALBERT [FOLDER]
#
# FOLDER, .build/interop without one, keeps a virtual environment for each set of libraries that clash,
# and a model of ALBERT-base's size. Exits with 1 where a check failed; a table ends what is printed.
set -u
here=$(cd "$(dirname "$0")" && pwd)
albert=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
folder=${2:-.build/interop}
mkdir -p "$folder/models"
models=$(cd "$folder/models" && pwd)
log=$folder/log
: >"$log"

# environment NAME PYTHON: the libraries of requirements/NAME.txt, installed once.
environment() {
  wanted=$here/requirements/$1.txt
  if ! cmp -s "$wanted" "$folder/$1/installed.txt"; then
    echo "installing $1"
    "$2" -m venv --clear "$folder/$1" \
      && "$folder/$1/bin/pip" install -q --disable-pip-version-check -r "$wanted" \
      && cp "$wanted" "$folder/$1/installed.txt"
  fi
}

# fail WHAT NAME: a check that could not even begin, or did not end.
fail() {
  echo "FAIL  $1" | tee -a "$log"
  echo "row | $2 | - | did not finish | - |" >>"$log"
}

# suite ENVIRONMENT PYTHON SCRIPT...: runs each script with the environment's libraries.
suite() {
  name=$1
  environment "$name" "$2" || { fail "the libraries of $name cannot be installed" "$name"; return; }
  shift 2
  for script; do
    KERAS_BACKEND=torch TF_CPP_MIN_LOG_LEVEL=3 HF_HUB_OFFLINE=1 \
      "$folder/$name/bin/python" "$here/$script" "$albert" "$models" 2>"$folder/stderr" | tee -a "$log"
    tail -n 1 "$log" | grep -q '^row ' && continue
    tail -n 5 "$folder/stderr"
    fail "$script did not come to its end in $name" "$script"
  done
}

for name in tiny-a tiny-b; do cp -r "$here/models/$name" "$models/"; done
grep -v '^#' "$here/models/from-fixtures.txt" | while read -r name fixture; do
  mkdir -p "$models/$(dirname "$name")" && cp "$here/../Fixtures/$fixture" "$models/$name" || exit 1
done || exit 1
environment torch python3 || exit 1
[ -f "$models/base/golden/golden-mlm_eps1e-5.npz" ] \
  || "$folder/torch/bin/python" "$here/base_model.py" "$models/base" || exit 1

suite torch python3 huggingface.py pytorch.py npz.py onnx_runtime.py onnx_operators.py graph_defects.py \
  tokenizer_ids.py pipelines.py
suite transformers4 python3 huggingface.py pytorch.py tokenizer_ids.py pipelines.py
suite tensorflow python3 keras_h5.py flax.py
suite keras python3 keras3_h5.py
old=
for candidate in python3.7 "$HOME"/.pyenv/versions/3.7.*/bin/python; do
  if "$candidate" -c '' 2>/dev/null; then old=$candidate; fi
done
if [ -n "$old" ]; then
  suite tensorflow1 "$old" tf_checkpoint.py
  # The first version that knows the operators.
  suite onnxruntime1 "$old" onnx_runtime.py
else
  echo "skip  TensorFlow 1.15 for Google's own code needs Python 3.7, which is not here"
fi

echo
echo "| written | loaded by | checks | max abs error, small / ALBERT-base |"
echo "|---|---|---|---|"
sed -n 's/^row //p' "$log"
! grep -q '^FAIL' "$log"
