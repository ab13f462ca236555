"""All pages as one document."""

import re

from .page import SHARED, Lines, Paragraph

OPTION = re.compile(r"(?<![\w`-])(--[a-z][a-z0-9-]*)")
PLACEHOLDER = re.compile(r"(<[^<>`]+>)")
INTRODUCTION = """# Commands

<!-- Written by `make manual` from the tool's own definitions; `make test` fails where they differ. -->

What `albert help` and `man albert` say, on one page. [formats-read.md](formats-read.md) and
[formats-written.md](formats-written.md) say what goes in and out, and [schemas](../schemas) describe what
`--json` prints.
"""


def markdown(pages):
    """The document; what every command shares stands once, at its end."""
    root, others = pages[0], pages[1:]
    lines = [INTRODUCTION, "| command | for |", "|---|---|"]
    lines += [f"| [`{each.command.name}`](#{each.command.page}) | {prose(each.command.abstract)} |"
              for each in others]
    for page in others:
        lines += ["", f"## {page.command.name}", "", prose(page.command.abstract)]
        for heading, blocks in page.sections:
            if heading in ("NAME", "SEE ALSO") or heading in SHARED and heading not in page.command.sections:
                continue
            if heading not in ("SYNOPSIS", "DESCRIPTION"):
                lines += ["", f"**{titled(heading)}**"]
            lines += rendered(blocks)
    lines += ["", "## For every command"]
    for heading, blocks in root.sections:
        if heading in SHARED or heading == "OPTIONS":
            lines += ["", f"### {titled(heading)}"] + rendered(blocks)
    lines += ["", "### Shell completion"] + rendered(
        [Paragraph("`albert --generate-completion-script bash` (or `zsh`, `fish`) prints a shell's "
                   "completion; the packages bring them along.")])
    return "\n".join(lines) + "\n"


def rendered(blocks):
    lines = []
    for block in blocks:
        lines.append("")
        if isinstance(block, Paragraph):
            lines.append(prose(block.text))
        elif isinstance(block, Lines):
            lines += [f"```{block.language or 'text'}"] + block.lines + ["```"]
        else:
            lines += ["| | |", "|---|---|"]
            lines += [f"| `{cell(term)}` | {prose(meaning)} |" for term, meaning in block.rows]
    return lines


def titled(heading):
    return heading.capitalize()


def cell(words):
    return words.replace("|", r"\|")


def prose(words):
    """Words as text: options and placeholders as code, and nothing that looks like markup."""
    if "`" in words:
        return words
    words = re.sub(r"([*_\[\]])", r"\\\1", cell(words))
    return PLACEHOLDER.sub(r"`\1`", OPTION.sub(r"`\1`", words))
