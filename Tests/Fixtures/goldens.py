"""Recomputes tiny-a/golden*.npz and tiny-b/golden*.npz with transformers in Float64.

    python goldens.py            fails where a recording differs by more than rounding
    python goldens.py --write    records anew, for the inputs that are recorded

Needs torch, transformers (the recordings are 4.41.2's) and NumPy. `golden` is the model as `hf` has it,
`golden-gelu` and `golden-gelu_new` with the other form of GELU, `golden-f16` and `golden-bf16` with every
weight rounded first, `golden-mlm_eps1e-5` with the tanh form and KerasHub's epsilon in the masked-LM head.
"""

import pathlib
import sys

import numpy
import torch
from transformers import AlbertForPreTraining
from transformers.activations import ACT2FN

HERE = pathlib.Path(__file__).resolve().parent
TYPES = {"golden-f16": torch.float16, "golden-bf16": torch.bfloat16}
FORMS = {"golden-gelu": "gelu", "golden-gelu_new": "gelu_new", "golden-mlm_eps1e-5": "gelu_new"}


def model(folder, name):
    model = AlbertForPreTraining.from_pretrained(folder / "hf", attn_implementation="eager").double()
    if name in TYPES:
        for parameter in model.parameters():
            parameter.data = parameter.data.to(TYPES[name]).double()
    if name in FORMS:
        function = ACT2FN[FORMS[name]]
        for group in model.albert.encoder.albert_layer_groups:
            for layer in group.albert_layers:
                layer.activation = function
        model.predictions.activation = function
    if name == "golden-mlm_eps1e-5":
        model.predictions.LayerNorm.eps = 1e-5
    return model.eval()


def stages(model, inputs):
    with torch.no_grad():
        out = model(**inputs, output_hidden_states=True, output_attentions=True)
        embeddings = model.albert.embeddings(inputs["input_ids"], inputs["token_type_ids"])
        backbone = model.albert(**inputs)
    step = (len(out.hidden_states) - 1) // model.config.num_hidden_layers
    found = {f"hidden_states.{i}": state for i, state in enumerate(out.hidden_states[::step])}
    attention = out.attentions[0]
    found |= {
        "embeddings": embeddings, "last_hidden_state": backbone.last_hidden_state,
        "pooler_output": backbone.pooler_output, "prediction_logits": out.prediction_logits,
        "sop_logits": out.sop_logits,
        # Of several inner layers a tuple, the first of which is recorded.
        "attentions.0": attention[0] if isinstance(attention, tuple) else attention}
    return {name: value.numpy() for name, value in found.items()}


def main():
    isWriting = "--write" in sys.argv[1:]
    worst = 0
    for path in sorted(HERE.glob("tiny-?/golden*.npz")):
        recorded = dict(numpy.load(path))
        source = dict(numpy.load(path.parent / "golden.npz"))
        inputs = {name: torch.tensor(source[name])
                  for name in ("input_ids", "attention_mask", "token_type_ids")}
        computed = stages(model(path.parent, path.stem), inputs)
        outputs = {name: computed[name] for name in recorded if name in computed}
        error = max(abs(outputs[name] - recorded[name]).max() for name in outputs)
        worst = max(worst, error)
        print(f"{path.relative_to(HERE)}: {len(outputs)} stages, largest difference {error:.1e}")
        if isWriting:
            kept = {name: value for name, value in recorded.items() if name not in outputs}
            numpy.savez(path, **kept, **outputs)
    return 0 if isWriting or worst < 1e-11 else 1


if __name__ == "__main__":
    sys.exit(main())
