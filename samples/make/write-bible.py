#!/usr/bin/env python3
"""Writes what train-bible.py trained as Google's code would have: `samples/bible`.

    python3 samples/make/write-bible.py /tmp/bible samples/bible

TensorFlow's own Saver writes the variables under the names of google-research/albert's modeling.py.
Needs tensorflow 2.x; its files are not read again, and hold no path.
"""
import json
import shutil
import struct
import sys
from pathlib import Path

import numpy as np
import tensorflow.compat.v1 as tf

trained, sample = Path(sys.argv[1]), Path(sys.argv[2])

DENSE = {"weight": ("kernel", True), "bias": ("bias", False)}
NORM = {"weight": ("gamma", False), "bias": ("beta", False)}
INNER = "bert/encoder/transformer/group_0/inner_group_0"
LAYER = "albert.encoder.albert_layer_groups.0.albert_layers.0"
MODULES = [
    ("albert.embeddings.LayerNorm", "bert/embeddings/LayerNorm", NORM),
    ("albert.encoder.embedding_hidden_mapping_in", "bert/encoder/embedding_hidden_mapping_in", DENSE),
    (f"{LAYER}.attention.query", f"{INNER}/attention_1/self/query", DENSE),
    (f"{LAYER}.attention.key", f"{INNER}/attention_1/self/key", DENSE),
    (f"{LAYER}.attention.value", f"{INNER}/attention_1/self/value", DENSE),
    (f"{LAYER}.attention.dense", f"{INNER}/attention_1/output/dense", DENSE),
    (f"{LAYER}.attention.LayerNorm", f"{INNER}/LayerNorm", NORM),
    (f"{LAYER}.ffn", f"{INNER}/ffn_1/intermediate/dense", DENSE),
    (f"{LAYER}.ffn_output", f"{INNER}/ffn_1/intermediate/output/dense", DENSE),
    (f"{LAYER}.full_layer_layer_norm", f"{INNER}/LayerNorm_1", NORM),
    ("albert.pooler", "bert/pooler/dense", DENSE),
    ("predictions.dense", "cls/predictions/transform/dense", DENSE),
    ("predictions.LayerNorm", "cls/predictions/transform/LayerNorm", NORM),
]
SINGLE = {
    "albert.embeddings.word_embeddings.weight": "bert/embeddings/word_embeddings",
    "albert.embeddings.position_embeddings.weight": "bert/embeddings/position_embeddings",
    "albert.embeddings.token_type_embeddings.weight": "bert/embeddings/token_type_embeddings",
    "predictions.bias": "cls/predictions/output_bias",
    "sop_classifier.classifier.weight": "cls/seq_relationship/output_weights",
    "sop_classifier.classifier.bias": "cls/seq_relationship/output_bias",
}


def tensors(path: Path) -> dict[str, np.ndarray]:
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__", None)
    return {name: np.frombuffer(data[8 + length:][slice(*entry["data_offsets"])], "<f4").reshape(entry["shape"])
            for name, entry in header.items()}


source = tensors(trained / "model.safetensors")
values = {theirs: source.pop(ours) for ours, theirs in SINGLE.items()}
for ours, theirs, names in MODULES:
    for name, (variable, is_transposed) in names.items():
        value = source.pop(f"{ours}.{name}")
        values[f"{theirs}/{variable}"] = value.T if is_transposed else value
assert not source, sorted(source)

sample.mkdir(parents=True, exist_ok=True)
for old in sample.glob("model.ckpt-best.*"):
    old.unlink()
with tf.Graph().as_default(), tf.Session() as session:
    for name, value in values.items():
        tf.get_variable(name, initializer=np.ascontiguousarray(value))
    session.run(tf.global_variables_initializer())
    tf.train.Saver().save(session, str(sample / "model.ckpt-best"), write_meta_graph=False, write_state=False)

config = json.loads((trained / "config.json").read_text())
assert config["hidden_act"] == "gelu_new"
(sample / "albert_config.json").write_text(json.dumps({
    **{key: config[key] for key in
       ["attention_probs_dropout_prob", "hidden_dropout_prob", "embedding_size", "hidden_size", "initializer_range",
        "intermediate_size", "max_position_embeddings", "num_attention_heads", "num_hidden_layers",
        "num_hidden_groups", "inner_group_num", "type_vocab_size", "vocab_size"]},
    # Google's word for the tanh form.
    "hidden_act": "gelu", "net_structure_type": 0, "gap_size": 0, "num_memory_blocks": 0,
    "down_scale_factor": 1, "ln_type": "postln"}, indent=2) + "\n")
for name in ["30k-clean.model", "held-out.tsv"]:
    shutil.copy(trained / name, sample / name)
