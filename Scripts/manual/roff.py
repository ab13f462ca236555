"""Pages for `man`."""

import re

from .page import Lines, Paragraph

OPTION = re.compile(r"(?<![\w-])(--?[a-z][a-z0-9-]*)")
VALUE = re.compile(r"<([^<>]+)>")


def roff(page, version):
    """The page in the language of `man`, which is ASCII."""
    lines = [f'.TH "{escaped(page.command.page.upper())}" "1" "" "albert {version}" "AlbertKit"', ".nh", ".ad l"]
    for heading, blocks in page.sections:
        lines.append(f'.SH "{escaped(heading)}"')
        for at, block in enumerate(blocks):
            lines += rendered(block, is_first=at == 0)
    return "\n".join(lines) + "\n"


def rendered(block, is_first):
    if isinstance(block, Paragraph):
        return ([] if is_first else [".PP"]) + [text(block.text)]
    if isinstance(block, Lines):
        # Lines that are to be typed are kept as they are, hyphens and all.
        return [".nf"] + [guarded(escaped(each)) for each in block.lines] + [".fi"]
    lines = []
    for term, meaning in block.rows:
        lines += [".TP", bold(term), text(meaning) if meaning else r"\&"]
    return lines


def bold(term):
    """A term: its words in bold, its values in italics."""
    return guarded(r"\fB" + VALUE.sub(r"\\fI\1\\fB", escaped(term)) + r"\fR")


def text(words):
    """Prose: the options that it names in bold."""
    parts = OPTION.split(words)
    return guarded("".join(
        rf"\fB{escaped(part)}\fR" if at % 2 else escaped(part) for at, part in enumerate(parts)))


def guarded(line):
    """The line; what would be a request at its start is text."""
    return rf"\&{line}" if line[:1] in (".", "'") else line


def escaped(words):
    """The words in ASCII, with hyphens that can be copied."""
    words = words.replace("\\", r"\e").replace("-", r"\-")
    return "".join(each if ord(each) < 128 else rf"\[u{ord(each):04X}]" for each in words)
