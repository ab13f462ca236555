"""Changes that fit any file, and numbers that programs stumble over."""
import struct

NUMBERS = [0, 1, 2, 3, 7, 8, 127, 128, 255, 256, 32767, 65535, 65536, (1 << 31) - 1, 1 << 31,
           (1 << 32) - 1, 1 << 32, (1 << 53) + 1, (1 << 62), (1 << 63) - 1, 1 << 63, (1 << 64) - 1]


def number(random, old=None):
    """A number near an old one, or one of those."""
    if old is not None and random.random() < 0.4:
        return max(0, random.choice([old - 1, old + 1, old * 2, old // 2, old + 8, old ^ 1, -old]))
    return random.choice(NUMBERS)


def mutate(data, random):
    """One to three changes of bytes."""
    data = bytearray(data)
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        random.choice(CHANGES)(data, random)
    return bytes(data)


def place(data, random):
    """A place in a file: its beginning and end are more likely."""
    if not data:
        return 0
    near = random.random()
    if near < 0.4:
        return random.randrange(min(len(data), 512))
    if near < 0.6:
        return len(data) - 1 - random.randrange(min(len(data), 256))
    return random.randrange(len(data))


def _flip(data, random):
    if data:
        data[place(data, random)] ^= 1 << random.randrange(8)


def _set(data, random):
    if data:
        data[place(data, random)] = random.choice([0, 1, 0x7F, 0x80, 0xFF, random.randrange(256)])


def _number(data, random):
    width = random.choice("HIQ")
    packed = struct.pack(random.choice("<>") + width, number(random, len(data)) % (
        1 << 8 * struct.calcsize("<" + width)))
    at = place(data, random)
    data[at:at + len(packed)] = packed


def _cut(data, random):
    del data[place(data, random):]


def _remove(data, random):
    at = place(data, random)
    del data[at:at + random.choice([1, 2, 4, 8, 64, 1000])]


def _repeat(data, random):
    at = place(data, random)
    data[at:at] = data[at:at + random.choice([1, 4, 16, 300])] * random.choice([1, 1, 2, 50])


def _append(data, random):
    data += random.randbytes(random.choice([1, 8, 5000]))


def _move(data, random):
    at, count = place(data, random), random.choice([4, 16, 200])
    piece = data[at:at + count]
    to = place(data, random)
    data[to:to + len(piece)] = piece


CHANGES = [_flip, _flip, _set, _number, _number, _cut, _remove, _repeat, _append, _move]
