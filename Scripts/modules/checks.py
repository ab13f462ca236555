"""What must hold between Package.swift, the imports of the sources, the tables and the pictures."""

import json
import re

from .drawing import draw

DESIGN = "docs/design.md"
FOLDER = "docs/images"
# Where the design's table of imports stands.
BLOCK = re.compile(r"(<!-- imports -->\n).*?(<!-- end of imports -->)", re.DOTALL)


def edge_problems(package):
    """Edges that nothing imports, imports without an edge, and edges that run back."""
    problems = []
    order = {each.name: at for at, each in enumerate(package.targets)}
    for target in package.targets:
        if not target.is_swift:
            continue
        edges = package.edges(target) - {target.name}
        for name in sorted(set(target.declared) - edges):
            problems.append(f"Package.swift: {target.name} depends on {name} and never imports it")
        for name in sorted(edges - set(target.declared)):
            problems.append(f"{target.folder}: imports {name}, which Package.swift does not say")
        for name in target.declared:
            if order.get(name, -1) > order[target.name]:
                problems.append(f"Package.swift: {target.name} depends on {name}, which comes below "
                                "it: data flows one way, top to bottom")
        if len(set(target.declared)) != len(target.declared):
            problems.append(f"Package.swift: {target.name} states an edge twice")
    return problems


def table_problems(package):
    """Modules that the design's table of what each holds leaves out, has too many or has twice."""
    problems = []
    wanted = [each.short for each in package.modules]
    listed = rows((package.root / DESIGN).read_text(encoding="utf-8"))
    for name in wanted:
        if listed.count(name) != 1:
            problems.append(f"{DESIGN}: the table of modules has {name} {listed.count(name)} times")
    for name in sorted(set(listed) - set(wanted)):
        problems.append(f"{DESIGN}: the table of modules has {name}, which is no module")
    return problems


def rows(text):
    """The names in the first column of the table of what each module holds."""
    names, inside = [], False
    for line in text.splitlines():
        if line.startswith("| module | what it holds |"):
            inside = True
        elif inside and line.startswith("|"):
            names += re.findall(r"`(\w+)`", line.split("|")[1])
        elif inside:
            break
    return names


def drawn(package):
    """Each file that is made of the imports, with what it must hold."""
    folder = package.root / FOLDER
    graph = package.graph()
    result = {folder / "imports.svg": draw(graph, "What each module imports")}
    before = folder / "imports-before.json"
    if before.exists():
        old = json.loads(before.read_text(encoding="utf-8"))
        unused = [(user, used) for user, names in old["unused"].items() for used in names]
        result[folder / "imports-before.svg"] = draw(old["imports"], old["title"], unused)
    design = package.root / DESIGN
    if design.exists():
        text = design.read_text(encoding="utf-8")
        result[design] = BLOCK.sub(lambda match: match[1] + table(graph) + match[2], text)
    return result


def table(graph):
    """The graph as a table."""
    def names(list):
        return " ".join(f"`{each}`" for each in list)

    return "| module | imports | is imported by |\n|---|---|---|\n" + "".join(
        f"| `{name}` | {names(graph[name])} | "
        f"{names(user for user in graph if name in graph[user])} |\n" for name in graph)


def drawing_problems(package):
    return [f"{path.relative_to(package.root)}: is not what `make drawings` makes of the imports"
            for path, text in drawn(package).items()
            if not path.exists() or path.read_text(encoding="utf-8") != text]
