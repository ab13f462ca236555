"""NumPy's arrays: the header's text, its length, the data."""
import re
import struct

from formats import plain


def claims(data):
    """Whether the magic is there."""
    return data[:6] == b"\x93NUMPY"


def mutate(data, random):
    """A changed header with a right length, or other data."""
    wide = data[6] >= 2
    start = 12 if wide else 10
    length = struct.unpack_from("<I" if wide else "<H", data, 8)[0]
    header, body = data[start:start + length], data[start + length:]
    act = random.random()
    if act < 0.2:
        return data[:start + length] + plain.mutate(body, random)
    if act < 0.3:
        return plain.mutate(data[:start + length], random) + body
    text = header.decode("latin-1").rstrip()
    if act < 0.6:
        text = re.sub(r"\d+", lambda m: str(plain.number(random, int(m[0])))
                      if random.random() < 0.4 else m[0], text)
    elif act < 0.8:
        text = re.sub(r"'[<>|=][a-z]\d+'", lambda m: repr(random.choice(
            ["<f4", ">f8", "<f2", "|b1", "<i8", "|u1", "<c16", "|O", "<U5", "|V8", "<f16", ""])), text)
    else:
        text = random.choice([
            text.replace("False", "True"), text.replace("(", "((" * 500, 1), text[:-1], text * 2,
            text.replace("}", "'extra': 1}"), text.replace("'shape'", "'shape ' "),
            "{" * 30000, text.replace(",)", ")"), text.replace(")", ",,)"), "", "None"])
    header = text.encode("latin-1", "replace") + b"\n"
    if random.random() < 0.7:
        header = header[:-1].ljust(-(-(start + len(header)) // 64) * 64 - start - 1) + b"\n"
    head = data[:8] + struct.pack("<I" if wide else "<H", len(header) & (0xFFFFFFFF if wide else 0xFFFF))
    return head + header + body
