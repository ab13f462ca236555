"""What KerasHub's models export for serving, and what Keras quantises, of the fixtures of Keras 3: one/keras3-export*
and found/keras3-int8, found/keras3-int4.

    python export.py            (KerasHub 0.32, Keras 3.15, TensorFlow 2.21)
"""
import os
import shutil
import tempfile

os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import keras_hub

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "one")
for name, source in (
    ("keras3-export", "keras3-backbone/albert_backbone.keras"),
    ("keras3-export-maskedlm", "keras3-maskedlm/masked_lm.keras"),
):
    model = keras.models.load_model(os.path.join(here, source), compile=False)
    folder = os.path.join(here, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    with tempfile.TemporaryDirectory() as whole:
        model.export(whole, verbose=False)
        shutil.copytree(os.path.join(whole, "variables"), os.path.join(folder, "variables"))
        with open(os.path.join(whole, "saved_model.pb"), "rb") as graph:
            beginning = graph.read(256)
    with open(os.path.join(folder, "saved_model.pb"), "wb") as graph:
        graph.write(beginning)
    shutil.copy(os.path.join(here, "hf-torch", "config.json"), folder)

for bits in ("int8", "int4"):
    model = keras.models.load_model(os.path.join(here, "keras3-backbone/albert_backbone.keras"), compile=False)
    model.quantize(bits)
    folder = os.path.join(here, "..", "found", "keras3-" + bits)
    os.makedirs(folder, exist_ok=True)
    model.save(os.path.join(folder, "albert_backbone.keras"))
