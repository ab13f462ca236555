"""Models of random numbers at published sizes, in every format that they are measured in."""

import array
import json
import pathlib
import random
import struct
import subprocess

# hidden size, layers, heads; all have an embedding size of 128 and 30,000 words.
SIZES = {
    "base": (768, 12, 12),
    "large": (1024, 24, 16),
    "xlarge": (2048, 24, 16),
    "xxlarge": (4096, 12, 64),
}
# What the tables call a format, what the tool calls it, and the file that is named.
FORMATS = {
    "TensorFlow 1": ("tf-checkpoint", "model.index"),
    "HDF5": ("keras-h5", "model.h5"),
    "PyTorch": ("pytorch", "model.pt"),
    "NumPy": ("npz", "model.npz"),
    "safetensors": ("safetensors", "model.safetensors"),
    "ONNX": ("onnx", "model.onnx"),
}


def config(hidden, layers, heads, groups=1, words=30_000, embedding=128):
    """A config as Hugging Face's classes read it."""
    return {
        "architectures": ["AlbertModel"], "model_type": "albert", "vocab_size": words,
        "embedding_size": embedding, "hidden_size": hidden, "intermediate_size": 4 * hidden,
        "num_hidden_layers": layers, "num_hidden_groups": groups, "inner_group_num": 1,
        "num_attention_heads": heads, "max_position_embeddings": 512, "type_vocab_size": 2,
        "hidden_act": "gelu_new", "layer_norm_eps": 1e-12,
    }


def tensors(sizes):
    """The names and shapes of a bare model."""
    h, e, f = sizes["hidden_size"], sizes["embedding_size"], sizes["intermediate_size"]
    yield "embeddings.word_embeddings.weight", [sizes["vocab_size"], e]
    yield "embeddings.position_embeddings.weight", [sizes["max_position_embeddings"], e]
    yield "embeddings.token_type_embeddings.weight", [sizes["type_vocab_size"], e]
    yield "embeddings.LayerNorm.weight", [e]
    yield "embeddings.LayerNorm.bias", [e]
    yield "encoder.embedding_hidden_mapping_in.weight", [h, e]
    yield "encoder.embedding_hidden_mapping_in.bias", [h]
    for group in range(sizes["num_hidden_groups"]):
        layer = f"encoder.albert_layer_groups.{group}.albert_layers.0."
        for part in ("query", "key", "value", "dense"):
            yield layer + f"attention.{part}.weight", [h, h]
            yield layer + f"attention.{part}.bias", [h]
        for norm in ("attention.LayerNorm", "full_layer_layer_norm"):
            yield layer + norm + ".weight", [h]
            yield layer + norm + ".bias", [h]
        yield layer + "ffn.weight", [f, h]
        yield layer + "ffn.bias", [f]
        yield layer + "ffn_output.weight", [h, f]
        yield layer + "ffn_output.bias", [h]
    yield "pooler.weight", [h, h]
    yield "pooler.bias", [h]


def write(folder, sizes):
    """A folder with a config and weights: the same million numbers from a new place for each tensor."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(sizes), encoding="utf-8")
    source = random.Random(1)
    noise = array.array("f", (source.uniform(-0.05, 0.05) for _ in range(1 << 20))).tobytes()
    ones = struct.pack("<f", 1.0)
    header, parts, end = {}, [], 0
    for name, shape in tensors(sizes):
        count = 4
        for extent in shape:
            count *= extent
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [end, end + count]}
        parts.append((count, "norm" in name.lower() and name.endswith("weight")))
        end += count
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(folder / "model.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for index, (count, is_scale) in enumerate(parts):
            start = 4 * (index * 7919 % (1 << 18))
            while count > 0 and not is_scale:
                part = noise[start:start + count]
                file.write(part)
                count, start = count - len(part), 0
            file.write(ones * (count // 4))
    return folder


def formats(albert, folder, size, wanted):
    """The files of a size in the formats wanted, made where they are not there yet; by format."""
    made = {}
    source = folder / size / "safetensors"
    if not (source / "model.safetensors").exists():
        write(source, config(*SIZES[size]))
    for format in wanted:
        word, name = FORMATS[format]
        place = source if format == "safetensors" else folder / size / word
        file = place / name
        if not file.exists():
            place.mkdir(parents=True, exist_ok=True)
            text = (source / "config.json").read_text(encoding="utf-8")
            # Google's reader looks for the one name, all others for the other.
            for config_name in ("config.json", "albert_config.json"):
                (place / config_name).write_text(text, encoding="utf-8")
            subprocess.run(
                [albert, "convert", source / "model.safetensors", file, "--to", word, "--no-verify",
                 "--initialize-missing", "--quiet"], check=True, stdout=subprocess.DEVNULL)
        made[format] = file
    return made


def data_file(file):
    """The file that holds the numbers: what a copy of the model copies."""
    shard = pathlib.Path(str(file.with_suffix("")) + ".data-00000-of-00001")
    return shard if shard.exists() else file
