"""The tool's commands, as `albert --experimental-dump-help` states them."""

import json
import re
import subprocess
from dataclasses import dataclass, field

HEADING = re.compile(r"[A-Z][A-Z ]+")
# A row of a section: a word, and what it means two spaces or more behind it.
ROW = re.compile(r"(\S.*?)(?:  +(\S.*))?")


@dataclass
class Option:
    """An argument, an option or a flag, with its opposite where it has one."""

    names: list
    value: str
    text: str
    is_positional: bool
    is_optional: bool
    is_repeating: bool
    default: str
    values: list

    @property
    def term(self):
        """How it is written: `--to <format>`, `-h, --help`, `--verify/--no-verify`, `<source>`."""
        if self.is_positional:
            return self.value
        return ", ".join(self.names) + (f" {self.value}" if self.value else "")

    @property
    def usage(self):
        """How it is written in a synopsis."""
        text = self.value if self.is_positional else (
            "|".join(self.names) + (f" {self.value}" if self.value else ""))
        text = text if not self.is_optional else f"[{text}]"
        return text + ("…" if self.is_repeating else "")

    @property
    def meaning(self):
        """What it says of itself, with what is taken where nothing is given."""
        text = self.text
        missing = [each for each in self.values if not re.search(rf"\b{re.escape(each)}\b", text)]
        if missing:
            text += f" One of {', '.join(self.values)}."
        return text + (f" (default: {self.default})" if self.default else "")


@dataclass
class Section:
    """A part of a discussion: a heading in capitals, and what is indented below it."""

    name: str
    lines: list = field(default_factory=list)

    @property
    def rows(self):
        """Words and what they mean; a line that is indented further goes on with the last one."""
        found = []
        for line in self.lines:
            depth = len(line) - len(line.lstrip())
            if found and depth > 2:
                word, text = found[-1]
                found[-1] = (word, f"{text} {line.strip()}".strip())
            elif line.strip():
                word, text = ROW.fullmatch(line.strip()).groups()
                found.append((word, text or ""))
        return found


@dataclass
class Command:
    """A command: its words, its options, and its discussion taken apart."""

    name: str
    abstract: str
    paragraphs: list
    sections: dict
    options: list
    is_hidden: bool

    @property
    def page(self):
        """The name of its manual page."""
        return self.name.replace(" ", "-")


def commands(tool):
    """The tool itself first, then its commands in the order in which its help lists them."""
    printed = subprocess.run([tool, "--experimental-dump-help"], capture_output=True, check=True)
    root = json.loads(printed.stdout)["command"]
    name = root["commandName"]
    return [command(root, name)] + [
        command(each, f"{name} {each['commandName']}") for each in root["subcommands"]]


def version(tool):
    """What `--version` prints."""
    return subprocess.run([tool, "--version"], capture_output=True, check=True, text=True).stdout.split()[-1]


def command(definition, name):
    paragraphs, sections = discussion(definition.get("discussion", ""))
    return Command(
        name, definition.get("abstract", ""), paragraphs, sections,
        options(definition.get("arguments", [])), not definition.get("shouldDisplay", True))


def discussion(text):
    """Paragraphs, each one line, and sections by their headings."""
    paragraphs, sections, current = [""], {}, None
    for line in text.split("\n"):
        if HEADING.fullmatch(line):
            # One example and several are one section.
            name = line if line != "EXAMPLE" else "EXAMPLES"
            current = sections.setdefault(name, Section(name))
        elif current and (line.startswith("  ") or not line.strip()):
            current.lines.append(line)
        elif line.strip():
            current = None
            paragraphs[-1] = f"{paragraphs[-1]} {line.strip()}".strip()
        else:
            paragraphs.append("")
        if current is None and not line.strip() and paragraphs[-1]:
            paragraphs.append("")
        if HEADING.fullmatch(line) and paragraphs[-1]:
            paragraphs.append("")
    for section in sections.values():
        while section.lines and not section.lines[-1].strip():
            section.lines.pop()
    return [each for each in paragraphs if each], sections


def options(definitions):
    """Those that are shown; flags of one meaning that follow each other are one, as in the help."""
    found = []
    for each in definitions:
        if not each.get("shouldDisplay", True):
            continue
        is_flag, is_positional = each["kind"] == "flag", each["kind"] == "positional"
        option = Option(
            [spelled(name) for name in each.get("names", [])],
            "" if is_flag else f"<{each['valueName']}>", each.get("abstract", ""), is_positional,
            each["isOptional"], each["isRepeating"], each.get("defaultValue", ""),
            each.get("allValues", []))
        if option.default == '""':
            option.default = ""
        last = found[-1] if found else None
        if is_flag and last and last.text == option.text and not last.value and not last.is_positional:
            last.names = ["/".join(last.names + option.names)]
            last.default = last.default or option.default
        else:
            found.append(option)
    return found


def spelled(name):
    return ("--" if name["kind"] == "long" else "-") + name["name"]
