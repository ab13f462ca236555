"""Every system call of a command, failing or the last one: once, from then on, and by halves."""
from harness import faults
from harness.case import Case, kind
from kinds import scenarios

# What each call may report, beside EIO.
ERRORS = {
    "open": ["EACCES", "EMFILE"], "stat": ["EACCES"], "map": ["ENOMEM"], "spawn": ["EAGAIN"],
    "create": ["ENOSPC", "EACCES"], "write": ["ENOSPC"], "pwrite": ["ENOSPC", "EDQUOT"],
    "truncate": ["ENOSPC"], "rename": ["EACCES", "ENOSPC"], "link": ["EMLINK", "EXDEV"],
    "unlink": ["EACCES"], "mkdir": ["ENOSPC"], "print": ["ENOSPC"]}
# Calls that are repeated where a signal interrupts them, and those that do what they can.
REPEATED = {"open", "read", "pread", "create", "write", "pwrite", "print"}
SHORT = {"read", "pread", "write", "pwrite", "print"}
# A file system without the newer calls (FUSE, NFS, sshfs, FAT).
LACKS = [
    "", "exchange,noreplace", "exchange,noreplace,allocate,tmpfile",
    "exchange,noreplace,allocate,tmpfile,link"]


# Of a call that occurs more often, so many occurrences are tried, the first and the last among them.
MOST_STEPS = 24


@kind("syscalls", "each system call of a writing command fails, or the process dies there")
def writing(world):
    """Each call of each scenario, on each kind of file system."""
    for lacks in LACKS:
        for scenario in scenarios.scenarios(world):
            is_small = scenario.name == "replaced-folder"
            if world.small and not is_small:
                continue
            yield _sound(scenario, lacks, is_small)
            known = scenarios.expected(world.bench, scenario, lacks)
            if known is None:
                continue
            for step in range(1, known.counts["change"] + 2):
                # Names are given at the end.
                late = step > known.counts["change"] - 25
                small = is_small and (not lacks or late and lacks == LACKS[2])
                yield _case(world, scenario, known, lacks, "change", step, "kill", small=small)
            for call in faults.CHANGING if lacks else faults.CALLS[:17]:
                actions = ["EIO", *ERRORS.get(call, [])]
                actions += ["short"] * (call in SHORT) + ["EINTR"] * (call in REPEATED)
                for action in actions:
                    small = is_small and not lacks and action == "EIO" and call in SMALL
                    for step in steps(known.counts[call]):
                        yield _case(
                            world, scenario, known, lacks, call, step, action, small=small)
                for action in actions[:2] if known.counts[call] else []:
                    yield _case(world, scenario, known, lacks, call, 1, action, onwards=True)


# Calls by which what is unfinished is found and removed.
LISTING = {"unlink", "list", "stat", "open"}
# What the small share tries to fail.
SMALL = set(faults.CHANGING) - {"pwrite"}


def steps(count):
    """Occurrences of a call, spread evenly."""
    tried = min(count, MOST_STEPS)
    return sorted({1 + index * (count - 1) // max(1, tried - 1) for index in range(tried)})


def _sound(scenario, lacks, small):
    def body(bench, random):
        return scenarios.sound(bench, scenario, lacks)

    return Case(scenario.name + ":nothing" + (":without-" + lacks if lacks else ""), body, small)


def _case(world, scenario, known, lacks, call, step, action, onwards=False, small=False):
    spec = faults.fault(call, step, action, onwards)

    def body(bench, random):
        scenario.prepare(bench.clear())
        outcome = bench.run(scenario.command, fault=spec, lacks=lacks)
        if not bench.tally.fired:
            return outcome.problems({0})
        allowed = {0, 1, 2}
        if action == "kill":
            allowed = {-9, 0, 1, 2}
        elif action == "short" or (action == "EINTR" and not onwards):
            allowed = {0}
        elif call == "print" and onwards:
            allowed = {2}
        found = outcome.problems(allowed)
        if call == "print":
            # Where nothing can be printed, nothing is.
            found = [text for text in found if "without a closing line" not in text]
        may_leave = action == "kill" or call in LISTING or onwards
        # Whether old data are still in use is read of the models beside them, once the output stands.
        may_leave = may_leave or (call == "pread" and outcome.code == 0)
        may_lack = outcome.code == -9 and "exchange" in lacks
        return found + scenarios.judge(
            bench, world, scenario, known, outcome, may_leave, may_lack)

    label = "%s:%s:%d%s:%s" % (scenario.name, call, step, "+" if onwards else "", action)
    return Case(label + (":without-" + lacks if lacks else ""), body, small)
