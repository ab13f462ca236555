"""Pickles: operations moved, doubled, dropped, and with other arguments."""
import io
import pickletools
import struct

from formats import plain


def claims(data):
    """Whether a protocol of 2 or more is stated, as PyTorch does."""
    return data[:1] == b"\x80" and data[1:2] in (b"\2", b"\3", b"\4", b"\5")


def mutate(data, random):
    """Changes one of the pickles at the beginning; what follows them stays."""
    stream, pickles = io.BytesIO(data), []
    while len(pickles) < 8:
        begin = stream.tell()
        try:
            operations = [(op, argument, at) for op, argument, at in pickletools.genops(stream)]
        except Exception:
            stream.seek(begin)
            break
        pickles.append((begin, stream.tell(), operations))
    if not pickles:
        return plain.mutate(data, random)
    begin, end, operations = random.choice(pickles)
    # `genops` counts from where the stream stood.
    starts = [at for _, _, at in operations] + [end]
    pieces = [data[a:b] for a, b in zip(starts, starts[1:])]
    for _ in range(random.choice([1, 1, 2, 4])):
        _change(pieces, random)
    return data[:begin] + b"".join(pieces) + data[end:]


def _change(pieces, random):
    at = random.randrange(len(pieces))
    act = random.random()
    if act < 0.15:
        del pieces[at]
    elif act < 0.3:
        pieces.insert(at, pieces[random.randrange(len(pieces))])
    elif act < 0.4:
        other = random.randrange(len(pieces))
        pieces[at], pieces[other] = pieces[other], pieces[at]
    elif act < 0.5:
        pieces[at:at] = pieces[at:at + random.choice([2, 8, 40])] * random.choice([1, 2, 30])
    elif act < 0.6:
        pieces[at] = random.choice([
            b"0", b"2", b"(", b"t", b"R", b"b", b"}", b"]", b"N", b"\x85", b"e", b"u", b"s", b"Q",
            b"c" + b"os\nsystem\n", b"\x8a\x09" + b"\xff" * 9, b"G\x7f\xf0" + bytes(6), b"h\xff", b"."])
    else:
        piece = bytearray(pieces[at])
        if len(piece) == 2:
            piece[1] = plain.number(random, piece[1]) & 255
        elif len(piece) == 5:
            piece[1:] = struct.pack("<I", plain.number(random) & 0xFFFFFFFF)
        elif len(piece) > 5:
            piece = bytearray(piece[:1] + plain.mutate(bytes(piece[1:]), random))
            if piece[:1] == b"X" and random.random() < 0.7:
                piece[1:5] = struct.pack("<I", max(0, len(piece) - 5))
        pieces[at] = bytes(piece)
