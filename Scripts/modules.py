#!/usr/bin/env python3
"""Holds Package.swift, the imports of the sources, the table of modules and the pictures together.

    python3 Scripts/modules.py check     fails on what disagrees
    python3 Scripts/modules.py draw      draws docs/images/imports.svg and the table in docs/design.md anew
"""

import argparse
import json
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from modules import checks  # noqa: E402
from modules.package import Package  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["check", "draw"])
    parser.add_argument("--root", default=pathlib.Path(__file__).resolve().parent.parent,
                        help="the package's folder")
    parser.add_argument("--dump", type=pathlib.Path,
                        help="what `swift package dump-package` printed, instead of asking it")
    options = parser.parse_args()
    package = Package(options.root, options.dump and json.loads(options.dump.read_text()))
    if options.what == "draw":
        for path, text in checks.drawn(package).items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return 0
    # A graph that runs in circles cannot be drawn.
    problems = checks.edge_problems(package) or (
        checks.table_problems(package) + checks.drawing_problems(package))
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
