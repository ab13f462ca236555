#!/usr/bin/env python3
"""What the bench program makes of figures, and its models; no tool is run."""

import json
import pathlib
import struct
import sys
import tempfile
import xml.dom.minidom

import contestants
import drawing
import models
import results


def rows(wall, peak=20.0):
    """A row of two contestants, of which the second takes `wall` times as long as the first."""
    runs = {
        "first": [contestants.Run(t, t / 2) for t in (1.0, 3.0, 2.0)],
        "second": [contestants.Run(wall * t, wall * t, peak) for t in (1.0, 3.0, 2.0)],
        "missing": [],
    }
    return {"work": contestants.row(runs, "first")}


def check_rows():
    figures = rows(1.5)["work"]
    assert figures["first"]["seconds"] == 2.0 and figures["first"]["ratio"] == 1.0
    assert figures["second"]["ratio"] == 1.5 and figures["second"]["processor_ratio"] == 3.0
    assert figures["missing"]["seconds"] is None and figures["missing"]["ratio"] is None
    text = results.table(rows(1.5))
    assert "| work | first | 2,000 ms | 1,000 ms |  |  | - |" in text, text
    assert "|  | second | 3,000 ms | 3,000 ms | 1.50 x | 3.00 x | 20 MB |" in text, text
    assert "|  | missing | - | - | - | - | - |" in text, text
    assert "| 0.015 x | 0.030 x |" in results.table(rows(0.015))


def check_turns():
    order = []

    def runner(name):
        def run():
            order.append(name)
            return None if name == "b" else contestants.Run(len(order), 1)
        return run
    runs = contestants.in_turn({name: runner(name) for name in "ab"}, 2)
    assert "".join(order) == "ababab"
    assert len(runs["a"]) == 2 and runs["b"] == []


def check_peers():
    assert contestants.succeeds([sys.executable, "-c", ""])
    assert not contestants.succeeds([sys.executable, "-c", "import no_such_library"])
    assert not contestants.succeeds(["/no/such/python", "-c", ""])


def check_moved():
    assert results.moved(rows(1.5), rows(1.55)) == []
    said = results.moved(rows(1.5), rows(2.0, peak=40.0))
    assert said == [
        "work, second: time +33 % (3, now 4)", "work, second: ratio +33 % (1.5, now 2)",
        "work, second: peak memory +100 % (20, now 40)"], said
    assert results.moved(rows(1), {}) == ["work: not measured this time"]
    with tempfile.TemporaryDirectory() as folder:
        file = results.place(pathlib.Path(folder), "Some CPU @ 2 GHz, 2 cores")
        assert file.name == "some-cpu-2-ghz-2-cores.json"
        assert results.load(file) == {}
        results.save(file, "m", {"a": 1, "b": 2}, {"c": 3}, 0.5)
        results.save(file, "m", {"b": 4}, {}, 0.1)
        kept = json.loads(file.read_text(encoding="utf-8"))
        assert kept["rows"] == {"a": 1, "b": 4} and kept["curves"] == {"c": 3}


def check_pages():
    work, by, other = results.SUMMARY[1]
    figures = {"seconds": 0.05, "processor": 0.1, "peak": 20.4, "ratio": 1.5, "processor_ratio": 2}
    rows = {work: {by: figures, other: {**figures, "seconds": 0.03, "peak": None}}}
    text = results.summary(rows)
    assert text.splitlines()[2:] == [f"| {work} | 50 ms | 20 MB | {other}: 30 ms |"], text
    with tempfile.TemporaryDirectory() as folder:
        page = pathlib.Path(folder) / "page.md"
        page.write_text("a\n<!-- what make bench printed -->\nold\n<!-- to here -->\nb\n", encoding="utf-8")
        for _ in range(2):
            results.put("new", page)
        assert page.read_text(encoding="utf-8") == (
            "a\n<!-- what make bench printed -->\n\nnew\n\n<!-- to here -->\nb\n")


def check_drawing():
    text = drawing.curves(
        "a < b", "across", "up", {"one & two": [(1, 10), (10, 200)], "other": [(1, 5)]})
    xml.dom.minidom.parseString(text)
    assert text.count("<circle") == 3 and "a &lt; b" in text


def check_models():
    sizes = models.config(8, 2, 2, groups=2, words=16, embedding=4)
    with tempfile.TemporaryDirectory() as folder:
        models.write(pathlib.Path(folder), sizes)
        data = (pathlib.Path(folder) / "model.safetensors").read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    assert len(header) == 9 + 2 * 16
    end = max(entry["data_offsets"][1] for entry in header.values())
    assert len(data) == 8 + length + end
    start, stop = header["embeddings.LayerNorm.weight"]["data_offsets"]
    body = data[8 + length:]
    assert body[start:stop] == struct.pack("<f", 1.0) * 4
    # The sizes of the paper: 11.7 million parameters in all of base.
    total = 0
    for _, shape in models.tensors(models.config(*models.SIZES["base"])):
        count = 1
        for extent in shape:
            count *= extent
        total += count
    assert total == 11_683_584, total


for check in (check_rows, check_turns, check_peers, check_moved, check_pages, check_drawing, check_models):
    check()
sys.exit(0)
