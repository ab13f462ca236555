"""Writes slices, tf2-objects and saved-model with TensorFlow 2.15, beside this file.

tf1 and tf1-partitioned-sharded are a small ALBERT that Google's code wrote with TensorFlow 1.15;
truth.json is what TensorFlow reads back from each checkpoint: type, shape, SHA-256 of the bytes.
"""
import hashlib
import os
import tempfile

import numpy as np
import tensorflow as tf

here = os.path.dirname(os.path.abspath(__file__))

# Slices on two axes and on the inner one, written in no order.
grid = np.arange(6 * 10 * 3, dtype=np.float32).reshape(6, 10, 3)
columns = np.arange(5 * 9, dtype=np.int32).reshape(5, 9)
names, specs, tensors = [], [], []
for start, length in [(3, 3), (0, 2), (2, 1)]:
    for first, count in [(6, 4), (0, 6)]:
        names.append("grid")
        specs.append(f"6 10 3 {start},{length}:{first},{count}:-")
        tensors.append(tf.constant(grid[start : start + length, first : first + count]))
for first, count in [(4, 1), (5, 4), (0, 4)]:
    names.append("columns")
    specs.append(f"5 9 -:{first},{count}")
    tensors.append(tf.constant(columns[:, first : first + count]))
names += ["whole", "scalar"]
specs += ["7 -", ""]
tensors += [tf.range(7, dtype=tf.int64), tf.constant(2.5, tf.float64)]
os.makedirs(f"{here}/slices", exist_ok=True)
tf.raw_ops.SaveV2(
    prefix=f"{here}/slices/model", tensor_names=names, shape_and_slices=specs, tensors=tensors
)


# Objects, an optimizer's slots, strings, and an iterator, which is saved as variants.
class Net(tf.Module):
    def __init__(self):
        super().__init__(name="net")
        self.inner = tf.Module(name="inner")
        self.inner.kernel = tf.Variable(
            np.arange(12, dtype=np.float32).reshape(3, 4), name="kernel"
        )
        self.inner.bias = tf.Variable([0.5, -0.5, 0, 1.0], name="bias")


net = Net()
variables = [net.inner.kernel, net.inner.bias]
optimizer = tf.keras.optimizers.legacy.Adam()
with tf.GradientTape() as tape:
    loss = tf.reduce_sum(tf.matmul([[1.0, 2.0, 3.0]], variables[0]) + variables[1])
optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
words = tf.Variable(["alpha", "", "a longer word"], name="words")
iterator = iter(tf.data.Dataset.range(5).shuffle(2, seed=1))
next(iterator)
tf.train.Checkpoint(model=net, optimizer=optimizer, words=words, iterator=iterator).save(
    f"{here}/tf2-objects/ckpt"
)


# Variables that the checkpoint only numbers.
class Model(tf.keras.Model):
    def __init__(self):
        super().__init__(name="k")
        self.dense = tf.keras.layers.Dense(2, name="dense")

    def call(self, x):
        return self.dense(x)


model = Model()
model(tf.zeros([1, 3]))
tf.saved_model.save(model, f"{here}/saved-model")


scratch = tempfile.mkdtemp()
# An index of several blocks, of which the tests keep the digest alone.
names = [f"a_long_scope_{37 * n:06}/" * 12 + "\x7f\xff" for n in range(3000)]
numbers = [np.float32(n) if n % 3 == 0 else np.array([n], np.float32) for n in range(3000)]
tf.raw_ops.SaveV2(
    prefix=f"{scratch}/many", tensor_names=names, shape_and_slices=[""] * 3000, tensors=numbers
)
index = open(f"{scratch}/many.index", "rb").read()
print(len(index), hashlib.sha256(index).hexdigest())
