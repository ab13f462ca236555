"""Lists the declarations in symbol graphs, one a line, sorted; an enumeration's cases stand in its line.

Fails where a symbol has no documentation, or where that leaves out a parameter, a result or an error.
"""

import json
import sys


def gaps(symbol, text):
    """What the documentation of a symbol leaves out."""
    lines = [line["text"].strip() for line in symbol.get("docComment", {}).get("lines", [])]
    if not lines:
        return ["documentation"]
    comment = "\n".join(lines)
    signature = symbol.get("functionSignature")
    if not signature or symbol["kind"]["identifier"] == "swift.func.op":
        return []
    missing = []
    for parameter in signature.get("parameters", []):
        name = parameter.get("internalName", parameter["name"])
        if f"- {name}:" not in comment and f"- Parameter {name}:" not in comment:
            missing.append(f"parameter {name}")
    returned = "".join(part["spelling"] for part in signature.get("returns", []))
    if returned not in ("", "()", "Self") and "- Returns:" not in comment:
        missing.append("result")
    if " throws" in text and "- Throws:" not in comment:
        missing.append("error")
    return missing


declarations = []
cases = {}
faults = []
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        graph = json.load(file)
    for symbol in graph["symbols"]:
        name = ".".join(symbol["pathComponents"])
        text = " ".join("".join(p["spelling"] for p in symbol["declarationFragments"]).split())
        if name.endswith(".init(rawValue:)") and "location" not in symbol:
            continue  # what the compiler gives every enumeration with raw values
        faults += [f"{name} has no {gap} in its documentation" for gap in gaps(symbol, text)]
        if symbol["kind"]["identifier"] == "swift.enum.case":
            parent = ".".join(symbol["pathComponents"][:-1])
            cases.setdefault(parent, []).append(symbol["pathComponents"][-1])
        else:
            declarations.append((name, text))

for name, text in sorted(declarations):
    print(f"{name}: {text}" + "".join(f" | {case}" for case in sorted(cases.get(name, []))))
if faults:
    sys.exit("\n".join(sorted(faults)))
