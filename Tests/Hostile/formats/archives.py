"""Zip files (PyTorch, .npz, .keras): changed members with right sums, or a changed directory."""
import io
import struct
import zipfile

from formats import plain


def claims(data):
    """Whether a member or an end record begins it."""
    return data[:4] in (b"PK\3\4", b"PK\5\6")


def mutate(data, random):
    """Written anew with one member changed, or with a field changed."""
    if random.random() < 0.35:
        return _field(data, random)
    from formats import mutate as any_format
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        members = [(info, source.read(info)) for info in source.infolist()]
    if not members:
        return plain.mutate(data, random)
    # Small members are those that are parsed.
    chosen = min(random.sample(range(len(members)), min(3, len(members))),
                 key=lambda index: len(members[index][1]))
    info, content = members[chosen]
    act = random.random()
    if act < 0.7:
        members[chosen] = (info, any_format(content, random))
    elif act < 0.8:
        del members[chosen]
    elif act < 0.9:
        members.append(members[chosen])
    else:
        info.filename = random.choice(
            ["../" + info.filename, "/" + info.filename, "", info.filename * 30, info.filename[1:]])
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for info, content in members:
            kind = info.compress_type if random.random() < 0.95 else zipfile.ZIP_DEFLATED
            made.writestr(_fresh(info, kind), content, kind)
    return target.getvalue()


def _fresh(info, kind):
    """A member's name and date without the old offsets."""
    fresh = zipfile.ZipInfo(info.filename or "x", info.date_time)
    fresh.compress_type = kind
    return fresh


# Where each record keeps what, by its magic: (offset, struct's letter).
FIELDS = {
    b"PK\3\4": [(4, "H"), (6, "H"), (8, "H"), (14, "I"), (18, "I"), (22, "I"), (26, "H"), (28, "H")],
    b"PK\1\2": [(8, "H"), (10, "H"), (16, "I"), (20, "I"), (24, "I"), (28, "H"), (30, "H"), (32, "H"),
                (34, "H"), (42, "I")],
    b"PK\5\6": [(4, "H"), (8, "H"), (10, "H"), (12, "I"), (16, "I"), (20, "H")],
    b"PK\6\6": [(4, "Q"), (24, "Q"), (32, "Q"), (40, "Q"), (48, "Q")],
    b"PK\6\7": [(8, "Q"), (16, "I")],
}


def _field(data, random):
    """One number of one record changed."""
    data = bytearray(data)
    places = []
    for magic in FIELDS:
        at = data.find(magic)
        while at >= 0:
            places.append((at, magic))
            at = data.find(magic, at + 4)
    at, magic = random.choice(places)
    offset, letter = random.choice(FIELDS[magic])
    width = struct.calcsize("<" + letter)
    old = struct.unpack_from("<" + letter, data, at + offset)[0]
    struct.pack_into(
        "<" + letter, data, at + offset, plain.number(random, old) % (1 << 8 * width))
    return bytes(data)
