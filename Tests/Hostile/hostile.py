#!/usr/bin/env python3
"""The tool on failing machines and hostile files: thousands of runs, and a table of how they ended.

    python3 Tests/Hostile/hostile.py ALBERT [--runs N] [--seconds S] [--seed TEXT] [--extra FOLDER …]
                                     [--kind NAME …] [--only KIND/LABEL] [--small]

A failure is printed with the command that repeats it. Exits with 1 where there was one.
"""
import argparse
import os
import shutil
import sys
import tempfile

from harness import faults, schedule
from harness.case import KINDS
from harness.tool import Bench
from harness.world import World
from kinds import (  # noqa: F401  (importing registers)
    syscalls, reading, moments, races, changing, disk, outputs, pairs, limits, flips, mutations)


def main():
    """Runs what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("albert", help="the tool's binary")
    parser.add_argument("--runs", type=int, default=20000, help="at least so many (20000)")
    parser.add_argument("--seconds", type=float, default=1800, help="begin nothing after that (1800)")
    parser.add_argument("--seed", default="1", help="decides what is random (1)")
    parser.add_argument(
        "--extra", nargs="*", metavar="FOLDER", help="further checkpoints and golden files",
        default=os.environ.get("HOSTILE_EXTRA", "").split())
    parser.add_argument("--kind", nargs="*", choices=[kind.name for kind in KINDS])
    parser.add_argument("--only", metavar="KIND/LABEL", help="one case, as a failure names it")
    parser.add_argument("--small", action="store_true", help="the share that the tests run")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()

    folder = tempfile.mkdtemp(prefix="albert-hostile-")
    try:
        binary = os.path.abspath(options.albert)
        shim = faults.build(folder)
        world = World(binary, os.path.join(folder, "world"), options.extra, options.small)
        os.makedirs(world.folder)
        world.bench = Bench(binary, shim, os.path.join(folder, "plan"))
        repeat = [sys.executable, sys.argv[0], options.albert, "--seed", options.seed]
        repeat += ["--extra", *options.extra] if options.extra else []
        run = schedule.Schedule(
            world, lambda name: Bench(binary, shim, os.path.join(folder, name)), options, repeat)
        sys.exit(0 if run.all() else 1)
    finally:
        schedule.release(folder)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
