"""Makes a model of ALBERT-base's size with random numbers, and records what it computes in Float64.

    python base_model.py FOLDER

FOLDER gets `hf-safetensors` and `golden`, as the small models have them. Biases and LayerNorms are
random too: a new model's zeros and ones would hide that two of them were exchanged.
"""
import os
import sys

import numpy as np
import torch
import transformers

folder = sys.argv[1]
torch.manual_seed(7)
config = transformers.AlbertConfig(
    vocab_size=30000, embedding_size=128, hidden_size=768, num_hidden_layers=12,
    num_attention_heads=12, intermediate_size=3072, hidden_act="gelu_new",
    hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
)
model = transformers.AlbertForPreTraining(config).eval()
with torch.no_grad():
    for name, parameter in model.named_parameters():
        if "LayerNorm" in name or "layer_norm" in name:
            centre = 1.0 if name.endswith("weight") else 0.0
            parameter.copy_(centre + 0.1 * torch.randn_like(parameter))
        else:
            parameter.copy_(0.04 * torch.randn_like(parameter))
model.save_pretrained(os.path.join(folder, "hf-safetensors"))

feed = {
    "input_ids": torch.randint(0, config.vocab_size, (2, 32)),
    "attention_mask": torch.ones(2, 32, dtype=torch.int64),
    "token_type_ids": (torch.arange(32) >= 16).long().expand(2, 32).clone(),
}
feed["attention_mask"][1, 24:] = 0
model = model.double()
os.makedirs(os.path.join(folder, "golden"), exist_ok=True)


def record(name):
    with torch.no_grad():
        out = model(**feed, output_hidden_states=True)
    stages = {f"hidden_states.{i}": h for i, h in enumerate(out.hidden_states)}
    stages["last_hidden_state"] = out.hidden_states[-1]
    stages["prediction_logits"] = out.prediction_logits
    stages["sop_logits"] = out.sop_logits
    arrays = {k: v.numpy() for k, v in {**feed, **stages}.items()}
    np.savez(os.path.join(folder, "golden", name + ".npz"), **arrays)


record("golden")
# KerasHub's masked-LM head has an epsilon of its own.
model.predictions.LayerNorm.eps = 1e-5
record("golden-mlm_eps1e-5")
