"""Signals at random moments: the target is old or new, and only SIGKILL may leave anything."""
import os
import signal
import time

from harness.case import Case, kind
from kinds import scenarios

SIGNALS = {"KILL": set(), "INT": {130}, "TERM": {143}, "HUP": {129}}


@kind("moments", "a signal at a random moment (KILL, INT, TERM, HUP)", share=2)
def moments(world):
    """Random scenarios, signals and moments."""
    known = {}
    choices = scenarios.scenarios(world)
    if world.small:
        choices = [scenario for scenario in choices if scenario.name == "replaced-folder"]
    for number in range(1 << 40):
        yield Case(str(number), lambda bench, random: _case(bench, random, world, choices, known))


def _case(bench, random, world, choices, known):
    scenario = random.choice(choices)
    if scenario.name not in known:
        known[scenario.name] = scenarios.expected(bench, scenario)
    wanted = known[scenario.name]
    if wanted is None:
        return scenarios.sound(bench, scenario, "")
    name = random.choice(list(SIGNALS))
    number = getattr(signal, "SIG" + name)
    moment = random.random() * 1.2 * max(0.02, wanted.seconds)
    scenario.prepare(bench.clear())
    process = bench.start(scenario.command)
    time.sleep(moment)
    process_is_there = process.returncode is None
    if process_is_there:
        os.kill(process.pid, number)
    outcome = bench.finish(process)
    # Before the tool has begun to listen, a signal ends it as any program.
    found = outcome.problems({0, 1, -number} | SIGNALS[name])
    found += scenarios.judge(bench, world, scenario, wanted, outcome, may_leave=name == "KILL")
    return ["SIG%s after %.1f ms | %s" % (name, 1000 * moment, text) for text in found]
