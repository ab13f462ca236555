#!/usr/bin/env python3
"""Fails on a document that names what is not there: a link's file or heading, a path of this package,
a target of the Makefile.

    python3 Scripts/links.py [FOLDER]
"""

import pathlib
import re
import sys

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)
TARGET = re.compile(r"^([a-z-]+):", re.MULTILINE)
FOLDERS = ("Sources/", "Tests/", "Scripts/", "Benchmarks/", "docs/", "schemas/", "samples/", ".github/")


def documents(root):
    """The package's own documents; those below Tests/Fixtures and .build came from elsewhere or go."""
    for path in sorted(root.rglob("*.md")):
        inside = path.relative_to(root)
        if not any(part.startswith(".build") or part == ".git" for part in inside.parts):
            yield path


def anchors(text):
    """The anchors that GitHub gives the headings of a document."""
    found = set()
    for heading in HEADING.findall(FENCE.sub("", text)):
        words = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower())
        found.add(words.replace(" ", "-"))
    return found


def problems(path, root, targets):
    text = path.read_text(encoding="utf-8")
    prose = FENCE.sub("", text)
    for link in LINK.findall(CODE.sub("", prose)):
        if re.match(r"[a-z][a-z0-9+.-]*:", link):
            continue
        name, _, anchor = link.partition("#")
        file = path.parent / name if name else path
        if not file.exists():
            yield f"the link to {link} leads nowhere"
        elif anchor and anchor not in anchors(file.read_text(encoding="utf-8")):
            yield f"the link to {link} names no heading"
    for code in CODE.findall(prose):
        name = code.split(" ")[0].rstrip("/,")
        if name.startswith(FOLDERS) and not re.search(r"NAME|[*<>{}$…]", name):
            if not (root / name).exists():
                yield f"{name} is not there"
        words = code.split(" ")
        if words[0] == "make" and len(words) > 1 and words[1].islower() and words[1] not in targets:
            yield f"make has no target {words[1]}"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)
    targets = set(TARGET.findall((root / "Makefile").read_text(encoding="utf-8")))
    found = [f"{path.relative_to(root)}: {problem}"
             for path in documents(root) for problem in problems(path, root, targets)]
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
