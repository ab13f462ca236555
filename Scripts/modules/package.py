"""The package's targets as Package.swift declares them, and what their sources import."""

import json
import os
import pathlib
import re
import subprocess

IMPORT = re.compile(
    r"^\s*(?:@\w+(?:\(\w+\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?"
    r"import\s+(?:(?:struct|enum|class|protocol|actor|func|var|let|typealias)\s+)?(\w+)",
    re.MULTILINE)


class Target:
    """A target: where it lies, what it may import and what it does import."""

    def __init__(self, described, root):
        self.name = described["name"]
        self.folder = described.get("path") or default_folder(described)
        self.declared = [dependency_name(each) for each in described["dependencies"]]
        skipped = {root / self.folder / each for each in described.get("exclude", [])}
        files = [path for path in (root / self.folder).rglob("*.swift")
                 if not skipped.intersection(path.parents)]
        self.is_swift = bool(files)
        self.imported = imports(files)

    @property
    def short(self):
        """The name without the product's, as folders, tables and pictures have it."""
        return self.folder.removeprefix("Sources/") if self.is_module else self.name

    @property
    def is_module(self):
        """Whether this is a part of the product, not of its tests."""
        return self.folder.startswith("Sources/") and "/" not in self.folder.removeprefix("Sources/")


class Package:
    """All targets, in the order in which Package.swift has them."""

    def __init__(self, root, description=None):
        self.root = pathlib.Path(root)
        described = description or describe(self.root)
        self.targets = [Target(each, self.root) for each in described["targets"]
                        if each["type"] != "plugin"]

    @property
    def modules(self):
        return [target for target in self.targets if target.is_module]

    def edges(self, target):
        """What `target` imports of this package or of its dependencies."""
        names = {each.name for each in self.targets}
        products = {name for each in self.targets for name in each.declared} - names
        return target.imported & (names | products)

    def graph(self):
        """The short name of each module, with the short names of what it imports."""
        short = {each.name: each.short for each in self.modules}
        return {each.short: [short[name] for name in short if name in each.imported]
                for each in self.modules}


def describe(root):
    """What Swift makes of the manifest, with the programs that are built on request alone."""
    groups = re.findall(r'^  "(\w+)": \[$', (root / "Package.swift").read_text(), re.MULTILINE)
    output = subprocess.run(
        ["swift", "package", "--package-path", str(root), "dump-package"], check=True,
        stdout=subprocess.PIPE, env={**os.environ, "ALBERTKIT_PROGRAMS": ",".join(groups)}).stdout
    return json.loads(output)


def default_folder(described):
    return ("Tests/" if described["type"] == "test" else "Sources/") + described["name"]


def dependency_name(dependency):
    """A dependency's name: Swift describes it as `{"target": ["AlbertBytes", null]}`."""
    (values,) = dependency.values()
    return values[0]


def imports(files):
    """The modules that Swift files import."""
    return {name for path in files for name in IMPORT.findall(path.read_text(encoding="utf-8"))}
