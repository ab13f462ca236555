"""TensorFlow checkpoints in TensorFlow 1.15 and Google's own code (PyPI albert-tensorflow)."""
import interop

import os
import sys
import types
import warnings

# Google's code imports it for its tokenizer, which nothing here uses.
sys.modules.setdefault("sentencepiece", types.ModuleType("sentencepiece"))
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.simplefilter("ignore")

import numpy as np
import tensorflow as tf

tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.ERROR)

from albert import classifier_utils, modeling, run_pretraining, squad_utils

NAME = "model.ckpt-best"
checks = interop.Checks("tf-checkpoint: Google's modeling.py, tensorflow %s" % tf.__version__)


def variables(prefix):
    """Every variable of a checkpoint."""
    reader = tf.train.load_checkpoint(prefix)
    return {k: reader.get_tensor(k) for k in reader.get_variable_to_shape_map()}


def read(*parts):
    with open(os.path.join(*parts), "rb") as file:
        return file.read()


def run(folder, golden, build):
    """Restores Google's graph, every variable of it, and runs it."""
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        config = modeling.AlbertConfig.from_json_file(os.path.join(folder, "albert_config.json"))
        ids = tf.constant(golden["input_ids"], tf.int32)
        mask = tf.constant(golden.get("attention_mask", np.ones_like(golden["input_ids"])), tf.int32)
        segments = tf.constant(golden["token_type_ids"], tf.int32)
        outputs = build(config, ids, mask, segments)
        names = {v.op.name for v in tf.compat.v1.global_variables()}
        stored = {n for n, _ in tf.train.list_variables(folder)}
        # The latest checkpoint, as the state file names it.
        tf.compat.v1.train.Saver().restore(session, tf.train.latest_checkpoint(folder))
        return session.run(outputs), names ^ stored


def pretraining(config, ids, mask, segments):
    model = modeling.AlbertModel(config, False, ids, mask, segments)
    batch, length = ids.shape.as_list()
    positions = tf.tile(tf.range(length)[None], [batch, 1])
    run_pretraining.get_masked_lm_output(
        config, model.get_sequence_output(), model.get_embedding_table(), positions, ids,
        tf.ones_like(ids, tf.float32),
    )
    run_pretraining.get_sentence_order_output(config, model.get_pooled_output(), ids[:, 0] * 0)
    graph = tf.compat.v1.get_default_graph()
    logits = graph.get_tensor_by_name("cls/predictions/BiasAdd:0")
    return {
        "prediction_logits": tf.reshape(logits, [batch, length, -1]),
        "sop_logits": graph.get_tensor_by_name("cls/seq_relationship/BiasAdd:0"),
        "last_hidden_state": model.get_sequence_output(),
        "pooler_output": model.get_pooled_output(),
        "embeddings": model.get_embedding_output(),
    }


def classifier(config, ids, mask, segments):
    made = classifier_utils.create_model(
        config, False, ids, mask, segments, ids[:, 0] * 0, 3, False, "mnli"
    )
    return {"logits": made[3]}


def squad(config, ids, mask, segments):
    start, end = squad_utils.create_v1_model(config, False, ids, mask, segments, False)
    return {"start_logits": start, "end_logits": end}


def compare(label, folder, golden, build):
    outputs, difference = run(folder, golden, build)
    checks.check("%s: the variables are the graph's" % label, not difference, ", ".join(difference))
    for stage in sorted(set(outputs) & set(golden)):
        checks.close("%s: %s" % (label, stage), outputs[stage], golden[stage])


for config, recorded in [("tiny-a", "golden"), ("tiny-b", "golden-gelu_new")]:
    original = checks.source(config, "tf1", NAME)
    native = checks.convert(original, config + ".albert")
    folder = native and checks.convert(native, config + "-tf", "--to", "tf-checkpoint")
    if not folder:
        continue
    expected = variables(original)
    step = expected.pop("global_step")
    checks.equal(config + ": load_checkpoint", variables(os.path.join(folder, NAME)), expected)
    # The step, which has no place in a model, is the last variable.
    shard = NAME + ".data-00000-of-00001"
    there, here = read(checks.source(config, "tf1", shard)), read(folder, shard)
    checks.check(config + ": the same bytes as the original", here + step.tobytes() == there)
    # TensorFlow's own index of the same variables.
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        again = checks.output(config + "-again")
        names = sorted(expected)
        session.run(tf.raw_ops.SaveV2(
            prefix=again, tensor_names=names, shape_and_slices=[""] * len(names),
            tensors=[expected[n] for n in names],
        ))
    checks.check(config + ": TensorFlow's own index", read(again + ".index") == read(folder, NAME + ".index"))
    compare(config, folder, checks.golden(config, recorded), pretraining)

for config in checks.configs():
    # Google's code cannot compute the exact GELU of the other model.
    if config != "tiny-b":
        source = checks.source(config, "hf-safetensors")
        folder = checks.convert(source, config + "-hf", "--to", "tf-checkpoint")
        if folder:
            compare(config + " from transformers", folder, checks.golden(config), pretraining)
folder = checks.convert(checks.source("tiny-a", "head-seqcls"), "seqcls", "--to", "tf-checkpoint")
if folder:
    compare("seqcls", folder, checks.golden("tiny-a", "head-seqcls"), classifier)

# Google's graph always has a pooler, and transformers' class for answers none.
answers = checks.source("tiny-a", "head-qa")
checks.refused(
    "a missing pooler is refused", answers, "qa", "--to", "tf-checkpoint", words=["albert.pooler.weight"]
)
folder = checks.convert(answers, "qa", "--to", "tf-checkpoint", "--initialize-missing")
if folder:
    compare("qa", folder, checks.golden("tiny-a", "head-qa"), squad)

exact = checks.source("tiny-b", "hf-safetensors")
checks.refused("exact GELU is refused", exact, "gelu", "--to", "tf-checkpoint", words=["gelu"])
folder = checks.convert(exact, "inexact", "--to", "tf-checkpoint", "--allow-inexact")
if folder:
    compare("inexact", folder, checks.golden("tiny-b", "golden-gelu_new"), pretraining)
for head in ["tokencls", "multichoice"]:
    source = checks.source("tiny-a", "head-" + head)
    checks.refused(head + " is refused", source, head, "--to", "tf-checkpoint")
checks.finish()
