"""System calls of reading commands fail: the answer is the same, or there is none."""
from harness import faults
from harness.case import Case, kind
from kinds.syscalls import ERRORS, REPEATED, SHORT, steps


@kind("reading", "each system call of a reading command fails: the same answer or exit 2")
def reading(world):
    """Each call, for each format."""
    commands = [("inspect", path, "--stats", "--json") for path in world.every_format]
    commands += [
        ("check", world.native), ("run", world.native),
        ("verify", world.native, "--golden", world.golden),
        ("verify", world.native, "--against", world.model), ("diff", world.native, world.model),
        ("run", world.made("sample.onnx"), "--engine", "graph"),
        ("verify", world.made("sample.onnx"), "--against", world.native)]
    for command in commands:
        clean = world.bench.run(command, fault="any:1000000:5")
        counts = world.bench.tally.counts
        for call in faults.READING + ["spawn", "print"]:
            actions = ["EIO", *ERRORS.get(call, [])]
            actions += ["short"] * (call in SHORT) + ["EINTR"] * (call in REPEATED)
            for action in actions:
                for step in steps(counts[call]):
                    yield _case(world, command, clean, call, step, action)


def _case(world, command, clean, call, step, action):
    def body(bench, random):
        bench.clear()
        outcome = bench.run(command, fault=faults.fault(call, step, action))
        # Two checkpoints that differ are told apart by exit 1.
        right = clean.code
        allowed = {right}
        if action not in ("short", "EINTR") and bench.tally.fired:
            allowed |= {1, 2}
        if call == "print":
            allowed |= {2}
        found = outcome.problems(allowed)
        if call == "print":
            found = [text for text in found if "without a closing line" not in text]
        if outcome.code == right and call != "print" and outcome.output != clean.output:
            found.append(outcome.told("another answer"))
        if outcome.code == 1 and right != 1 and command[0] != "check":
            found.append(outcome.told("exit 1: an answer from what could not be read"))
        return found

    name = "%s-%s" % (command[0], command[-1].rsplit("/")[-1] if command[0] != "inspect"
                      else command[1].rsplit("/")[-1])
    return Case("%s:%s:%d:%s" % (name, call, step, action), body)
