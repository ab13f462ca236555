#!/usr/bin/env python3
"""Holds what the benchmarks print against the recorded baseline.

    python3 Benchmarks/compare.py FILE...            prints a table; fails where something got worse
    python3 Benchmarks/compare.py --record FILE...   makes these figures the baseline

A file is what a program printed: `name: best 1.2 ms, median 1.3 ms, 7.3 passes`. Ratios, shares and memory
hold on every machine; times are judged only on the machine that the baseline was recorded on.
"""

import json
import os
import pathlib
import platform
import re
import sys

BASELINE = pathlib.Path(os.environ.get(
    "ALBERTKIT_BASELINE", pathlib.Path(__file__).resolve().parent / "baseline.json"))
# How much worse a figure may be, for noise; of a share, how much smaller.
ALLOWED = {"ms": 1.15, "passes": 1.15, "times": 1.15, "MB": 1.1, "%": 1.05}
FIGURE = re.compile(r"(best|median|peak)? ?([0-9.]+) (ms|passes|MB|%)")


def machine():
    """The processor and how many of its cores there are."""
    try:
        text = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
        name = re.search(r"^model name\s*: (.*)$", text, re.MULTILINE)
    except OSError:
        name = None
    return f"{name[1] if name else platform.machine()}, {os.cpu_count()} cores"


def figures(paths):
    """Every figure by its name; of times the median, since the best of few says little."""
    found = {}
    for path in paths:
        program = pathlib.Path(path).stem
        for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
            name, _, rest = line.rpartition(": ") if ": " in line else ("", "", line)
            for kind, value, unit in FIGURE.findall(rest):
                if kind != "best":
                    words = [program, name, kind if kind == "peak" else ""]
                    words.append(unit if unit == "passes" else "")
                    found[", ".join(word for word in words if word)] = [float(value), unit]
    return found


def main():
    arguments = sys.argv[1:]
    isRecording = arguments[:1] == ["--record"]
    measured = figures(arguments[1:] if isRecording else arguments)
    if not measured:
        print("the benchmarks printed no figures")
        return 1
    if isRecording:
        BASELINE.write_text(json.dumps(
            {"machine": machine(), "figures": measured}, indent=2) + "\n", encoding="utf-8")
        return 0
    baseline = json.loads(BASELINE.read_text(encoding="utf-8"))
    isSame = baseline["machine"] == machine()
    if not isSame:
        print(f"recorded on {baseline['machine']}; this is {machine()}: times are not judged")
    worse = []
    for name, (old, unit) in baseline["figures"].items():
        if name not in measured:
            worse.append(name)
            print(f"{name:52} {old:9.1f} {'gone':>9} {unit}")
            continue
        new = measured[name][0]
        limit = old / ALLOWED[unit] if unit == "%" else old * ALLOWED[unit]
        isWorse = (new < limit if unit == "%" else new > limit) and (unit != "ms" or isSame)
        if isWorse:
            worse.append(name)
        print(f"{name:52} {old:9.1f} {new:9.1f} {unit}{'  WORSE' if isWorse else ''}")
    if worse:
        print(f"{len(worse)} figures are worse than the baseline allows; where that is meant, "
              "make bench RECORD=1 records a new one")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
