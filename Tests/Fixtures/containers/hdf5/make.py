"""Writes the files of this folder with the real libraries, and truth.json: what h5py reads from them.

  python make.py arrays         h5py 3.16 (h5py)
  python make.py old            h5py 2.10 with TensorFlow 1.15's attribute writer (fixed-length texts)
  python make.py keras          Keras 3.15, KerasHub 0.32 (KERAS_BACKEND=torch)
  python make.py transformers   transformers 4.41 with TensorFlow 2.15
  python make.py truth          h5py 3.16, last
"""

import glob, hashlib, io, json, os, sys, zipfile
import h5py
import numpy as np

os.chdir(os.path.dirname(os.path.abspath(__file__)))
random = np.random.default_rng(5)
matrix = random.standard_normal((7, 5)).astype("f4")


def arrays():
    for library in ("v108", "v110"):
        with h5py.File(f"types-{library}.h5", "w", libver=(library, library)) as f:
            for t in "<f2 >f2 <f4 >f4 <f8 >f8 i1 u1 <i2 >i2 <u2 <i4 >i4 <u4 <i8 >i8 >u8".split():
                values = np.abs(matrix * 50).astype(t)
                name = t.replace("<", "little-").replace(">", "big-")
                f.create_dataset("plain/" + name, data=values)
                f.create_dataset(
                    "packed/" + name, data=values, chunks=(3, 2), compression="gzip", shuffle=True,
                    fletcher32=True)
    with h5py.File("shapes.h5", "w", userblock_size=512) as f:
        f["scalar"] = np.float32(3.5)
        f["empty"] = np.zeros((0, 4), "f4")
        f.create_dataset("empty-chunked", (0, 4), maxshape=(None, 4), dtype="f4")
        f.create_dataset("null", data=h5py.Empty("f4"))
        f.create_dataset("chunked", data=matrix, chunks=(7, 5))
        f.create_dataset("resizable", data=matrix, maxshape=(None, None), chunks=(2, 4))
        f.create_dataset("zeros", data=np.zeros((300, 5, 11), "f8"), chunks=(64, 2, 11), compression="gzip")
        f.create_dataset("tall", data=np.arange(1200000, dtype="i4"), chunks=(400000,), compression="gzip", shuffle=True, compression_opts=9)
        space = h5py.h5s.create_simple(matrix.shape)
        layout = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        layout.set_layout(h5py.h5d.COMPACT)
        compact = h5py.h5d.create(f.id, b"compact", h5py.h5t.IEEE_F32BE, space, layout)
        compact.write(h5py.h5s.ALL, h5py.h5s.ALL, matrix)
        f["ü/名"] = matrix
        f["alias"] = f["scalar"]
    with h5py.File("attributes.h5", "w") as f:
        f["x"] = matrix
        f.attrs["text"] = "über"
        f.attrs["list"] = ["a", "", "ü"]
        f.attrs["fixed"] = np.array([b"ab", b"cde"], "S5")
        f.attrs["number"] = 3
        f.attrs["none"] = np.zeros(0)
        f.attrs["table"] = np.array([["a", "b"], ["c", "d"]], dtype=h5py.string_dtype())
        kind = h5py.h5t.C_S1.copy()
        kind.set_size(6)
        kind.set_strpad(h5py.h5t.STR_SPACEPAD)
        space = h5py.h5s.create_simple((2,))
        spaced = h5py.h5a.create(f.id, b"spaced", kind, space)
        spaced.write(np.array([b"hi    ", b"there "], "S6"))
        f["x"].attrs["dtype"] = "float32"
        group = f.create_group("split")
        for part, numbers in enumerate((range(0, 40), range(40, 70), range(70, 75))):
            group.attrs[f"weight_names{part}"] = np.array([b"w%d" % n for n in numbers])
    # What a file may hold and a reader must not follow, nor fall over.
    with h5py.File("links.h5", "w") as f:
        f["x"] = matrix
        f["soft"] = h5py.SoftLink("/x")
        f["dangling"] = h5py.SoftLink("/nowhere")
        f["outside"] = h5py.ExternalLink("single.h5", "/x")
        f["group/loop"] = f["/"]
        f["group/inner/up"] = f["group"]
        f["group/y"] = matrix
    with h5py.File("external.h5", "w") as f:
        f.create_dataset("x", (7, 5), "f4", external=[("raw.bin", 0, matrix.nbytes)])
    matrix.tofile("raw.bin")
    with h5py.File("virtual.h5", "w") as f:
        layout = h5py.VirtualLayout((7, 5), "f4")
        layout[:] = h5py.VirtualSource("shapes.h5", "chunked", (7, 5))
        f.create_virtual_dataset("x", layout)
    with h5py.File("filters.h5", "w") as f:
        f["x"] = matrix
        f.create_dataset("lzf", data=matrix, compression="lzf", chunks=(7, 5))
        f.create_dataset("scale", data=(matrix * 99).astype("i4"), scaleoffset=0, chunks=(7, 5))
    with h5py.File("unwritten.h5", "w") as f:
        f["x"] = matrix
        f.create_dataset("plain", (10**6, 10**6), "f4")
        f.create_dataset("chunked", (10**6, 10**6), "f4", chunks=(100, 100))
        f.create_dataset("part", (100, 100), "f4", chunks=(10, 100))[0] = 1
    with h5py.File("huge-chunk.h5", "w") as f:
        f.create_dataset("x", data=np.ones((4, 2), "f4"), maxshape=(None, 2), chunks=(4000000, 2), compression="gzip", compression_opts=9)
    with h5py.File("deep.h5", "w", libver=("v108", "v108")) as f:
        f["/".join("g" * 100)] = matrix
    with h5py.File("kinds.h5", "w") as f:
        f["x"] = matrix
        f["type"] = np.dtype("f4")
        f.create_dataset("committed", data=matrix, dtype=f["type"])
        f["text"] = "a text"
        f["texts"] = np.array(["a", "b"], dtype=h5py.string_dtype())
        f["compound"] = np.zeros(3, [("a", "f4"), ("b", "i4")])
        f["boolean"] = np.array([True, False])
        f["complex"] = np.zeros(3, "c8")
        f["bytes"] = np.zeros(4, "V5")
        f.create_dataset("reference", (2,), dtype=h5py.ref_dtype)
        f.create_dataset("lists", (2,), dtype=h5py.vlen_dtype("f4"))
        f["long"] = np.zeros(3, np.longdouble)
    with h5py.File("single.h5", "w") as f:
        f.create_dataset("x", data=matrix)
    with h5py.File("fletcher.h5", "w") as f:
        f.create_dataset("checked", data=np.arange(64, dtype="<f4"), chunks=(16,), fletcher32=True)
        f.create_dataset("packed", data=matrix, chunks=(4, 4), compression="gzip", shuffle=True, fletcher32=True)
        f["x"].attrs["name"] = "the only one"
        f.attrs["list"] = np.array([b"one", b"two"], "S8")


def old():
    assert h5py.__version__.startswith("2.")
    from tensorflow.python.keras.saving import hdf5_format

    names = [b"albert/some_rather_long_scope_name/layer_%04d/kernel:0" % n for n in range(1400)]
    with h5py.File("old.h5", "w") as f:
        group = f.create_group("albert")
        group.create_dataset("kernel:0", data=matrix)
        hdf5_format.save_attributes_to_hdf5_group(group, "weight_names", names)
        hdf5_format.save_attributes_to_hdf5_group(f, "layer_names", [b"albert"])
        f.attrs["keras_version"] = b"2.2.4-tf"


def keras():
    import shutil
    import keras, keras_hub

    keras.utils.set_random_seed(3)
    shape = dict(
        vocabulary_size=24, num_layers=2, num_heads=2, embedding_dim=4, hidden_dim=8, intermediate_dim=16,
        max_sequence_length=8)
    backbone = keras_hub.models.AlbertBackbone(**shape)
    backbone.save("backbone.keras")
    shutil.rmtree("sharded", ignore_errors=True)
    os.mkdir("sharded")
    backbone.save_weights("sharded/backbone.weights.json", max_shard_size=0.0000008)
    keras.config.set_dtype_policy("bfloat16")
    model = keras_hub.models.AlbertMaskedLM(keras_hub.models.AlbertBackbone(**shape, dtype="bfloat16"))
    model.save_to_preset("preset")
    for name in os.listdir("preset"):
        if not name.endswith(".h5"):
            os.remove("preset/" + name)


def transformers():
    import shutil, tensorflow
    from transformers import AlbertConfig, TFAlbertForPreTraining

    model = TFAlbertForPreTraining(AlbertConfig(
        vocab_size=24, embedding_size=4, hidden_size=8, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=8))
    model(model.dummy_inputs["input_ids"][:, :2] * 0)
    model.save_pretrained("transformers")
    shutil.rmtree("transformers-sharded", ignore_errors=True)
    model.save_pretrained("transformers-sharded", max_shard_size="1KB")
    for folder in ("transformers", "transformers-sharded"):
        os.remove(folder + "/config.json")


def truth():
    result = {}
    for path in sorted(glob.glob("**/*.h5", recursive=True) + glob.glob("*.keras")):
        tensors = {}

        def visit(name, item):
            if not isinstance(item, h5py.Dataset):
                return
            try:
                values = np.asarray(item[()])
            except OSError:
                return
            if values.dtype.kind not in "fiuV" or values.dtype.names or values.dtype.itemsize > 8:
                return
            if values.dtype.kind == "V" and values.dtype.itemsize != 2:
                return
            if values.dtype.byteorder == ">":
                values = values.astype(values.dtype.newbyteorder("<"))
            tensors[name] = {
                "shape": list(item.shape or [0] * (item.shape is None)), "type": values.dtype.name,
                "sha256": hashlib.sha256(values.tobytes() if item.shape is not None else b"").hexdigest()}

        if path.startswith(("unwritten", "deep", "huge-chunk")):
            continue
        content = io.BytesIO(zipfile.ZipFile(path).read("model.weights.h5")) if path.endswith(".keras") else path
        with h5py.File(content, "r") as f:
            f.visititems(visit)
        result[path] = tensors
    with open("truth.json", "w") as f:
        json.dump(result, f, indent=1, sort_keys=True)


globals()[sys.argv[1]]()
