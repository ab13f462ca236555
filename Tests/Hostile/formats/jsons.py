"""JSON: another tree, or text that is none."""
import json

from formats import plain


def claims(data):
    """Whether it is a document."""
    if data.lstrip()[:1] not in (b"{", b"["):
        return False
    try:
        json.loads(data)
        return True
    except (ValueError, RecursionError):
        return False


def mutate(data, random):
    """A changed tree four times of five, else changed text."""
    if random.random() < 0.2:
        return _text(data, random)
    tree = json.loads(data)
    for _ in range(random.choice([1, 1, 2, 3])):
        tree = change(tree, random)
    return json.dumps(tree).encode("utf-8", "surrogatepass")


def change(tree, random):
    """A tree with one value changed, removed, doubled or renamed."""
    places = list(_places(tree))
    if not places:
        return value(random, tree)
    holder, key = random.choice(places)
    act = random.random()
    if act < 0.15:
        del holder[key]
    elif act < 0.25 and isinstance(holder, dict):
        holder[random.choice(["", "x" * 300, key + " ", key.upper(), "__proto__", "\u202e"])] = (
            holder.pop(key))
    elif act < 0.3 and isinstance(holder, list):
        holder.extend(holder[:] * random.choice([1, 3]))
    elif act < 0.4:
        other, name = random.choice(places)
        # Of a holder within itself no document can be made.
        holder[key] = json.loads(json.dumps(other[name]))
    else:
        holder[key] = value(random, holder[key])
    return tree


def value(random, old):
    """Another value, often of the same type."""
    if isinstance(old, bool) and random.random() < 0.5:
        return not old
    if isinstance(old, (int, float)) and not isinstance(old, bool) and random.random() < 0.8:
        return random.choice([
            plain.number(random, int(old) if abs(old) < 1e18 else 1), -1, 0.5, 1e308, 1e-320,
            -plain.number(random), float(plain.number(random)), 10 ** 30])
    if isinstance(old, str) and random.random() < 0.6:
        return random.choice([
            "", old * 2, old[:-1], old + "\0", "../" + old, "/etc/passwd", old.upper(), "\u0085",
            "x" * 100000, old.replace("0", "9"), "\ud800", old.replace("/", "//")])
    return random.choice([
        None, True, [], {}, "", 0, -1, 1.5, [old], {"a": old}, [[[[]]]], [old] * 40,
        plain.number(random)])


def _places(tree):
    """Each value by its holder and key."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(
        tree, list) else ()
    for key, inner in items:
        yield tree, key
        yield from _places(inner)


def _text(data, random):
    at = random.randrange(len(data))
    return random.choice([
        lambda: data[:at], lambda: data + data, lambda: data + b"x",
        lambda: b"\xef\xbb\xbf" + data, lambda: data.decode().encode("utf-16"),
        lambda: data.replace(b'"', b"'", 2), lambda: data[:at] + b"\xff" + data[at:],
        lambda: data.replace(b":", b": \x01", 1), lambda: b"[" * 100000,
        lambda: b'{"a":' * 3000 + b"1" + b"}" * 3000, lambda: data.replace(b"}", b",}", 1),
        lambda: b"{" + data.strip()[1:-1] + b"," + data.strip()[1:-1] + b"}",
        lambda: data.replace(b"1", b"1" * 5000, 1), lambda: data.replace(b"1", b"1e99999", 1),
        lambda: data.replace(b": ", b": -", 1), lambda: plain.mutate(data, random)])()
