#!/usr/bin/env python3
"""Measures the tool against copies of its files, and its forward pass against other libraries'.

    python3 Benchmarks/bench.py --albert FILE --forward FILE [--rounds N] [--only WORD]...

All contestants of a row run in turn. Printed are medians, and medians of the ratios of runs that stand side
by side; `--json FILE` writes the same. Results are kept for each machine in Benchmarks/results, and what has
moved since is printed. Other libraries take part where a Python has them: that of `make bench-peers`, or
those that --peers names. Words of --only: convert, script, verify, forward, start, curves; sizes too (base,
xxlarge).
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

import contestants
import drawing
import models
import results

HERE = pathlib.Path(__file__).resolve().parent
SOURCES = ["TensorFlow 1", "HDF5", "PyTorch", "NumPy", "safetensors"]
PASSES = [("1 x 128 tokens", "pass 1 128"), ("8 x 128 tokens", "pass 8 128"),
          ("1 x 512 tokens", "pass 1 512"), ("8 rows of 16 to 128 tokens", "padded 8 128")]


class Bench:
    """What a run measures with, and what came out."""

    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.rows, self.curves = {}, {}

    def wants(self, *words):
        """Whether --only leaves these words in."""
        only = self.options.only
        sizes = [word for word in only if word in models.SIZES]
        kinds = [word for word in only if word not in models.SIZES]
        return all(not group or any(word in group for word in words) for group in (sizes, kinds))

    def measure(self, name, runners, against, rounds=None):
        """Adds a row, and says so."""
        runs = contestants.in_turn(runners, rounds or self.options.rounds)
        self.rows[name] = contestants.row(runs, against)
        print("\n".join(results.table({name: self.rows[name]}).splitlines()[2:]), file=sys.stderr)

    # Rows

    def convert(self, size):
        files = models.formats(self.options.albert, self.folder, size, SOURCES)
        for format, file in files.items():
            data, output = models.data_file(file), self.folder / "output.albert"
            copy = self.folder / "copy"

            def albert(*more, file=file, output=output):
                return contestants.writing(
                    [self.options.albert, "convert", file, output, "--config",
                     file.parent / "config.json", "--quiet", *more], output)
            runners = {
                "copy, flushed": lambda data=data, copy=copy: contestants.writing(
                    ["dd", f"if={data}", f"of={copy}", "bs=1M", "conv=fsync"], copy),
                "AlbertKit": lambda run=albert: run("--no-verify"),
            }
            if size == "base" or format == "TensorFlow 1":
                runners["AlbertKit, with verification"] = lambda run=albert: run()
            self.measure(f"convert {size} from {format}", runners, "copy, flushed")

    def script(self):
        """The script of transformers 4, where a Python has it and what it needs."""
        module = "transformers.models.albert.convert_albert_original_tf_checkpoint_to_pytorch"
        check = f"import tensorflow, torch, {module}"
        python = next((python for python in self.options.peers
                       if contestants.succeeds([python, "-c", check])), None)
        if not python:
            print("no Python has transformers' script: make bench-peers installs it", file=sys.stderr)
            return
        source = models.formats(
            self.options.albert, self.folder, "base", ["TensorFlow 1"])["TensorFlow 1"]
        config, output = source.parent / "config.json", self.folder / "output.bin"

        def albert(*more):
            return contestants.writing(
                [self.options.albert, "convert", source, output, "--to", "pytorch", "--config", config,
                 "--initialize-missing", "--quiet", *more], output)
        self.measure("convert base from TensorFlow 1 to PyTorch", {
            "transformers' script": lambda: contestants.writing(
                [python, "-m", module, "--tf_checkpoint_path", source.with_suffix(""),
                 "--albert_config_file", config, "--pytorch_dump_path", output], output),
            "AlbertKit": lambda: albert("--no-verify"),
            "AlbertKit, with verification": albert,
        }, "transformers' script", min(3, self.options.rounds))

    def verify(self):
        source = models.formats(
            self.options.albert, self.folder, "base", ["TensorFlow 1"])["TensorFlow 1"]
        native = self.folder / "base.albert"
        config = source.parent / "config.json"
        subprocess.run([self.options.albert, "convert", source, native, "--config", config, "--force",
                        "--no-verify", "--quiet"], check=True, stdout=subprocess.DEVNULL)
        self.measure("verify base against its source", {"AlbertKit": lambda: contestants.process(
            [self.options.albert, "verify", native, "--against", source, "--config", config,
             "--quiet"])}, "AlbertKit")
        native.unlink()

    def start(self):
        self.measure("--version", {"AlbertKit": lambda: contestants.process(
            [self.options.albert, "--version"])}, "AlbertKit", 4 * self.options.rounds)
        source = models.formats(self.options.albert, self.folder, "xxlarge", ["TensorFlow 1"])
        file = source["TensorFlow 1"]
        self.measure("inspect xxlarge as TensorFlow 1", {"AlbertKit": lambda: contestants.process(
            [self.options.albert, "inspect", file, "--config", file.parent / "config.json"])},
            "AlbertKit", 4 * self.options.rounds)

    def forward(self):
        servers = self.servers()
        try:
            for name, line in PASSES:
                runners = {by: lambda server=server, line=line: server.ask(line)
                           for by, server in servers.items() if server}
                products = line.replace("padded", "products").replace("pass", "products")
                runners["its products, OpenBLAS"] = lambda line=products: (
                    servers["AlbertKit"].ask(line))
                first = "ONNX Runtime" if servers["ONNX Runtime"] else "AlbertKit"
                runners = {first: runners.pop(first), **runners}
                self.measure(f"forward base, {name}", runners, first)
                for by, server in servers.items():
                    figures = self.rows[f"forward base, {name}"].setdefault(
                        by, dict.fromkeys(
                            ("seconds", "processor", "peak", "ratio", "processor_ratio")))
                    figures["peak"] = server.peak() if server else None
        finally:
            for server in filter(None, servers.values()):
                server.close()

    def servers(self):
        """The programs that compute forward passes; None for a library that no Python has."""
        model = models.formats(self.options.albert, self.folder, "base", ["ONNX", "safetensors"])
        config = model["safetensors"].parent / "config.json"

        def peer(library, path):
            for python in self.options.peers:
                try:
                    return contestants.Server([python, HERE / "peers.py", library, path])
                except (OSError, RuntimeError):
                    continue
            print(f"no Python has {library}: make bench-peers installs it", file=sys.stderr)
            return None
        return {
            "AlbertKit": contestants.Server([self.options.forward, "base"]),
            "ONNX Runtime": peer("onnxruntime", model["ONNX"]),
            "PyTorch": peer("torch", config),
        }

    # Curves

    def grow(self):
        """How the cost grows with the work; a drawing for each."""
        tokens = [16, 32, 64, 128, 256, 512]
        batches = [1, 2, 4, 8, 16]
        server = contestants.Server([self.options.forward, "base"])
        self.curve(
            "tokens", "Forward pass of ALBERT-base by tokens", "tokens of one sequence",
            "ms", {"all cores": [(n, self.ask(server, f"pass 1 {n}")) for n in tokens]})
        self.curve(
            "batch", "Forward pass of ALBERT-base by batch", "sequences of 128 tokens", "ms",
            {"all cores": [(n, self.ask(server, f"pass {n} 128")) for n in batches]})
        server.close()
        sizes = []
        for size in models.SIZES:
            server = contestants.Server([self.options.forward, size])
            hidden, layers, _ = models.SIZES[size]
            # Two for each weight that a token meets in a layer.
            work = 2 * 128 * layers * 12 * hidden * hidden / 1e9
            sizes.append((work, self.ask(server, "pass 1 128")))
            server.close()
        self.curve("size", "Forward pass by model size, 1 x 128 tokens", "GFLOP of the layers", "ms",
                   {"all cores": sizes})
        self.curve("tensors", "Cost by number of tensors, small ones", "tensors", "ms",
                   self.many_tensors([1, 10, 100, 1000]))
        self.cores()

    def ask(self, server, line):
        """The median of some runs, in ms."""
        server.ask(line)
        runs = [server.ask(line) for _ in range(self.options.rounds)]
        return statistics.median(run.wall for run in runs) * 1000

    def many_tensors(self, groups):
        """inspect and convert on models of many layers that share nothing."""
        inspected, converted = [], []
        for count in groups:
            sizes = models.config(8, count, 2, groups=count, words=64, embedding=8)
            folder = models.write(self.folder / f"groups-{count}", sizes)
            number = sum(1 for _ in models.tensors(sizes))
            output = self.folder / "output.albert"
            commands = [
                (inspected, lambda folder=folder: contestants.process(
                    [self.options.albert, "inspect", folder])),
                (converted, lambda folder=folder, output=output: contestants.writing(
                    [self.options.albert, "convert", folder, output, "--no-verify", "--quiet"],
                    output)),
            ]
            for line, command in commands:
                command()
                runs = [command().wall for _ in range(self.options.rounds)]
                line.append((number, statistics.median(runs) * 1000))
        return {"inspect": inspected, "convert": converted}

    def cores(self):
        """The same conversion and pass on one core and on all."""
        counts = sorted({1, min(2, os.cpu_count()), os.cpu_count()})
        file = models.formats(self.options.albert, self.folder, "base", ["TensorFlow 1"])
        source, output = file["TensorFlow 1"], self.folder / "output.albert"
        lines = {"convert": [], "and verify": []}
        for count in counts:
            for line, more in zip(lines.values(), (["--no-verify"], [])):
                runs = [contestants.writing(
                    [self.options.albert, "convert", source, output, "--config",
                     source.parent / "config.json", "--quiet", *more], output, count).wall
                    for _ in range(self.options.rounds)]
                line.append((count, statistics.median(runs) * 1000))
        self.curve("cores", "Converting ALBERT-base from TensorFlow 1 by cores", "cores", "ms", lines)

    def curve(self, name, title, across, up, series):
        self.curves[name] = series
        self.options.drawings.mkdir(parents=True, exist_ok=True)
        file = self.options.drawings / f"bench-{name}.svg"
        file.write_text(drawing.curves(title, across, up, series), encoding="utf-8")

    def run(self):
        for size in ("base", "xxlarge"):
            if self.wants("convert", size):
                self.convert(size)
        if self.wants("script", "base"):
            self.script()
        if self.wants("verify", "base"):
            self.verify()
        if self.wants("forward", "base"):
            self.forward()
        if self.wants("start", "xxlarge"):
            self.start()
        if self.wants("curves"):
            self.grow()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--albert", required=True, type=pathlib.Path, help="the tool")
    parser.add_argument("--forward", type=pathlib.Path, help="the program of Benchmarks/forward")
    parser.add_argument("--rounds", type=int, default=5, help="runs that count (default: 5)")
    parser.add_argument("--only", action="append", default=[], metavar="WORD")
    parser.add_argument("--peers", action="append", default=[], metavar="PYTHON")
    parser.add_argument("--folder", type=pathlib.Path, help="where models are kept between runs")
    parser.add_argument("--results", type=pathlib.Path, default=HERE / "results")
    parser.add_argument("--drawings", type=pathlib.Path,
                        default=HERE.parent / "docs" / "images")
    parser.add_argument("--pages", action="store_true",
                        help="put the tables of all that is kept for this machine into README.md and docs")
    parser.add_argument("--json", type=pathlib.Path, help="write the figures of this run there")
    options = parser.parse_args()
    options.albert = options.albert.resolve()
    options.peers += [str(HERE.parent / f".build/{place}/bin/python")
                      for place in ("bench-peers", "bench-script")] + [sys.executable]
    return options


def main():
    options = arguments()
    folder = options.folder or pathlib.Path(tempfile.mkdtemp(prefix="albert-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    bench = Bench(options, folder)
    try:
        bench.run()
    finally:
        if not options.folder:
            shutil.rmtree(folder, ignore_errors=True)
    name = results.machine()
    file = results.place(options.results, name)
    before = results.load(file)
    print(f"{name}, load average {os.getloadavg()[2]:.1f}\n")
    print(results.table(bench.rows))
    measured = {key: value for key, value in before.get("rows", {}).items() if key in bench.rows}
    for line in results.moved(measured, bench.rows):
        print(line)
    if options.json:
        options.json.write_text(
            json.dumps({"machine": name, "rows": bench.rows, "curves": bench.curves}, indent=1),
            encoding="utf-8")
    results.save(file, name, bench.rows, bench.curves, os.getloadavg()[2])
    if options.pages:
        rows = results.load(file)["rows"]
        results.put(results.table(rows), HERE.parent / "docs" / "performance.md")
        results.put(results.summary(rows), HERE.parent / "README.md")


if __name__ == "__main__":
    main()
