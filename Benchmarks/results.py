"""The figures of one run: as a table, as JSON, and against those of the run before on the same machine."""

import json
import os
import pathlib
import platform
import re

# How much a figure must differ for it to count as moved: less is noise.
NOISE = 0.1


def machine():
    """The processor and how many of its cores there are."""
    try:
        text = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
        name = re.search(r"^model name\s*: (.*)$", text, re.MULTILINE)
    except OSError:
        name = None
    return f"{name[1] if name else platform.machine()}, {os.cpu_count()} cores"


def place(folder, name):
    """The file that keeps a machine's results."""
    return folder / (re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") + ".json")


def seconds(value):
    """A time as the table has it; a dash where there is none."""
    if value is None:
        return "-"
    return f"{value * 1000:,.0f} ms" if value < 10 else f"{value:,.1f} s"


def table(rows):
    """The rows as a table of Markdown: for each contestant one line."""
    lines = [
        "| work | by | time | of the processor | against the first | of the processor | peak |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, contestants in rows.items():
        for index, (by, figures) in enumerate(contestants.items()):
            def ratio(key, index=index, figures=figures):
                value = figures.get(key)
                digits = 2 if value is None or value >= 0.1 else 3
                return "-" if value is None else "" if index == 0 else f"{value:.{digits}f} x"
            peak = figures.get("peak")
            lines.append(
                f"| {name if index == 0 else ''} | {by} | {seconds(figures['seconds'])} "
                f"| {seconds(figures['processor'])} | {ratio('ratio')} | {ratio('processor_ratio')} "
                f"| {'-' if peak is None else f'{peak:.0f} MB'} |")
    return "\n".join(lines)


# What README.md shows: a row, whose figures, and beside whose.
SUMMARY = [
    ("convert base from TensorFlow 1 to PyTorch", "AlbertKit", "transformers' script"),
    ("convert base from TensorFlow 1", "AlbertKit", "copy, flushed"),
    ("convert base from TensorFlow 1", "AlbertKit, with verification", "copy, flushed"),
    ("convert xxlarge from TensorFlow 1", "AlbertKit", "copy, flushed"),
    ("verify base against its source", "AlbertKit", None),
    ("forward base, 1 x 128 tokens", "AlbertKit", "ONNX Runtime"),
    ("forward base, 8 rows of 16 to 128 tokens", "AlbertKit", "ONNX Runtime"),
    ("inspect xxlarge as TensorFlow 1", "AlbertKit", None),
]


def summary(rows):
    """The rows that say most, a line for each."""
    lines = ["| work | time | peak | beside |", "|---|---|---|---|"]
    for name, by, other in SUMMARY:
        figures, beside = rows.get(name, {}).get(by), rows.get(name, {}).get(other)
        if not figures or figures["seconds"] is None:
            continue
        work = name + by.removeprefix("AlbertKit")
        peak = "-" if figures["peak"] is None else f"{figures['peak']:.0f} MB"
        compared = f"{other}: {seconds(beside['seconds'])}" if beside else ""
        lines.append(f"| {work} | {seconds(figures['seconds'])} | {peak} | {compared} |")
    return "\n".join(lines)


def put(text, file):
    """Puts a table in the place of the one that a page has between its marks."""
    page = file.read_text(encoding="utf-8")
    first, last = "<!-- what make bench printed -->\n", "<!-- to here -->"
    before, rest = page.split(first)
    after = rest.split(last)[1]
    file.write_text(f"{before}{first}\n{text}\n\n{last}{after}", encoding="utf-8")


def moved(old, new):
    """What differs by more than noise: a line for each."""
    lines = []
    for name, contestants in new.items():
        for by, figures in contestants.items():
            before = old.get(name, {}).get(by)
            if not before:
                continue
            for key, word in (("seconds", "time"), ("ratio", "ratio"), ("peak", "peak memory")):
                a, b = before.get(key), figures.get(key)
                if a and b and abs(b / a - 1) > NOISE:
                    change = f"{(b / a - 1) * 100:+.0f} %"
                    lines.append(f"{name}, {by}: {word} {change} ({a:.3g}, now {b:.3g})")
    for name in old:
        if name not in new:
            lines.append(f"{name}: not measured this time")
    return lines


def load(file):
    """The results of the run before; nothing where there was none."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def save(file, name, rows, curves, load_average):
    """Keeps the results; rows and curves that were not measured this time stay as they were."""
    kept = load(file)
    merged = {
        "machine": name,
        "load": load_average,
        "rows": {**kept.get("rows", {}), **rows},
        "curves": {**kept.get("curves", {}), **curves},
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(merged, indent=1) + "\n", encoding="utf-8")
