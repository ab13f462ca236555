"""Writes small TensorFlow Lite models with TensorFlow's converter, each beside the model that it is of.

usage: lite_models.py OUT

Wants tensorflow-cpu 2.15.1 and transformers 4.41.2. Each folder gets `model.tflite` and `reference`, which
holds transformers' own `tf_model.h5`; the fixtures have it as `model.safetensors`, by `albert convert`.
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tensorflow as tf  # noqa: E402
import transformers  # noqa: E402

INPUTS = ("input_ids", "attention_mask", "token_type_ids")

# A folder, the class, its activation, the shape of the inputs, their number, and how weights are held.
MODELS = (
    ("static", "TFAlbertForPreTraining", "gelu_new", [1, 8], 3, "float32"),
    ("ids-only", "TFAlbertModel", "gelu_new", [1, 8], 1, "float32"),
    ("float16", "TFAlbertForMaskedLM", "gelu", [None, None], 2, "float16"),
    ("dynamic-range", "TFAlbertForQuestionAnswering", "gelu_new", [None, None], 3, "dynamic"),
    ("static-dynamic-range", "TFAlbertModel", "gelu_new", [1, 8], 3, "dynamic"),
)


def model(name, activation):
    tf.random.set_seed(3)
    made = getattr(transformers, name)(
        transformers.AlbertConfig(
            vocab_size=120, embedding_size=16, hidden_size=32, num_hidden_layers=3,
            num_attention_heads=4, intermediate_size=48, max_position_embeddings=40,
            type_vocab_size=2, initializer_range=0.2, hidden_act=activation,
        )
    )
    made(tf.ones((1, 8), tf.int32))
    for variable in made.trainable_variables:
        variable.assign(variable + tf.random.normal(variable.shape) * 0.05)
    return made


def converted(made, shape, inputs, kind):
    @tf.function(input_signature=[tf.TensorSpec(shape, tf.int32, name=name) for name in inputs])
    def run(*values):
        outputs = made(dict(zip(inputs, values)), training=False)
        return {name: value for name, value in outputs.items() if hasattr(value, "shape")}

    converter = tf.lite.TFLiteConverter.from_concrete_functions([run.get_concrete_function()], made)
    if kind != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if kind == "float16":
        converter.target_spec.supported_types = [tf.float16]
    return converter.convert()


def main():
    for folder, name, activation, shape, count, kind in MODELS:
        made = model(name, activation)
        path = os.path.join(sys.argv[1], folder)
        made.save_pretrained(os.path.join(path, "reference"))
        with open(os.path.join(path, "model.tflite"), "wb") as file:
            file.write(converted(made, shape, INPUTS[:count], kind))


if __name__ == "__main__":
    main()
