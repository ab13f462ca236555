"""TensorFlow's sorted tables (.index, V1 checkpoints): changed blocks with right checksums."""
import struct

from formats import digests, plain, protobuf

MAGIC = struct.pack("<Q", 0xDB4775248B80FB57)


def claims(data):
    """Whether the footer is there."""
    return data[-8:] == MAGIC and len(data) >= 48


def mutate(data, random):
    """Values changed as messages, a block's bytes changed, or the footer."""
    blocks = _blocks(data)
    act = random.random()
    if act < 0.1:
        return data[:-48] + plain.mutate(data[-48:-8], random)[:40].ljust(40, b"\0") + MAGIC
    start, size = random.choice(blocks)
    content = data[start:start + size]
    if len(content) > 1 << 16:
        return plain.mutate(data, random)
    if act < 0.4:
        fresh = plain.mutate(content, random)[:size].ljust(size, b"\0")
        return data[:start] + fresh + _trailer(fresh, data[start + size]) + data[start + size + 5:]
    return _rebuilt(data, random)


def _trailer(content, kind):
    kind = bytes([kind])
    return kind + struct.pack("<I", digests.masked(digests.crc32c(content + kind)))


def _handle(data, at):
    offset, at = protobuf.varint(data, at)
    size, at = protobuf.varint(data, at)
    return (offset, size), at


def _blocks(data):
    """Places of all blocks: metaindex, index, data."""
    footer = data[-48:]
    meta, at = _handle(footer, 0)
    index, _ = _handle(footer, at)
    inner = [
        _handle(value, 0)[0] for _, value in entries(data[index[0]:index[0] + index[1]])]
    return [meta, index, *inner]


def entries(block):
    """Keys and values of a block."""
    count = struct.unpack_from("<I", block, len(block) - 4)[0]
    end, at, key, found = len(block) - 4 - 4 * count, 0, b"", []
    while at < end:
        shared, at = protobuf.varint(block, at)
        fresh, at = protobuf.varint(block, at)
        size, at = protobuf.varint(block, at)
        key = key[:shared] + block[at:at + fresh]
        found.append((key, block[at + fresh:at + fresh + size]))
        at += fresh + size
    return found


def _rebuilt(data, random):
    """The table written anew, with one entry changed."""
    rows = [row for place in _blocks(data)[2:] for row in entries(data[place[0]:sum(place)])]
    at = random.randrange(len(rows))
    key, value = rows[at]
    act = random.random()
    if act < 0.6 and value:
        rows[at] = (key, protobuf.mutate(value, random))
    elif act < 0.7:
        del rows[at]
    elif act < 0.8:
        rows.insert(at, rows[random.randrange(len(rows))])
    elif act < 0.9:
        rows[at] = (plain.mutate(key, random), value)
    else:
        rows[at] = (key, rows[random.randrange(len(rows))][1])
    if random.random() < 0.7:
        rows.sort(key=lambda row: row[0])
    return table(rows)


def table(rows):
    """A table of one data block."""
    out = bytearray()

    def block(rows):
        content = b"".join(
            protobuf.encoded(0) + protobuf.encoded(len(key)) + protobuf.encoded(len(value)) + key
            + value for key, value in rows)
        content += struct.pack("<II", 0, 1)
        handle = protobuf.encoded(len(out)) + protobuf.encoded(len(content))
        out.extend(content + _trailer(content, 0))
        return handle

    body = block(rows)
    meta = block([])
    index = block([(rows[-1][0] + b"\xff" if rows else b"\xff", body)])
    return bytes(out) + (meta + index).ljust(40, b"\0") + MAGIC
