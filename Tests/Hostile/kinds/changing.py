"""A source that changes while it is read: cut, overwritten, replaced or removed at a chosen call."""
import os
import time

from harness import faults, world as worlds
from harness.case import Case, kind


@kind("changing", "a source is cut, overwritten, replaced or removed while it is read", share=2)
def changing(world):
    """Random formats, commands, calls and changes."""
    for number in range(1 << 40):
        yield Case(str(number), lambda bench, random: _case(bench, random, world))


CHANGES = ["cut", "emptied", "overwritten", "replaced", "removed", "longer"]


def _case(bench, random, world):
    # A mapped file is the one that can kill.
    source = random.choice(
        [world.native] if world.small or random.random() < 0.5 else world.every_format)
    bench.clear()
    name = os.path.basename(source)
    worlds.copy(source, bench.path(name))
    commands = [
        ["inspect", name, "--stats", "--json"], ["convert", name, "out.albert", "--no-verify"],
        ["run", name], ["verify", name, "--against", source]]
    if name.endswith(".albert"):
        commands.append(["check", name])
    command = random.choice(commands)
    before = _answer(bench, bench.run(command, fault="any:1000000:5"))
    counts = bench.tally.counts
    call = random.choice([call for call in ("pread", "map", "stat", "open") if counts[call]])
    step = random.randint(1, counts[call])
    change = random.choice(CHANGES)
    victim = random.choice(_victims(bench.path(name)))

    def act():
        # A file system's clock may be coarse.
        time.sleep(0.01)
        _change(victim, change, random)

    outcome = bench.run(command, stopped=act, fault=faults.fault(call, step, "stop"))
    found = outcome.problems({0, 1, 2} if command[0] in ("check", "verify") else {0, 2})
    answer = _answer(bench, outcome)
    if outcome.code != 0 and answer[1] is not None:
        found.append(outcome.told("failed, and left an output"))
    # A change before the file was opened is none.
    if outcome.code == 0 and answer != before and answer != _answer(bench, bench.run(command)):
        found.append(outcome.told("exit 0 with an answer to neither state"))
    return ["%s %s | %s" % (os.path.basename(victim), change, text) for text in found]


def _victims(path):
    if not os.path.isdir(path):
        return [path]
    return [os.path.join(place, name) for place, _, names in os.walk(path) for name in names]


def _change(path, change, random):
    size = os.path.getsize(path) if os.path.exists(path) else 0
    if change == "cut":
        os.truncate(path, random.randrange(size) if size else 0)
    elif change == "emptied":
        os.truncate(path, 0)
    elif change == "overwritten":
        with open(path, "r+b") as file:
            file.seek(random.randrange(size))
            file.write(random.randbytes(64))
    elif change == "longer":
        with open(path, "ab") as file:
            file.write(bytes(random.randint(1, 9999)))
    elif change == "replaced":
        with open(path + ".new", "wb") as file:
            file.write(random.randbytes(size))
        os.replace(path + ".new", path)
    else:
        os.remove(path)


def _answer(bench, outcome):
    """What a run said and wrote; the output is taken away."""
    path, data = bench.path("out.albert"), None
    if os.path.exists(path):
        with open(path, "rb") as file:
            data = file.read()
        os.remove(path)
    # The time that it took is no part of the answer.
    return (b"" if outcome.command[1] == "convert" else outcome.output), data
