"""NumPy files in NumPy."""
import interop

import zipfile

import numpy as np

checks = interop.Checks(f"npz: numpy {np.__version__}")
for config in ["tiny-a", "tiny-b"]:
    original = dict(np.load(checks.source(config, "npz", "weights.npz")))
    native = checks.convert(checks.source(config, "hf-safetensors"), f"{config}.albert")
    path = native and checks.convert(native, f"{config}.npz")
    if not path:
        continue
    with np.load(path) as file:
        arrays = dict(file)
    # numpy.savez of a state dictionary holds the tied tensors twice.
    tied = {
        "predictions.decoder.weight": "albert.embeddings.word_embeddings.weight",
        "predictions.decoder.bias": "predictions.bias",
    }
    arrays.update({k: arrays[v] for k, v in tied.items() if v in arrays and k not in arrays})
    checks.equal(f"{config}: arrays", arrays, original)
    with zipfile.ZipFile(path) as z:
        checks.check(f"{config}: the zip file is whole", z.testzip() is None)
    half = checks.convert(native, f"{config}-f16.npz", "--dtype", "f16")
    if half:
        rounded = {k: v.astype(np.float16) for k, v in original.items()}
        arrays = dict(np.load(half))
        arrays.update({k: arrays[v] for k, v in tied.items() if v in arrays and k not in arrays})
        checks.equal(f"{config}: f16", arrays, rounded)
    checks.refused(
        f"{config}: bf16 is refused", native, f"{config}-bf16.npz", "--dtype", "bf16",
        words=["bfloat16"],
    )
checks.finish()
