"""HDF5: metadata changed, with right checksums where the newer structures have them."""
import struct

from formats import digests, plain

MAGIC = b"\x89HDF\r\n\x1a\n"
MARKS = [b"OHDR", b"OCHK", b"FRHP", b"FHDB", b"BTHD", b"BTLF", b"TREE", b"SNOD", b"HEAP", b"GCOL"]


def claims(data):
    """Whether the signature is there."""
    return data[:8] == MAGIC


def mutate(data, random):
    """Changes near a signature, or in an object header of the old kind."""
    data = bytearray(data)
    for _ in range(random.choice([1, 1, 2])):
        places = [0]
        for mark in MARKS:
            at = data.find(mark)
            while at >= 0 and len(places) < 400:
                places.append(at)
                at = data.find(mark, at + 4)
        at = random.choice(places)
        if random.random() < 0.3:
            at = _old_header(data, random)
        spot = min(len(data) - 1, at + random.randrange(4 if at else 8, 160))
        act = random.random()
        if act < 0.4:
            data[spot] = random.choice([0, 1, 0xFF, 0x80, data[spot] ^ 1, random.randrange(256)])
        else:
            letter = random.choice("HIQ")
            if spot + 8 <= len(data):
                old = struct.unpack_from("<" + letter, data, spot)[0]
                struct.pack_into("<" + letter, data, spot, plain.number(random, old) % (
                    1 << 8 * struct.calcsize("<" + letter)))
    return seal(data)


def _old_header(data, random):
    """A place that looks like an object header of version 1: few messages, one reference."""
    at = data.find(b"\1\0", random.randrange(len(data)))
    for _ in range(200):
        if at < 0:
            break
        if at % 8 == 0 and data[at + 4:at + 8] == b"\1\0\0\0":
            return at
        at = data.find(b"\1\0", at + 1)
    return 0


def seal(data):
    """Right checksums in superblocks of version 2 and 3 and in object headers of version 2."""
    data = bytearray(data)
    if data[8] in (2, 3) and len(data) >= 48:
        _put(data, 0, 44)
    at = data.find(b"OHDR")
    while at >= 0 and at + 16 < len(data):
        flags = data[at + 5]
        start = at + 6 + (16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0)
        width = 1 << (flags & 3)
        size = int.from_bytes(data[start:start + width], "little")
        end = start + width + size
        if size < 1 << 16 and end + 4 <= len(data):
            _put(data, at, end)
        at = data.find(b"OHDR", at + 4)
    return bytes(data)


def _put(data, start, end):
    struct.pack_into("<I", data, end, digests.lookup3(bytes(data[start:end])))
