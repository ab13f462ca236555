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

# check ENVIRONMENT SCRIPT: runs it; one that ends early has failed.
check() {
  KERAS_BACKEND=torch TF_CPP_MIN_LOG_LEVEL=3 HF_HUB_OFFLINE=1 \
    "$folder/$1/bin/python" "$here/$2" "$albert" "$models" 2>"$folder/stderr" | tee -a "$log"
  if ! tail -n 1 "$log" | grep -q '^row '; then
    tail -n 5 "$folder/stderr"
    echo "FAIL  $2 did not come to its end in $1" | tee -a "$log"
    echo "row | $2 | $1 | did not finish | - |" >>"$log"
  fi
}

python=python3
for name in tiny-a tiny-b; do cp -r "$here/models/$name" "$models/"; done

environment torch $python || exit 1
[ -f "$models/base/golden/golden-mlm_eps1e-5.npz" ] \
  || "$folder/torch/bin/python" "$here/base_model.py" "$models/base" || exit 1
check torch huggingface.py
check torch pytorch.py
check torch npz.py
check torch onnx_runtime.py
environment transformers4 $python && check transformers4 huggingface.py && check transformers4 pytorch.py
environment tensorflow $python && check tensorflow keras_h5.py && check tensorflow flax.py
environment keras $python && check keras keras3_h5.py
old=$(command -v python3.7 || ls "$HOME"/.pyenv/versions/3.7.*/bin/python 2>/dev/null | tail -n 1)
if [ -n "$old" ]; then
  environment tensorflow1 "$old" && check tensorflow1 tf_checkpoint.py
  # The first version that knows the operators.
  environment onnxruntime1 "$old" && check onnxruntime1 onnx_runtime.py
else
  echo "skip  Google's own code needs TensorFlow 1.15, and so Python 3.7, which is not here"
fi

echo
echo "| written | loaded by | checks | max abs error, small / ALBERT-base |"
echo "|---|---|---|---|"
sed -n 's/^row //p' "$log"
! grep -q '^FAIL' "$log"
