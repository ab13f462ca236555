"""A disk that is full, and files that may not grow."""
import os
import subprocess

from harness import tree
from harness.case import Case, kind
from kinds import scenarios


@kind("disk", "a full disk (tmpfs) or a limit on the size of files", share=2)
def disk(world):
    """Random scenarios and sizes."""
    choices = scenarios.scenarios(world)
    if world.small:
        choices = choices[:2]
    known = {}
    for number in range(1 << 40):
        yield Case(str(number), lambda bench, random: _case(bench, random, world, choices, known))


def _case(bench, random, world, choices, known):
    scenario = random.choice(choices)
    if scenario.name not in known:
        known[scenario.name] = scenarios.expected(bench, scenario)
    wanted = known[scenario.name]
    if wanted is None:
        return scenarios.sound(bench, scenario, "")
    bench.clear()
    if random.random() < 0.6 and _mount(bench):
        return _full(bench, random, world, scenario, wanted)
    scenario.prepare(bench.folder)
    blocks = random.choice([0, 1, 2, 8, 64, 300, random.randint(0, 700)])
    outcome = bench.run(
        scenario.command, before=["sh", "-c", 'ulimit -f %d; exec "$@"' % blocks, "sh"])
    # 153 is 128 + SIGXFSZ.
    # What it says goes to a file, too.
    found = [text for text in outcome.problems({0, 2, 153}) if "a closing line" not in text]
    found += scenarios.judge(bench, world, scenario, wanted, outcome)
    return ["%d blocks | %s" % (blocks, text) for text in found]


def _mount(bench):
    """Puts a small file system on the case's folder, where this process may."""
    bench.mounted = getattr(bench, "mounted", None)
    if bench.mounted is False:
        return False
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", bench.folder], stderr=subprocess.DEVNULL)
    bench.mounted = done.returncode == 0
    return bench.mounted


def _full(bench, random, world, scenario, wanted):
    try:
        scenario.prepare(bench.folder)
        status = os.statvfs(bench.folder)
        free = status.f_bavail * status.f_bsize
        left = random.randint(0, min(free, 600 << 10)) & ~4095
        ballast = bench.path(".ballast")
        with open(ballast, "wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, free - left))
        outcome = bench.run(scenario.command)
        found = outcome.problems({0, 2})
        os.remove(ballast)
        found += scenarios.judge(bench, world, scenario, wanted, outcome)
        return ["%d kB free | %s" % (left >> 10, text) for text in found]
    finally:
        subprocess.run(["umount", "-l", bench.folder], check=False)
