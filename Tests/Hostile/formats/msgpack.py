"""MessagePack (Flax): lengths, kinds, extensions and numbers of single values changed."""
import struct

from formats import plain


def claims(data):
    """Whether a map of texts begins it."""
    return len(data) > 2 and (0x80 <= data[0] <= 0x8F or data[0] in (0xDE, 0xDF)) and any(
        data[at] in range(0xA0, 0xC0) or data[at] in (0xD9, 0xDA) for at in (1, 3, 5))


def mutate(data, random):
    """One or two values' heads changed."""
    data = bytearray(data)
    for _ in range(random.choice([1, 1, 2])):
        heads = list(_heads(bytes(data)))
        if not heads:
            return plain.mutate(bytes(data), random)
        at, width = random.choice(heads)
        act = random.random()
        if act < 0.3:
            data[at] = random.choice([
                0xC0, 0xC1, 0xC4, 0xC6, 0xC9, 0xCA, 0xCF, 0xD3, 0xD4, 0xD9, 0xDB, 0xDD, 0xDF, 0x80,
                0x90, 0xA0, data[at] ^ 1, data[at] + 1 & 255])
        elif width:
            old = int.from_bytes(data[at + 1:at + 1 + width], "big")
            fresh = plain.number(random, old) % (1 << 8 * width)
            data[at + 1:at + 1 + width] = fresh.to_bytes(width, "big")
        elif act < 0.7:
            data[at] = data[at] & 0xF0 | random.randrange(16)
        else:
            data[at:at + 1] = random.choice([
                b"", b"\xdf\xff\xff\xff\xff", b"\x91" * 5000, b"\xc7\x03\x01", bytes(data[at:at + 40])])
    return bytes(data)


# Bytes of a length or number after the head, by the head; those of 8 to 16 lines hold values.
WIDTHS = {
    0xC4: 1, 0xC5: 2, 0xC6: 4, 0xC7: 1, 0xC8: 2, 0xC9: 4, 0xCA: 4, 0xCB: 8, 0xCC: 1, 0xCD: 2,
    0xCE: 4, 0xCF: 8, 0xD0: 1, 0xD1: 2, 0xD2: 4, 0xD3: 8, 0xD9: 1, 0xDA: 2, 0xDB: 4, 0xDC: 2,
    0xDD: 4, 0xDE: 2, 0xDF: 4}


def _heads(data, at=0, end=None, most=4000):
    """Places of values' heads and the width of what follows; an extension's content too."""
    end = len(data) if end is None else end
    while at < end and most:
        most -= 1
        head = data[at]
        width = WIDTHS.get(head, 0)
        yield at, width
        size = int.from_bytes(data[at + 1:at + 1 + width], "big")
        at += 1 + width
        if 0xA0 <= head <= 0xBF:
            at += head & 31
        elif head in (0xC4, 0xC5, 0xC6, 0xD9, 0xDA, 0xDB):
            at += size
        elif head in (0xC7, 0xC8, 0xC9):
            yield from _heads(data, at + 1, min(at + 1 + size, at + 40), 8)
            at += 1 + size
        elif 0xD4 <= head <= 0xD8:
            at += 1 + (1 << head - 0xD4)
