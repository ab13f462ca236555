"""Commands that write, each over something old, and what may be left of it after a fault."""
import dataclasses
import os
import typing

from harness import tree, world as worlds


@dataclasses.dataclass(frozen=True)
class Scenario:
    """A command that replaces (or makes) something in the case's folder."""

    name: str
    # Words of the command; the output's path is relative to the case's folder.
    command: tuple
    # Makes what is there before, in a folder.
    prepare: typing.Callable
    # The path to read the output by, where old and new files may stand side by side.
    pair: str = ""
    # Whether the format fixes the names of both files of the pair.
    fixed: bool = False
    # Paths that are the user's own.
    keeps: tuple = ()


@dataclasses.dataclass(frozen=True)
class Expected:
    """What a scenario's folder holds before and after, and how long it takes."""

    old: dict
    new: dict
    seconds: float
    counts: dict


# The user's own files in the folder of an export.
OWN = ("README.md", ".gitattributes", "notes/a.txt", "notes/deep/b.txt")


def _old_page(folder):
    with open(os.path.join(folder, "page.html"), "w") as file:
        file.write('<!DOCTYPE html>\n<meta name="generator" content="albert">\n<title>old</title>\n')


def scenarios(world):
    """All of them."""
    other, native = world.other, world.native

    def old_folder(folder):
        """An older export among files of the user's own."""
        worlds.copy(world.made("old-hf", "--to", "huggingface", source=other), folder + "/out")
        os.makedirs(folder + "/out/notes/deep")
        for name in OWN:
            with open(os.path.join(folder, "out", name), "w") as file:
                file.write("the user's own: %s\n" % name)
        os.symlink("README.md", folder + "/out/link")
        os.chmod(folder + "/out/README.md", 0o600)

    def old_pair(folder):
        _converted(world, folder, "out.onnx", "--external-data")

    def old_index(folder):
        _converted(world, folder, "model.ckpt.index")

    def nothing(folder):
        pass

    quick = ("--no-verify",)
    return [
        Scenario("new-file", ("convert", native, "out.albert"), nothing),
        Scenario(
            "replaced-file", ("convert", native, "out.albert", "--force") + quick,
            lambda folder: worlds.copy(other, folder + "/out.albert")),
        Scenario("new-folder", ("convert", native, "out", "--to", "huggingface") + quick, nothing),
        Scenario(
            "replaced-folder", ("convert", native, "out", "--to", "huggingface", "--force") + quick,
            old_folder, keeps=tuple("out/" + name for name in (*OWN, "link"))),
        Scenario(
            "new-pair", ("convert", native, "out.onnx", "--external-data") + quick, nothing,
            pair="out.onnx"),
        Scenario(
            "replaced-index", ("convert", native, "model.ckpt.index", "--force") + quick, old_index,
            pair="model.ckpt.index", fixed=True),
        Scenario(
            "page", ("inspect", native, "--html", "page.html"), _old_page),
        Scenario("recorded", ("run", native, "--output", "out.npz"), nothing),
        Scenario("zip", ("convert", native, "out.npz") + quick, nothing),
        Scenario("hdf5", ("convert", native, "out.h5") + quick, nothing),
        Scenario(
            "replaced-pair", ("convert", native, "out.onnx", "--external-data", "--force") + quick,
            old_pair, pair="out.onnx"),
        Scenario(
            "pair-to-file", ("convert", native, "out.onnx", "--force") + quick, old_pair,
            pair="out.onnx"),
    ]


def _converted(world, folder, name, *words):
    """An older output, made anew: its files may name each other."""
    store = os.path.join(world.folder, "converted-" + name)
    if not os.path.exists(store):
        os.makedirs(store)
        if not world.albert(
                "convert", world.other, os.path.join(store, name), "--no-verify", *words)[0]:
            raise SystemExit("the tool cannot make " + name)
    for file in os.listdir(store):
        worlds.copy(os.path.join(store, file), os.path.join(folder, file))


def expected(bench, scenario, lacks=""):
    """Runs a scenario without a fault: what is there before, what after, and the calls it makes.

    None where that fails already.
    """
    scenario.prepare(bench.clear())
    old = tree.snapshot(bench.folder)
    # A fault that never comes, so that the calls are counted.
    outcome = bench.run(scenario.command, fault="any:1000000:5", lacks=lacks)
    if outcome.code != 0:
        return None
    return Expected(old, tree.snapshot(bench.folder), outcome.seconds, bench.tally.counts)


def sound(bench, scenario, lacks):
    """What is wrong with a scenario where nothing fails."""
    scenario.prepare(bench.clear())
    old = tree.snapshot(bench.folder)
    outcome = bench.run(scenario.command, lacks=lacks)
    found = outcome.problems({0})
    new = tree.snapshot(bench.folder)
    lost = [path for path in scenario.keeps if new.get(path) != old[path]]
    if lost:
        found.append(outcome.told("the user's files are gone: " + ", ".join(lost)))
    left = sorted(path for path in new.keys() - old.keys() if tree.is_hidden(path))
    if left:
        found.append(outcome.told("left behind: " + ", ".join(left[:3])))
    return found


def judge(bench, world, scenario, wanted, outcome, may_leave=False, may_lack=False):
    """What a fault did to a scenario's folder that it may not.

    The target is the old or the new one, the user's files are there, nothing hidden is left; what a
    kill left hidden, the next run removes. With `may_lack` nothing may be there until the next run:
    where two folders cannot be exchanged, there is such a moment.
    """
    found = []
    now = tree.snapshot(bench.folder)
    known = wanted.old.keys() | wanted.new.keys()
    left = sorted(path for path in now.keys() - known if tree.is_hidden(path))
    rest = {path: what for path, what in now.items() if path not in left}
    if left and not may_leave:
        found.append("left behind: " + ", ".join(left[:3]))
    if outcome.code == 0 and may_leave:
        # What could not be removed belongs to nothing any more.
        rest = {path: what for path, what in rest.items()
                if path in wanted.new or what != wanted.old.get(path)}
    if outcome.code == 0 and rest != wanted.new:
        found.append("exit 0, but " + tree.difference(rest, wanted.new))
    elif may_lack and left and not rest:
        pass
    elif scenario.fixed and outcome.code == -9 and left and scenario.pair not in rest:
        # Two fixed names cannot change in one step: neither stands meanwhile, and never one of each.
        pass
    elif rest not in (wanted.old, wanted.new):
        lost = [path for path in scenario.keeps if rest.get(path) != wanted.old[path]]
        if lost:
            found.append("the user's files are not in their place: " + ", ".join(lost[:3]))
        found += _between(bench, world, scenario, wanted, rest)
    if left or rest not in (wanted.old, wanted.new):
        words = scenario.command
        if words[0] != "inspect" and "--force" not in words:
            words += ("--force",)
        second = bench.run(words)
        now = tree.snapshot(bench.folder)
        if second.code != 0:
            found.append("the next run ends with %d: %s" % (second.code, second.errors[-200:]))
        elif now != wanted.new:
            gone = [path for path in scenario.keeps if now.get(path) != wanted.old[path]]
            if gone:
                found.append("THE USER'S FILES ARE GONE: " + ", ".join(gone))
            found.append("after the next run " + tree.difference(now, wanted.new))
    return [outcome.told(text) for text in found]


def _between(bench, world, scenario, wanted, rest):
    """Judges a folder that is neither as before nor as after: a pair of files may be half of each."""
    if not scenario.pair:
        return ["neither old nor new: compared with the old, " + tree.difference(rest, wanted.old)]
    missing = [path for path in wanted.old if path not in rest and path in wanted.new]
    if missing:
        return ["missing: " + ", ".join(missing)]
    if not wanted.old and scenario.pair not in rest:
        return []
    for model in (world.other, world.native):
        if bench.run(("verify", scenario.pair, "--against", model)).code == 0:
            return []
    return ["the pair is neither old nor new"]
