"""A manual page as a value: headings, each with paragraphs, terms and lines as they stand."""

from dataclasses import dataclass

EXIT_CODES, EXAMPLES = "EXIT CODES", "EXAMPLES"
# What the tool's help says once and every page repeats.
SHARED = (EXIT_CODES, "ENVIRONMENT", "FILES")


@dataclass
class Paragraph:
    text: str


@dataclass
class Terms:
    """Words, and what each means."""

    rows: list


@dataclass
class Lines:
    """Lines as they stand; `language` is the shell's where they are to be typed."""

    lines: list
    language: str = ""


@dataclass
class Page:
    """A command's page: (heading, blocks)."""

    command: object
    sections: list


def pages(commands):
    """A page for each command that help shows."""
    shown = [each for each in commands if not each.is_hidden]
    return [Page(each, list(parts(each, shown))) for each in shown]


def parts(command, commands):
    root = commands[0]
    yield "NAME", [Paragraph(f"{command.page} - {lowered(command.abstract)}")]
    yield "SYNOPSIS", [Lines(synopsis(command, commands))]
    if command.paragraphs:
        yield "DESCRIPTION", [Paragraph(each) for each in command.paragraphs]
    if command is root:
        yield "COMMANDS", [Terms([(each.name, each.abstract) for each in commands[1:]])]
    for heading, kept in (("ARGUMENTS", True), ("OPTIONS", False)):
        rows = [(each.term, each.meaning) for each in command.options if each.is_positional == kept]
        if rows:
            yield heading, [Terms(rows)]
    for section in command.sections.values():
        if section.name not in SHARED and section.name != EXAMPLES:
            yield section.name, [Terms(section.rows)]
    if EXAMPLES in command.sections:
        lines = [each[2:] for each in command.sections[EXAMPLES].lines]
        yield EXAMPLES, [Lines(lines, "sh")]
    for name in SHARED:
        rows = shared_rows(command, root, name)
        if rows:
            yield name, [Terms(rows)]
    others = [each.page for each in commands if each is not command]
    yield "SEE ALSO", [Paragraph(", ".join(f"{each}(1)" for each in others))]


def shared_rows(command, root, name):
    """The tool's rows, with the command's own in their places.

    That something does not hold (1) is an answer of those commands alone that say so.
    """
    def rows(of):
        return dict(of.sections[name].rows) if name in of.sections else {}

    merged, own = rows(root), rows(command)
    if name == EXIT_CODES and command is not root and "1" not in own:
        merged.pop("1", None)
        merged["0"] = "done"
    return list((merged | own).items())


def synopsis(command, commands):
    if command is commands[0]:
        return [f"{command.name} <command> …", f"{command.name} help [<command>]"]
    short = [each.usage for each in command.options if each.is_positional]
    long = [each.usage for each in command.options if not each.is_positional]
    return wrapped(command.name, short + long)


def wrapped(start, words, width=76):
    """Lines that keep each word whole, those after the first below the first word."""
    lines, indent = [start], " " * (len(start) + 1)
    for word in words:
        if len(lines[-1]) + 1 + len(word) > width and lines[-1] != start:
            lines.append(indent + word)
        else:
            lines[-1] += f" {word}"
    return lines


def lowered(sentence):
    """A sentence as the rest of a line: a small letter first and no point."""
    sentence = sentence.rstrip(".")
    return sentence[:1].lower() + sentence[1:]
