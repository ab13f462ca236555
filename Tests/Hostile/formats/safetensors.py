"""Safetensors, and the native profile with its digests."""
import json
import re
import struct

from formats import digests, jsons, plain


def claims(data):
    """Whether there is a length and a JSON object."""
    return len(data) > 10 and data[8:9] == b"{" and _length(data) <= len(data) - 8


def _length(data):
    return struct.unpack_from("<Q", data)[0]


def mutate(data, random):
    """Another header with a right length, other data with right digests, or a wrong length."""
    length = _length(data)
    header, body = data[8:8 + length], data[8 + length:]
    act = random.random()
    if act < 0.1:
        return struct.pack("<Q", plain.number(random, length)) + data[8:]
    text = header.decode().rstrip()
    padding = len(header) - len(text.encode())
    tree = json.loads(text)
    if act < 0.25:
        body = plain.mutate(body, random)
    elif act < 0.4:
        text = jsons.mutate(text.encode(), random).decode("utf-8", "replace")
    elif act < 0.6:
        tree = _metadata(tree, random)
        text = json.dumps(tree, separators=(",", ":"))
    elif act < 0.8:
        entry = tree[random.choice([name for name in tree if name != "__metadata__"])]
        part = random.choice(["shape", "data_offsets", "dtype"])
        entry[part] = jsons.change(entry[part], random) if isinstance(
            entry[part], list) else random.choice(["F32", "F16", "BF16", "I8", "F8_E4M3", "F4", "BOOL", "C64", "x"])
        text = json.dumps(tree, separators=(",", ":"))
    else:
        tree = jsons.change(tree, random)
        text = json.dumps(tree, separators=(",", ":"))
    header = text.encode("utf-8", "surrogatepass")
    if random.random() < 0.8:
        header += b" " * (-(8 + len(header)) % (16384 if padding > 16 else 8))
    if random.random() < 0.8:
        header = sealed(header, body)
    return struct.pack("<Q", len(header)) + header + body


def _metadata(tree, random):
    """A changed value of the metadata; those of a native file are JSON themselves."""
    values = tree.get("__metadata__") or {"format": "pt"}
    key = random.choice(list(values))
    try:
        values[key] = json.dumps(jsons.change(json.loads(values[key]), random))
    except (ValueError, TypeError):
        values[key] = jsons.value(random, values[key])
    tree["__metadata__"] = values
    return tree


def sealed(header, body):
    """A native header with right digests of the data and of itself; another one as it is."""
    try:
        tree = json.loads(header)
        known = json.loads(tree["__metadata__"]["albert.digests"])
        for name in known:
            start, end = tree[name]["data_offsets"]
            fresh = digests.xxh3_128(body[start:end])
            header = header.replace(known[name].encode(), fresh.encode())
        own = re.search(rb'"albert\.header_digest":"([0-9a-f]{32})"', header).span(1)
    except (ValueError, KeyError, TypeError, AttributeError):
        return header
    zeroed = header[:own[0]] + b"0" * 32 + header[own[1]:]
    return header[:own[0]] + digests.xxh3_128(zeroed).encode() + header[own[1]:]
