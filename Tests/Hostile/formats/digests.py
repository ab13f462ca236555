"""Checksums, so that a changed file still carries right ones."""
import ctypes
import ctypes.util
import functools


class _Pair(ctypes.Structure):
    _fields_ = [("low", ctypes.c_uint64), ("high", ctypes.c_uint64)]


@functools.cache
def _xxhash():
    library = ctypes.CDLL(ctypes.util.find_library("xxhash") or "libxxhash.so.0")
    library.XXH3_128bits.restype = _Pair
    library.XXH3_128bits.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
    return library


def xxh3_128(data):
    """XXH3-128 in canonical form: 32 digits."""
    pair = _xxhash().XXH3_128bits(bytes(data), len(data))
    return "%016x%016x" % (pair.high, pair.low)


@functools.cache
def _table():
    rows = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        rows.append(value)
    return rows


def crc32c(data):
    """CRC-32C."""
    table, value = _table(), 0xFFFFFFFF
    for byte in data:
        value = table[(value ^ byte) & 255] ^ value >> 8
    return value ^ 0xFFFFFFFF


def masked(value):
    """A CRC as TensorFlow's tables store it."""
    return ((value >> 15 | value << 17) + 0xA282EAD8) & 0xFFFFFFFF


def lookup3(data):
    """Jenkins' lookup3 (hashlittle with 0), HDF5's checksum of metadata."""
    mask = 0xFFFFFFFF

    def rotated(value, by):
        return (value << by | value >> 32 - by) & mask

    a = b = c = (0xDEADBEEF + len(data)) & mask
    words = [
        int.from_bytes(data[at:at + 4].ljust(4, b"\0"), "little")
        for at in range(0, max(12, (len(data) + 11) // 12 * 12), 4)]
    if not data:
        return c
    for at in range(0, len(words) - 3, 3):
        a, b, c = (a + words[at]) & mask, (b + words[at + 1]) & mask, (c + words[at + 2]) & mask
        a = (a - c & mask) ^ rotated(c, 4)
        c = c + b & mask
        b = (b - a & mask) ^ rotated(a, 6)
        a = a + c & mask
        c = (c - b & mask) ^ rotated(b, 8)
        b = b + a & mask
        a = (a - c & mask) ^ rotated(c, 16)
        c = c + b & mask
        b = (b - a & mask) ^ rotated(a, 19)
        a = a + c & mask
        c = (c - b & mask) ^ rotated(b, 4)
        b = b + a & mask
    a, b, c = (x + y & mask for x, y in zip((a, b, c), words[-3:]))
    for left, right, by in ("cb", "b", 14), ("ac", "c", 11), ("ba", "a", 25), ("cb", "b", 16), (
            "ac", "c", 4), ("ba", "a", 14), ("cb", "b", 24):
        value = {"a": a, "b": b, "c": c}
        result = (value[left[0]] ^ value[left[1]]) - rotated(value[right], by) & mask
        if left[0] == "a":
            a = result
        elif left[0] == "b":
            b = result
        else:
            c = result
    return c
