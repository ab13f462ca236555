"""Protocol buffers (ONNX, saved_model.pb, values of TensorFlow's tables)."""
from formats import plain


def claims(data):
    """Whether all of it parses as fields."""
    try:
        return bool(parse(data))
    except ValueError:
        return False


def mutate(data, random):
    """One field changed, deep within, with right lengths around it."""
    fields = parse(data)
    if not fields:
        return plain.mutate(data, random)
    return write(_changed(fields, random, 0))


def _changed(fields, random, depth):
    fields = list(fields)
    at = random.randrange(len(fields))
    number, wire, value = fields[at]
    act = random.random()
    inner = None
    # Small messages hold what is parsed; the large ones are weights.
    if wire == 2 and depth < 12 and act < 0.75 and 0 < len(value) < 1 << 20:
        try:
            inner = parse(value)
        except ValueError:
            pass
    if inner:
        fields[at] = (number, 2, write(_changed(inner, random, depth + 1)))
    elif act < 0.82:
        if wire == 2:
            value = random.choice([b"", value * 2, plain.mutate(value, random), value[:len(value) // 2]])
        else:
            value = plain.number(random, value)
        fields[at] = (number, wire, value)
    elif act < 0.87:
        del fields[at]
    elif act < 0.92:
        fields[at:at] = [fields[at]] * random.choice([1, 2, 300])
    elif act < 0.96:
        fields[at] = (random.choice([1, 2, 3, 5, 7, 16, number + 1]), wire, value)
    else:
        fields[at] = (number, 0, 1) if wire == 2 else (number, 2, b"\1\2")
    return fields


def parse(data):
    """The fields: number, wire type, value."""
    fields, at = [], 0
    while at < len(data):
        tag, at = varint(data, at)
        wire = tag & 7
        if wire == 0:
            value, at = varint(data, at)
        elif wire == 1:
            value, at = int.from_bytes(data[at:at + 8], "little"), at + 8
        elif wire == 5:
            value, at = int.from_bytes(data[at:at + 4], "little"), at + 4
        elif wire == 2:
            count, at = varint(data, at)
            value, at = data[at:at + count], at + count
        else:
            raise ValueError("no wire type")
        if at > len(data) or tag >> 3 == 0:
            raise ValueError("no field")
        fields.append((tag >> 3, wire, value))
    return fields


def write(fields):
    """Bytes of fields."""
    parts = []
    for number, wire, value in fields:
        parts.append(encoded(number << 3 | wire))
        if wire == 0:
            parts.append(encoded(value & (1 << 64) - 1))
        elif wire == 2:
            parts += [encoded(len(value)), value]
        else:
            width = 8 if wire == 1 else 4
            parts.append((value & (1 << 8 * width) - 1).to_bytes(width, "little"))
    return b"".join(parts)


def varint(data, at):
    """A number and where it ends."""
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise ValueError("no varint")
        value |= (data[at] & 127) << shift
        at += 1
        if data[at - 1] < 128:
            return value, at
        shift += 7


def encoded(value):
    """A varint."""
    parts = bytearray()
    while value > 127:
        parts.append(value & 127 | 128)
        value >>= 7
    parts.append(value)
    return bytes(parts)
