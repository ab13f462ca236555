"""Exports an ALBERT of 3 layers and 4 heads, and the same with the heads of one layer in another order, which with 2
heads could only be exchanged: python make_heads.py (needs torch, transformers, onnx and onnxscript).
"""

import os
import sys

import numpy as np
import onnx
import torch
from transformers import AlbertConfig, AlbertForMaskedLM

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Interop/make"))
import layer_defects  # noqa: E402

HEADS = 4
LAYER = 1
INPUTS = ["input_ids", "attention_mask", "token_type_ids"]


class Logits(torch.nn.Module):
    """The model with its inputs by place."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, token_type_ids=None):
        return self.model(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids).logits


def exported(positions=20):
    """The model and ids for it."""
    torch.manual_seed(21)
    config = AlbertConfig(
        vocab_size=61, embedding_size=8, hidden_size=16, num_attention_heads=HEADS, intermediate_size=24,
        num_hidden_layers=3, max_position_embeddings=positions, hidden_act="gelu_new", hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0, initializer_range=0.3)
    config._attn_implementation = "eager"
    model = AlbertForMaskedLM(config)
    for parameter in model.parameters():
        if parameter.ndim == 1:
            parameter.data += 0.1 * torch.randn_like(parameter)
    return Logits(model).eval(), torch.randint(5, 60, (2, 8))


def save(graph, path):
    """Without what the exporter noted of its own code and folders."""
    for node in graph.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    for value in list(graph.graph.value_info) + list(graph.graph.initializer):
        del value.metadata_props[:]
    del graph.graph.metadata_props[:]
    onnx.save(graph, path)


def main():
    model, ids = exported()
    axes = {
        0: torch.export.Dim("batch", min=1, max=64), 1: torch.export.Dim("length", min=2, max=20)}
    torch.onnx.export(
        model, (ids, torch.ones_like(ids), torch.zeros_like(ids)), "heads.onnx", input_names=INPUTS,
        output_names=["logits"], dynamic_shapes=(axes,) * 3, dynamo=True, external_data=False)
    save(onnx.load("heads.onnx"), "heads.onnx")

    spoilt = layer_defects.LayerGraph("heads.onnx", HEADS)
    layer_defects.heads_permuted(spoilt, LAYER)
    onnx.save(spoilt.model, "layer-heads-permuted.onnx")
    # The value alone, in an order that is no shift.
    spoilt = layer_defects.LayerGraph("heads.onnx", HEADS)
    product = spoilt.products_of(LAYER)[2]
    order = np.arange(16).reshape(HEADS, -1)[[2, 0, 3, 1]].ravel()
    add, place = spoilt.bias(product)
    add.input[place] = spoilt.store("own_bias", spoilt.constant(add.input[place])[order])
    spoilt.take(product, spoilt.constant(product.input[1])[:, order])
    onnx.save(spoilt.model, "layer-value-heads-permuted.onnx")


if __name__ == "__main__":
    main()
