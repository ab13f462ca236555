# Makes, in the current folder, what the examples of the help and of the documents name. $ALBERT is the
# tool, $SAMPLES and $FIXTURES are the package's folders.
set -eu
quietly() { "$ALBERT" "$@" >said 2>&1 || { echo "$*"; cat said; exit 1; }; }

mkdir albert_base
cp "$SAMPLES"/bible/model.ckpt-best.* "$SAMPLES/bible/albert_config.json" albert_base
cp "$SAMPLES/bible/30k-clean.model" albert_base/spiece.model
cp albert_base/* .
quietly convert albert_base model.albert
cp model.albert albert-base.albert
cp model.albert sentences.albert
for form in model.safetensors model.onnx before.onnx after.onnx; do quietly convert model.albert $form; done
quietly convert model.albert exported --to huggingface
for step in 500 1000; do cp -R exported checkpoint-$step; done
quietly run model.albert --ids 2,15,99,3 --output golden.npz --engine reference
cp golden.npz inputs.npz
cp -R "$FIXTURES/heads/qa" qa
cp "$FIXTURES/heads/spiece.model" qa/
quietly convert qa answers.albert
echo "In those days came Moses out of the land." >story.txt
printf 'The LORD is my shepherd.\nI shall not want.\n' >sentences.txt
cp sentences.txt lines.txt
mkdir models converted
cp -R "$SAMPLES/tiny-tf1" models/tiny
cp -R "$SAMPLES/bible" models/bible
printf '%s\n' models/tiny models/bible >sources.txt
rm said
mkdir -p .cache/huggingface/hub/models--org--name/snapshots
cp -R exported .cache/huggingface/hub/models--org--name/snapshots/0123456789abcdef0123456789abcdef01234567
