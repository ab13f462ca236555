"""Writes small TensorFlow Lite models with TensorFlow's converter and what its interpreter computes.

usage: tflite.py OUT

Wants tensorflow-cpu 2.15.1, transformers 4.41.2 and onnx 1.16.2. The file is of the node tests' form
(Tests/Conformance/cases.py), its models of TensorFlow Lite's: float, float16, and integers whose
products are of rows that become integers too. The interpreter's reference kernels compute them.
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from transformers import AlbertConfig, TFAlbertForSequenceClassification  # noqa: E402

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Conformance"))
from cases import values  # noqa: E402

TOKENS = 8
INPUTS = ("input_ids", "attention_mask", "token_type_ids")


def model(activation):
    tf.random.set_seed(1)
    config = AlbertConfig(
        vocab_size=100, embedding_size=16, hidden_size=32, num_hidden_layers=2,
        num_attention_heads=2, intermediate_size=64, max_position_embeddings=32,
        hidden_act=activation, initializer_range=0.3,
    )
    made = TFAlbertForSequenceClassification(config)
    made(tf.ones((1, TOKENS), tf.int32))
    for variable in made.trainable_variables:
        variable.assign(variable + tf.random.normal(variable.shape) * 0.05)
    return made


def converted(made, kind):
    @tf.function(input_signature=[tf.TensorSpec([1, TOKENS], tf.int32, name=n) for n in INPUTS])
    def run(input_ids, attention_mask, token_type_ids):
        given = dict(
            attention_mask=attention_mask, token_type_ids=token_type_ids, return_dict=True
        )
        base = made.albert(input_ids, **given)
        return {
            "logits": made(input_ids, **given).logits,
            "last_hidden_state": base.last_hidden_state,
            "pooler_output": base.pooler_output,
        }

    converter = tf.lite.TFLiteConverter.from_concrete_functions([run.get_concrete_function()], made)
    if kind != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if kind == "float16":
        converter.target_spec.supported_types = [tf.float16]
    return converter.convert()


def recorded(content, fed):
    interpreter = tf.lite.Interpreter(
        model_content=content, num_threads=1,
        experimental_op_resolver_type=tf.lite.experimental.OpResolverType.BUILTIN_REF,
    )
    interpreter.allocate_tensors()
    inputs = []
    for detail in interpreter.get_input_details():
        name = next(name for name in fed if name in detail["name"])
        inputs.append(fed[name])
        interpreter.set_tensor(detail["index"], fed[name])
    interpreter.invoke()
    outputs = [
        interpreter.get_tensor(detail["index"]) for detail in interpreter.get_output_details()
    ]
    return inputs, outputs


def main():
    generator = np.random.default_rng(1)
    fed = {
        "input_ids": generator.integers(1, 100, (1, TOKENS)).astype(np.int32),
        "attention_mask": np.array([[1] * (TOKENS - 2) + [0] * 2], np.int32),
        "token_type_ids": np.array([[0] * (TOKENS // 2) + [1] * (TOKENS // 2)], np.int32),
    }
    with open(sys.argv[1], "wb") as file:
        for activation, kind in (
            ("gelu_new", "float32"), ("gelu_new", "float16"), ("gelu_new", "dynamic"),
            ("gelu", "float32"),
        ):
            content = converted(model(activation), kind)
            data = values([recorded(content, fed)]).SerializeToString(deterministic=True)
            head = f"{activation}-{kind} 1e-5 1e-5 {len(content)} {len(data)} 1\n"
            file.write(head.encode() + content + data)


if __name__ == "__main__":
    main()
