"""Draws graphs and measures the pictures in Chromium, on screens of three widths.

usage: graphs.py ALBERT

On every page no text leaves its box, no two texts or boxes overlap, and nothing is wider than the screen.
"""

import html
import json
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).parents[2]
FIXTURES = ROOT / "Tests/Fixtures"
WIDTHS = (320, 760, 1280)

# Each page: its name, the command that writes it, and words that the picture must hold.
PAGES = [
    ("onnx", ["inspect", FIXTURES / "graphs/dynamo.onnx"], ["embeddings", "layer 1", "MatMul"]),
    ("grouped", ["inspect", FIXTURES / "graphs/unlabelled-groups.onnx"], ["layer 1"]),
    ("integers", ["inspect", FIXTURES / "graphs/int8-qoperator.onnx"], ["layer 1"]),
    ("lite", ["inspect", FIXTURES / "tflite/static/model.tflite"], ["layer 3", "shared"]),
    ("long-names", ["inspect", FIXTURES / "tflite/dynamic-range/model.tflite"], ["layer 3"]),
    ("right", ["verify", FIXTURES / "graphs/dynamo.onnx", "--against",
               FIXTURES / "graphs/dynamo.onnx"], ["max "]),
    *(
        (path.stem, ["verify", path, "--against", FIXTURES / "graphs/dynamo.onnx"],
         ["goes wrong here"])
        for path in sorted((FIXTURES / "graph-defects").glob("*.onnx"))
        # Nothing is wrong with the first three, of which others with a defect were made; the last does not run.
        if path.stem not in ("half", "heads", "int8-layers", "dropout-left-on")
    ),
]

MEASURE = """
const problems = [];
const page = frame.contentDocument;
if (page.documentElement.scrollWidth > frame.clientWidth)
  problems.push("the page is " + page.documentElement.scrollWidth + " wide");
const svg = page.querySelector("svg.graph");
if (!svg) problems.push("there is no picture");
const box = (e) => e.getBoundingClientRect();
const apart = (a, b) => a.right <= b.left + 0.5 || b.right <= a.left + 0.5
  || a.bottom <= b.top + 0.5 || b.bottom <= a.top + 0.5;
const groups = svg ? [...svg.querySelectorAll("g")] : [];
const texts = svg ? [...svg.querySelectorAll("text")] : [];
for (const group of groups) {
  const outer = box(group.querySelector("rect"));
  for (const text of group.querySelectorAll("text")) {
    const inner = box(text);
    if (inner.left < outer.left || inner.right > outer.right + 0.5 || inner.top < outer.top
        || inner.bottom > outer.bottom) problems.push("leaves its box: " + text.textContent);
  }
}
const widest = Math.max(...texts.map((text) => box(text).width));
if (groups.length && box(groups[0].querySelector("rect")).width > 3 * widest)
  problems.push("the boxes are far wider than what they hold");
const boxes = groups.map((g) => box(g.querySelector("rect")));
for (const list of [boxes, texts.map(box)])
  for (let i = 0; i < list.length; i++)
    for (let j = i + 1; j < list.length; j++)
      if (!apart(list[i], list[j]))
        problems.push("overlap: " + (list === boxes ? "boxes " + i + " and " + j
          : texts[i].textContent + " | " + texts[j].textContent));
const outer = svg ? box(svg) : null;
const lanes = svg ? [...svg.querySelectorAll(".lanes path")].map(box) : [];
for (const lane of lanes) {
  if (lane.right > outer.right + 0.5) problems.push("a lane leaves the picture");
  if (boxes.some((b) => b.right > lane.left + 2)) problems.push("a lane runs across a box");
}
for (const b of boxes)
  if (b.right > outer.right + 0.5 || b.bottom > outer.bottom + 0.5) problems.push("leaves the picture");
result.textContent = JSON.stringify({problems, text: texts.map((t) => t.textContent).join("\\n")});
"""


def measured(page, width, folder):
    """What Chromium says of a page on a screen of so many pixels."""
    harness = folder / "harness.html"
    harness.write_text(
        f'<!DOCTYPE html><body style="margin:0"><pre id="result"></pre>'
        f'<iframe id="frame" style="border:0;width:{width}px;height:600px" '
        f'srcdoc="{html.escape(page)}"></iframe>'
        "<script>const result = document.getElementById('result');"
        "const frame = document.getElementById('frame');"
        f"frame.onload = () => {{ {MEASURE} }};</script>")
    run = subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000",
         f"--user-data-dir={folder / 'profile'}", "--window-size=1400,900", "--dump-dom",
         harness.as_uri()],
        capture_output=True, text=True, timeout=120, check=True)
    return json.loads(html.unescape(re.search(r'<pre id="result">(.*?)</pre>', run.stdout, re.S)[1]))


def main():
    albert = pathlib.Path(sys.argv[1]).resolve()
    failures = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        for name, command, words in PAGES:
            path = folder / f"{name}.html"
            run = subprocess.run(
                [albert, *map(str, command), "--html", str(path)], capture_output=True, text=True)
            if not path.exists():
                print(f"FAIL {name}: no page ({run.stderr.strip()})")
                failures += 1
                continue
            for width in WIDTHS:
                found = measured(path.read_text(), width, folder)
                problems = found["problems"]
                problems += [f"lacks '{word}'" for word in words if word not in found["text"]]
                print(f"{'FAIL' if problems else 'ok  '} {name} {width} {'; '.join(problems[:5])}")
                failures += bool(problems)
    return failures > 0


if __name__ == "__main__":
    sys.exit(main())
