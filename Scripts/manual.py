#!/usr/bin/env python3
"""Makes the manual of the tool's own definitions, so that help, man and page never differ.

    python3 Scripts/manual.py write TOOL            writes docs/commands.md anew
    python3 Scripts/manual.py check TOOL            fails where that is stale, or a page lacks a part
    python3 Scripts/manual.py man TOOL FOLDER       writes a page for man for every command
"""

import argparse
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from manual import checks, definitions  # noqa: E402
from manual.markdown import markdown  # noqa: E402
from manual.page import pages  # noqa: E402
from manual.roff import roff  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs/commands.md"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["write", "check", "man"])
    parser.add_argument("tool")
    parser.add_argument("folder", nargs="?", type=pathlib.Path)
    options = parser.parse_args()
    made = pages(definitions.commands(options.tool))
    if options.what == "man":
        options.folder.mkdir(parents=True, exist_ok=True)
        for page in made:
            text = roff(page, definitions.version(options.tool))
            (options.folder / f"{page.command.page}.1").write_text(text, encoding="ascii")
        return 0
    text = markdown(made)
    if options.what == "write":
        DOCUMENT.write_text(text, encoding="utf-8")
        return 0
    problems = checks.problems(made, ROOT)
    if not DOCUMENT.exists() or DOCUMENT.read_text(encoding="utf-8") != text:
        problems.append("docs/commands.md is not what the tool says: make manual")
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
