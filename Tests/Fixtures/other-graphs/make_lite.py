"""A network of images by TensorFlow Lite's converter, with what its interpreter computes of it.

TensorFlow 2.15 with Keras 2.15:

    python make_lite.py
"""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(0)
model = keras.Sequential([
    layers.Input((9, 11, 2), name="image"),
    layers.Conv2D(4, 3, strides=2, padding="same", activation="relu6"),
    layers.DepthwiseConv2D((3, 2), padding="same", depth_multiplier=2, activation="relu"),
    layers.MaxPool2D((2, 3), strides=(2, 1), padding="same"),
    layers.AveragePooling2D(2, strides=1, padding="same"),
    layers.Conv2D(3, (2, 3), bias_initializer="random_normal"),
    layers.GlobalAveragePooling2D(),
])


@tf.function(input_signature=[tf.TensorSpec([None, 9, 11, 2], tf.float32, name="image")])
def run(image):
    return {"scores": model(image)}


converter = tf.lite.TFLiteConverter.from_concrete_functions([run.get_concrete_function()], model)
with open("images.tflite", "wb") as file:
    file.write(converter.convert())

interpreter = tf.lite.Interpreter(
    "images.tflite", experimental_op_resolver_type=tf.lite.experimental.OpResolverType.BUILTIN_REF)
image = np.random.default_rng(0).normal(size=(2, 9, 11, 2)).astype(np.float32)
place = interpreter.get_input_details()[0]["index"]
interpreter.resize_tensor_input(place, image.shape)
interpreter.allocate_tensors()
interpreter.set_tensor(place, image)
interpreter.invoke()
output = interpreter.get_output_details()[0]
np.savez("images.npz", image=image, scores=interpreter.get_tensor(output["index"]))
