"""Records what transformers computes with one defect, as golden files in single precision.

Needs torch 2.13, transformers 4.41.2 and NumPy; run from this folder.
"""

import numpy
import torch
from transformers import AlbertForPreTraining
from transformers.activations import ACT2FN


def blocks(model):
    for group in model.albert.encoder.albert_layer_groups:
        yield from group.albert_layers


def first(model):
    return model.albert.encoder.albert_layer_groups[0].albert_layers[0]


def activation(model, inputs):
    function = ACT2FN["gelu" if model.config.hidden_act == "gelu_new" else "gelu_new"]
    for block in blocks(model):
        block.activation = function
    model.predictions.activation = function


def epsilon(model, inputs):
    for module in model.modules():
        if isinstance(module, torch.nn.LayerNorm):
            module.eps = 1e-5


def mask_ignored(model, inputs):
    del inputs["attention_mask"]


def segments_ignored(model, inputs):
    del inputs["token_type_ids"]


def query_key_swapped(model, inputs):
    attention = first(model).attention
    attention.query, attention.key = attention.key, attention.query


def key_transposed(model, inputs):
    key = first(model).attention.key
    key.weight.data = key.weight.data.t().contiguous()


def position_offset(model, inputs):
    length = inputs["input_ids"].shape[1]
    inputs["position_ids"] = (torch.arange(length) + 2)[None]


def layer_count(model, inputs):
    model.config.num_hidden_layers += model.config.num_hidden_groups


def bias_doubled(model, inputs):
    model.predictions.decoder.bias = torch.nn.Parameter(2 * model.predictions.bias.data)


def heads_interleaved(model, inputs):
    attention = first(model).attention
    heads, size = attention.num_attention_heads, attention.attention_head_size
    for linear in (attention.query, attention.key, attention.value):
        linear.weight.data = (
            linear.weight.data.reshape(size, heads, -1).transpose(0, 1).reshape(heads * size, -1)
        )
        linear.bias.data = linear.bias.data.reshape(size, heads).t().reshape(-1)


def untied_decoder(model, inputs):
    weight = model.predictions.decoder.weight.data
    model.predictions.decoder.weight = torch.nn.Parameter(weight.flip(0).flip(1).contiguous())


def sop_flipped(model, inputs):
    classifier = model.sop_classifier.classifier
    classifier.weight.data = classifier.weight.data.flip(0)
    classifier.bias.data = classifier.bias.data.flip(0)


def group_map(model, inputs):
    groups = model.albert.encoder.albert_layer_groups
    groups[1] = groups[0]


DEFECTS = [
    activation, epsilon, mask_ignored, segments_ignored, query_key_swapped, key_transposed,
    position_offset, layer_count, bias_doubled, heads_interleaved, untied_decoder, sop_flipped,
    group_map,
]  # fmt: skip

for name in ("tiny-a", "tiny-b"):
    generator = torch.Generator().manual_seed(5)
    for defect in DEFECTS:
        model = AlbertForPreTraining.from_pretrained(f"../{name}/hf").eval()
        if defect is group_map and model.config.num_hidden_groups == 1:
            continue
        ids = torch.randint(5, model.config.vocab_size, (3, 8), generator=generator)
        mask = torch.ones_like(ids)
        mask[1, 5:] = 0
        segments = torch.zeros_like(ids)
        segments[2, 4:] = 1
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": segments}
        recorded = {key: value.numpy() for key, value in inputs.items()}
        defect(model, inputs)
        with torch.no_grad():
            out = model(**inputs, output_hidden_states=True)
        for index, hidden in enumerate(out.hidden_states):
            recorded[f"hidden_states.{index}"] = hidden.numpy()
        recorded["sop_logits"] = out.sop_logits.numpy()
        if defect in (epsilon, bias_doubled, untied_decoder):
            recorded["prediction_logits"] = out.prediction_logits.numpy()
        numpy.savez_compressed(f"{name}-{defect.__name__.replace('_', '-')}.npz", **recorded)
