"""Writes the files of this folder with PyTorch (2.13) and NumPy (2.4), but for the tiny-a ones.

Every tensor is a view of 0, 1, 2, ... so that the tests can state its elements.
"""

import argparse
import collections
import io
import json
import os
import pickle
import struct
import tarfile
import zipfile

import numpy as np
import torch

OLD = dict(_use_new_zipfile_serialization=False)


def base(dtype=torch.float32):
    return torch.arange(24, dtype=torch.float32).reshape(4, 6).to(dtype)


def views():
    whole = base()
    wide = torch.arange(120, dtype=torch.float32).reshape(2, 3, 4, 5)
    return collections.OrderedDict(
        whole=whole,
        same=whole,
        transposed=whole.t(),
        columns=whole[:, 1:3],
        rows=whole[2:],
        every_other=whole[::2, ::3],
        expanded=whole[1:2].expand(3, 6),
        scalar=whole[3, 5],
        empty=whole[:, 6:],
        permuted=wide.permute(3, 1, 0, 2),
        expanded_inside=wide[:, :1].expand(2, 3, 4, 5),
        last_of_many=torch.arange(3000, dtype=torch.float32)[::2999],
    )


torch.save(views(), "views.pt")
torch.save(views(), "views-legacy.pt", **OLD)
torch.save(views(), "views-protocol5.pt", pickle_protocol=5)
torch.save(views(), "views-legacy-protocol4.pt", pickle_protocol=4, **OLD)

types = [
    "float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "uint16",
    "uint32", "uint64", "complex64",
]
every = {name: base(getattr(torch, name)) for name in types}
every["bool"] = base().to(torch.bool)
torch.save(every, "types.pt")


def rewrite(source, target, change=lambda name, data: data, method=zipfile.ZIP_STORED, rename=None):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", method) as new:
        for info in old.infolist():
            name = rename(info.filename) if rename else info.filename
            if name:
                fresh = zipfile.ZipInfo(name)
                fresh.compress_type = method
                new.writestr(fresh, change(info.filename, old.read(info.filename)))


# What a big-endian machine would have written: each element's bytes in reverse order.
with zipfile.ZipFile("types.pt") as archive:
    keys = {}
    saved = torch.load("types.pt")
    for key, tensor in zip((str(n) for n in range(len(saved))), saved.values()):
        keys[f"types/data/{key}"] = 4 if tensor.dtype == torch.complex64 else tensor.element_size()


def swapped(name, data):
    if name.endswith("/byteorder"):
        return b"big"
    if name in keys:
        return np.frombuffer(data, f"V{keys[name]}").tobytes() if keys[name] == 1 else (
            np.frombuffer(data, f"<u{keys[name]}").astype(f">u{keys[name]}").tobytes())
    return data


rewrite("types.pt", "types-big-endian.pt", swapped)
rewrite("views.pt", "views-deflated.pt", method=zipfile.ZIP_DEFLATED)
rewrite("views.pt", "views-without-folder.pt", rename=lambda name: name.split("/", 1)[1])

torch.serialization.set_crc32_options(False)
torch.save({"weight": base(), "bias": base()[0]}, "without-checksums.pt")
torch.serialization.set_crc32_options(True)

nested = {
    "net": {"module.encoder.weight": base(), "module.encoder.bias": base()[0]},
    "epoch": 7,
    "name": "albert",
    "list": [base()[1], (base()[2], 3.5)],
    "optimizer": {"state": {0: {"step": torch.tensor(5.0), "exp_avg": base()}}, "param_groups": [{"lr": 1e-3}]},
    "numpy": np.float64(1.5),
    "array": np.arange(3),
}
torch.save(nested, "nested.pt")
torch.save(nested, "nested-legacy.pt", **OLD)


class Runs:
    def __reduce__(self):
        return os.system, ("touch albertkit-was-run",)


torch.save(
    {"args": argparse.Namespace(lr=0.1, weight=base()), "evil": Runs(), "state": {"weight": base()}},
    "dangerous.pt",
)

module = torch.nn.Sequential(torch.nn.Linear(6, 4), torch.nn.Sequential(torch.nn.LayerNorm(4)))
with torch.no_grad():
    module[0].weight.copy_(base())
    module[0].bias.copy_(base()[0, :4])
    module[1][0].weight.copy_(base()[1, :4])
    module[1][0].bias.copy_(base()[2, :4])
module.register_buffer("position_ids", torch.arange(6).expand(1, 6))
torch.save(module, "module.pt")
torch.save(module, "module-legacy.pt", **OLD)
# Old files hold the path of each class's source; this machine's is nobody's business.
with open("module-legacy.pt", "rb+") as file:
    content = file.read()
    folder = os.path.dirname(torch.__file__).encode()
    file.seek(0)
    file.write(content.replace(folder, b"x" * len(folder)))
torch.jit.save(torch.jit.script(module), "script-debug.pt")
rewrite("script-debug.pt", "script.pt", rename=lambda name: name if "debug_pkl" not in name else "")
os.remove("script-debug.pt")
module[0].weight.note = "kept"
torch.save({"parameter": torch.nn.Parameter(base()), "with_state": module[0].weight}, "parameters.pt")

torch.save(
    {
        "plain": base(),
        "conjugate": base(torch.complex64).conj(),
        "negative": base(torch.complex64).conj().imag,
        "quantized": torch.quantize_per_tensor(base(), 1.0, 0, torch.quint8),
        "sparse": base().to_sparse(),
        "rows": base().to_sparse_csr(),
        "meta": base().to("meta"),
        "float8": base().to(torch.float8_e4m3fn),
        "wide": base(torch.complex128),
    },
    "unreadable.pt",
)

shared = base()
loop = []
loop.append(loop)
loop.append(shared)
again = {"weight": shared}
torch.save({"loop": loop, "first": again, "second": again, "dict": {"tied": shared}}, "recursive.pt")
torch.save(base(), "single.pt")
torch.save({"epoch": 3, "when": argparse.Namespace(a=1)}, "no-tensors.pt")
torch.save({"word": np.arange(3, dtype=np.float32)}, "arrays.pt")


class Old(pickle._Pickler):
    """PyTorch 1.5 named storages by their address, and stated no byte order."""

    def persistent_id(self, obj):
        if isinstance(obj, torch.storage.TypedStorage):
            kind = getattr(torch, obj.pickle_storage_type())
            key = str(94000000000000 + 64 * len(storages))
            storages[key] = obj
            return ("storage", kind, key, "cpu", obj.size())
        return None


storages = {}
buffer = io.BytesIO()
Old(buffer, 2).dump(collections.OrderedDict(weight=base(), bias=base()[0].clone()))
with zipfile.ZipFile("addresses.pt", "w") as archive:
    archive.writestr(zipfile.ZipInfo("archive/version"), "1\n")
    archive.writestr(zipfile.ZipInfo("archive/data.pkl"), buffer.getvalue())
    for key, storage in storages.items():
        content = bytes(storage._untyped_storage)
        archive.writestr(zipfile.ZipInfo(f"archive/data/{key}"), content)

with tarfile.open("old.tar", "w") as archive:
    for name in ["sys_info", "pickle", "tensors", "storages"]:
        info = tarfile.TarInfo(name)
        info.size = 2
        archive.addfile(info, io.BytesIO(b"}."))

quantised = torch.ao.quantization.quantize_dynamic(
    torch.nn.Sequential(torch.nn.Linear(2, 2)), {torch.nn.Linear}, dtype=torch.qint8
)
torch.jit.script(quantised).save("quantized-script.pt")

with open("numpy.pkl", "wb") as file:
    pickle.dump({"weight": np.arange(6, dtype=np.float32)}, file)
