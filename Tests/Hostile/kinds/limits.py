"""Little memory, few descriptors, closed streams, no /proc, a folder that is gone."""
import os
import subprocess

from harness.case import Case, kind

COMMANDS = {
    "inspect": ("inspect", "{native}", "--stats"),
    "inspect-hdf5": ("inspect", "{hdf5}", "--stats"),
    "convert": ("convert", "{native}", "out.onnx", "--force"),
    "run": ("run", "{native}"),
    "verify": ("verify", "{native}", "--golden", "{golden}", "--json"),
    "check": ("check", "{native}"),
}
MEMORY = [120, 150, 175, 200, 250, 300, 400, 600, 1000, 2000]


@kind("limits", "little memory, few descriptors, closed or full streams, no /proc")
def limits(world):
    """Each command under each limit."""
    hdf5 = world.made("sample.h5")
    for name, words in COMMANDS.items():
        words = [word.format(native=world.native, golden=world.golden, hdf5=hdf5) for word in words]
        for megabytes in MEMORY:
            yield _shell(
                name + ":memory-%dMB" % megabytes, words, "ulimit -v %d" % (megabytes << 10),
                # Below that, not even the libraries load.
                {0, 2} | ({127} if megabytes < 150 else set()))
        for files in (4, 5, 6, 8, 12, 20):
            yield _shell(name + ":%d-descriptors" % files, words, "ulimit -n %d" % files, {0, 2, 127})
        yield _shell(name + ":no-stdin", words, "exec <&-", {0})
        yield _shell(name + ":no-stdout", words, "exec >&-", {0, 2})
        yield _shell(name + ":no-stderr", words, "exec 2>&-", {0}, says=False)
        yield _shell(name + ":full-stdout", words, "exec >/dev/full", {2})
        yield _shell(name + ":full-stderr", words, "exec 2>/dev/full", {0, 2}, says=False)
        yield _shell(name + ":no-streams", words, "exec <&- >&- 2>&-", {0, 2}, says=False)
        yield _shell(name + ":folder-gone", words, 'rmdir "$PWD"', {0, 2})
        yield _closed_pipe(name + ":closed-pipe", words)
        if os.geteuid() == 0:
            yield _without_proc(name + ":no-proc", words)


def _shell(label, words, condition, allowed, says=True):
    def body(bench, random):
        bench.clear()
        outcome = bench.run(words, before=["sh", "-c", condition + '; exec "$@"', "sh"])
        found = outcome.problems(allowed)
        if not says:
            found = [text for text in found if "without a closing line" not in text]
        return found

    return Case(label, body, small=label.endswith(("full-stdout", "no-streams")))


def _closed_pipe(label, words):
    """Quietly, as others end: by the signal, or by an exit of its own."""

    def body(bench, random):
        bench.clear()
        ends = os.pipe()
        os.close(ends[0])
        outcome = bench.run(words, stdout=os.fdopen(ends[1], "wb"))
        found = outcome.problems({0, 2, 141, -13})
        found = [text for text in found if "without a closing line" not in text]
        return found + [outcome.told("not quiet")] * ("error" in outcome.errors)

    return Case(label, body)


def _without_proc(label, words):
    def body(bench, random):
        bench.clear()
        done = subprocess.run(["unshare", "-m", "umount", "-l", "/proc"], stderr=subprocess.DEVNULL)
        if done.returncode != 0:
            return []
        outcome = bench.run(
            words, before=["unshare", "-m", "sh", "-c", 'umount -l /proc; exec "$@"', "sh"])
        found = outcome.problems({0})
        if outcome.output.startswith(b"OVERVIEW"):
            found.append(outcome.told("prints the help"))
        return found

    return Case(label, body)
