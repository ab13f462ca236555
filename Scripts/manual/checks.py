"""What a manual must have, and what it must not leave out."""

import re

from .page import EXAMPLES, SHARED

# Handed on to the process that parses HDF5, or looked into for the program's own file.
INNER = {"PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"}
VARIABLE = re.compile(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)"')
NAMED = re.compile(r"\b[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)*\b")
# Capitals in the rows that are no variables.
WORDS = {"ORG", "NAME"}


def problems(pages, root):
    """A part that a page lacks, and a variable that is read unsaid or said unread."""
    found = []
    for page in pages:
        headings = [heading for heading, _ in page.sections]
        wanted = ("SYNOPSIS",) + SHARED + ((EXAMPLES,) if page.command.name != "albert help" else ())
        found += [f"{page.command.page}(1) has no {each}" for each in wanted if each not in headings]
        found += [f"{page.command.page}(1): {option.term} says nothing of itself"
                  for option in page.command.options
                  if not option.text and page.command.name != "albert help"]
    said = variables(pages[0])
    read = read_variables(root)
    found += [f"{name} is read, and ENVIRONMENT does not say so" for name in sorted(read - said - INNER)]
    found += [f"ENVIRONMENT names {name}, which nothing reads" for name in sorted(said - read)]
    return found


def variables(page):
    section = page.command.sections.get("ENVIRONMENT")
    return set(NAMED.findall("\n".join(section.lines))) - WORDS if section else set()


def read_variables(root):
    """The names in capitals of those files that look into the environment."""
    found = set()
    for path in sorted((root / "Sources").rglob("*.swift")):
        text = path.read_text(encoding="utf-8")
        if "getenv(" in text:
            found |= set(VARIABLE.findall(text))
    return found
