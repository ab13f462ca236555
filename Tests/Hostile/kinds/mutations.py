"""Files of every format with one thing wrong, deep within, under right checksums."""
import os

from formats import mutate
from harness import world as worlds
from harness.case import Case, kind

# A folder up to this size goes along whole; of a larger one, only the configs and indexes.
MOST_BESIDE = 2 << 20


@kind("mutations", "a file of any format, changed with knowledge of its structure", share=10)
def mutations(world):
    """Random files of all that the world found, and of every format written."""
    files = list(world.files)
    for path in world.every_format:
        files += [path] if os.path.isfile(path) else [
            os.path.join(place, name) for place, _, names in os.walk(path) for name in names]
    # Each ending has its share, however many files there are of it.
    families = {}
    for path in files:
        families.setdefault(_family(path), []).append(path)
    for number in range(1 << 40):
        yield Case(str(number), lambda bench, random: _case(bench, random, world, families))


def _family(path):
    name = os.path.basename(path)
    if "golden" in path and name.endswith(".npz"):
        return "golden"
    return ".data" if ".data-" in name else os.path.splitext(name)[1]


def _case(bench, random, world, families):
    path = random.choice(families[random.choice(sorted(families))])
    with open(path, "rb") as file:
        data = mutate(file.read(), random)
    bench.clear()
    os.mkdir(bench.path("in"))
    name = os.path.basename(path)
    _bring_along(os.path.dirname(path), name, bench.path("in"))
    with open(bench.path("in", name), "wb") as file:
        file.write(data)
    command = _command(random, world, path, os.path.join("in", name))
    outcome = bench.run(command)
    found = outcome.problems({0, 1, 2}, seconds=10)
    if command[0] == "convert":
        left = set(os.listdir(bench.folder)) - {"in"}
        if outcome.code == 2 and left:
            found.append(outcome.told("failed, and left " + ", ".join(sorted(left))))
        if outcome.code == 0 and bench.run(("check", "out.albert")).code != 0:
            found.append(outcome.told("what it wrote does not hold"))
    return ["%s | %s" % (worlds.name_of(path), text) for text in found]


def _command(random, world, path, name):
    if _family(path) == "golden":
        return random.choice([
            ("verify", world.native, "--golden", name), ("verify", world.native, "--golden", name),
            ("run", world.native, "--inputs", name)])
    if name.endswith(".json") and random.random() < 0.7:
        return random.choice([
            ("inspect", name, "--json"), ("inspect", world.model, "--config", name),
            ("convert", world.model, "out.albert", "--config", name)])
    if name.endswith(".albert") and random.random() < 0.4:
        return random.choice([("check", name), ("run", name)])
    if random.random() < 0.3:
        name = os.path.dirname(name)
    return random.choice([
        ("inspect", name, "--json"), ("inspect", name, "--stats"), ("inspect", name, "--stats"),
        ("convert", name, "out.albert", "--no-verify"), ("convert", name, "out.albert"),
        ("verify", name, "--against", world.native), ("run", name)])


def _bring_along(folder, name, target):
    siblings = [
        entry for entry in os.scandir(folder) if entry.is_file() and entry.name != name]
    if sum(entry.stat().st_size for entry in siblings) > MOST_BESIDE:
        siblings = [entry for entry in siblings if entry.name.endswith(".json")]
    for entry in siblings:
        worlds.copy(entry.path, os.path.join(target, entry.name))
