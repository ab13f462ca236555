"""Makes dynamo-unoptimised.onnx, what PyTorch's newer exporter writes with optimize=False:
python make_unoptimised.py (needs torch 2.13, transformers 5.24, onnx 1.23 and onnxscript 0.7).

Adds the file's config and the digests of the weights that went in to truth.json.
"""

import hashlib
import json

import onnx
import torch
from transformers import AlbertConfig, AlbertForPreTraining

CONFIG = dict(
    vocab_size=61, embedding_size=8, hidden_size=16, num_hidden_layers=3, num_hidden_groups=1,
    inner_group_num=1, num_attention_heads=2, intermediate_size=24, hidden_act="gelu_new",
    max_position_embeddings=20, type_vocab_size=2, layer_norm_eps=1e-12, hidden_dropout_prob=0.0,
    attention_probs_dropout_prob=0.0)

torch.manual_seed(9)
model = AlbertForPreTraining(AlbertConfig(**CONFIG, attn_implementation="sdpa")).eval()
with torch.no_grad():
    for name, value in model.named_parameters():
        value.copy_(torch.randn(value.shape) * 0.2 + name.endswith("orm.weight"))
ids = torch.ones(2, 6, dtype=torch.long)
free = {0: torch.export.Dim("batch", min=1), 1: torch.export.Dim("sequence", min=2, max=20)}
torch.onnx.export(
    model, (), "dynamo-unoptimised.onnx",
    kwargs={"input_ids": ids, "attention_mask": ids, "token_type_ids": ids * 0}, dynamo=True,
    optimize=False, opset_version=18, output_names=["prediction_logits", "sop_logits"],
    dynamic_shapes={name: free for name in ("input_ids", "attention_mask", "token_type_ids")},
    external_data=False)
# Where in which file of the machine each node comes from is left out.
graph = onnx.load("dynamo-unoptimised.onnx")
for part in [*graph.graph.node, *graph.graph.input, *graph.graph.output, *graph.graph.value_info]:
    part.ClearField("metadata_props")
graph.graph.ClearField("metadata_props")
onnx.save(graph, "dynamo-unoptimised.onnx")

with open("truth.json") as file:
    truth = json.load(file)
truth["models"]["dynamo-unoptimised"] = {"config": CONFIG, "prefix": "albert.", "weights": "unoptimised"}
truth["weights"]["unoptimised"] = {
    name: hashlib.sha256(value.numpy().tobytes()).hexdigest()[:32]
    for name, value in sorted(model.state_dict().items()) if ".decoder." not in name}
with open("truth.json", "w") as file:
    json.dump(truth, file, indent=0)
