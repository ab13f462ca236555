"""Flax files in Flax and in the Flax classes of transformers 4."""
import interop

import os

os.environ.setdefault("JAX_PLATFORMS", "cpu")

import flax
import jax
import jax.numpy as jnp
import numpy as np
import transformers
from flax.serialization import msgpack_restore
from flax.traverse_util import flatten_dict


# The question-answering class calls a method that JAX's arrays have no more.
for kind in [type(jnp.zeros(1)), jax.core.Tracer]:
    if not hasattr(kind, "split"):
        kind.split = lambda self, parts, axis=0: jnp.split(self, parts, axis)


def arrays(path):
    with open(path, "rb") as file:
        tree = msgpack_restore(file.read())
    return {"/".join(k): np.asarray(v) for k, v in flatten_dict(tree).items()}


checks = interop.Checks(f"flax: flax {flax.__version__}, transformers {transformers.__version__}")
load = interop.Loader(checks)


for config in checks.configs():
    golden = checks.golden(config)
    native = checks.convert(checks.source(config, "hf-safetensors"), f"{config}.albert")
    folder = native and checks.convert(native, f"{config}-flax", "--to", "flax")
    if not folder:
        continue
    path = f"{folder}/flax_model.msgpack"
    original = checks.source(config, "hf-flax", "flax_model.msgpack")
    if os.path.exists(original):
        checks.equal(f"{config}: arrays", arrays(path), arrays(original))
    model = load(config, transformers.FlaxAlbertForPreTraining, folder)
    out = model(**interop.inputs(golden, jnp.asarray))
    checks.close(f"{config}: prediction_logits", out.prediction_logits, golden["prediction_logits"])
    checks.close(f"{config}: sop_logits", out.sop_logits, golden["sop_logits"])
    for word, dtype in [("f16", np.float16), ("bf16", jnp.bfloat16)]:
        folder = checks.convert(native, f"{config}-{word}", "--to", "flax", "--dtype", word)
        if folder:
            rounded = {k: v.astype(dtype) for k, v in arrays(path).items()}
            checks.equal(f"{config}: {word}", arrays(f"{folder}/flax_model.msgpack"), rounded)

single = checks.convert(checks.source("tiny-a", "hf-torch"), "single.msgpack")
if single:
    original = checks.source("tiny-a", "hf-flax", "flax_model.msgpack")
    checks.equal("a single file", arrays(single), arrays(original))

folder = checks.convert(checks.source("tiny-a", "hf-safetensors-albertmodel"), "bare", "--to", "flax")
if folder:
    golden = checks.golden("tiny-a")
    out = load("bare", transformers.FlaxAlbertModel, folder)(**interop.inputs(golden, jnp.asarray))
    checks.close("bare: last_hidden_state", out.last_hidden_state, golden["last_hidden_state"])
    checks.close("bare: pooler_output", out.pooler_output, golden["pooler_output"])

for head, name in interop.HEADS.items():
    folder = checks.convert(checks.source("tiny-a", f"head-{head}"), head, "--to", "flax")
    if not folder:
        continue
    golden = checks.golden("tiny-a", f"head-{head}")
    feed = interop.inputs(golden, jnp.asarray)
    if head == "multichoice":
        feed = {k: v[None] for k, v in feed.items()}
    out = load(head, getattr(transformers, "Flax" + name), folder)(**feed)
    for stage in ["logits", "start_logits", "end_logits"]:
        if stage in golden:
            checks.close(f"{head}: {stage}", getattr(out, stage), golden[stage])

checks.finish()
