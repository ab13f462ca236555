"""Makes keras.onnx and keras-masked-lm.onnx, what Keras' own export(format="onnx") writes of KerasHub's ALBERT:
python make_keras.py (needs Keras 3.15, KerasHub 0.32, TensorFlow 2.21 and tf2onnx 1.17).

Adds each file's config and the digests of the weights that went in, as PyTorch lays them out, to truth.json.
"""

import hashlib
import json
import os

os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import keras_hub
import numpy as np

LAYER = "encoder.albert_layer_groups.{}.albert_layers.{}."


def parameters(backbone, head=None):
    """The model's numbers under PyTorch's names and in its layout."""
    found = {}

    def linear(name, layer, outputs):
        kernel, bias = (value.numpy() for value in layer.weights)
        found[name + ".weight"] = kernel.reshape(-1, outputs).T
        found[name + ".bias"] = bias.reshape(-1)

    def norm(name, layer):
        found[name + ".weight"] = layer.gamma.numpy()
        found[name + ".bias"] = layer.beta.numpy()

    hidden, width = backbone.hidden_dim, backbone.intermediate_dim
    found["embeddings.word_embeddings.weight"] = backbone.token_embedding.embeddings.numpy()
    found["embeddings.position_embeddings.weight"] = (
        backbone.position_embedding.position_embeddings.numpy())
    found["embeddings.token_type_embeddings.weight"] = backbone.segment_embedding.embeddings.numpy()
    norm("embeddings.LayerNorm", backbone.embeddings_layer_norm)
    linear("encoder.embedding_hidden_mapping_in", backbone.embeddings_projection, hidden)
    for group, layers in enumerate(backbone.transformer_layers):
        for inner, block in enumerate(layers):
            start = LAYER.format(group, inner)
            attention = block._self_attention_layer
            for part in ("query", "key", "value"):
                linear(f"{start}attention.{part}", getattr(attention, f"_{part}_dense"), hidden)
            linear(start + "attention.dense", attention._output_dense, hidden)
            norm(start + "attention.LayerNorm", block._self_attention_layer_norm)
            linear(start + "ffn", block._feedforward_intermediate_dense, width)
            linear(start + "ffn_output", block._feedforward_output_dense, hidden)
            norm(start + "full_layer_layer_norm", block._feedforward_layer_norm)
    if head is None:
        linear("pooler", backbone.pooled_dense, hidden)
    found = {"albert." + name: value for name, value in found.items()}
    if head is not None:
        linear("predictions.dense", head._intermediate_dense, backbone.embedding_dim)
        norm("predictions.LayerNorm", head._intermediate_layer_norm)
        bias = next(value for value in head.weights if value.path.endswith("output_bias"))
        found["predictions.bias"] = bias.numpy()
    return found


def backbone(groups, inner):
    return keras_hub.models.AlbertBackbone(
        vocabulary_size=61, num_layers=groups * inner, num_heads=2, embedding_dim=8, hidden_dim=16,
        intermediate_dim=24, num_groups=groups, num_inner_repetitions=inner, dropout=0.0,
        max_sequence_length=20, num_segments=2)


def write(name, model, groups, inner, head=None):
    generator = np.random.default_rng(11)
    for value in model.weights:
        if "seed" not in value.path:
            value.assign(generator.normal(size=value.shape) * 0.2 + ("gamma" in value.path))
    ones = np.ones((2, 6), "int32")
    inputs = {"token_ids": ones, "segment_ids": ones * 0, "padding_mask": ones}
    if head is not None:
        inputs["mask_positions"] = ones[:, :2]
    model(inputs)
    model.export(name + ".onnx", format="onnx", verbose=False)
    found = parameters(model if head is None else model.backbone, head)
    truth["models"][name] = {
        "config": {
            "attention_probs_dropout_prob": 0.0, "embedding_size": 8, "hidden_act": "gelu_new",
            "hidden_dropout_prob": 0.0, "hidden_size": 16, "inner_group_num": inner,
            "intermediate_size": 24, "layer_norm_eps": 1e-12, "max_position_embeddings": 20,
            "num_attention_heads": 2, "num_hidden_groups": groups,
            "num_hidden_layers": groups, "type_vocab_size": 2, "vocab_size": 61},
        "prefix": "", "weights": name}
    truth["weights"][name] = {
        key: hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()[:32]
        for key, value in sorted(found.items())}


with open("truth.json") as file:
    truth = json.load(file)
write("keras", backbone(2, 1), 2, 1)
model = keras_hub.models.AlbertMaskedLM(backbone=backbone(1, 1))
write("keras-masked-lm", model, 1, 1, model.get_layer("mlm_head"))
with open("truth.json", "w") as file:
    json.dump(truth, file, indent=0)
