#!/usr/bin/env python3
"""Other libraries' forward passes, computed when a line on standard input says so.

    PYTHON Benchmarks/peers.py onnxruntime MODEL.onnx
    PYTHON Benchmarks/peers.py torch CONFIG.json

A line is `KIND BATCH TOKENS`; the answer is the seconds that the pass took, on the clock and of the
processor. KIND is `pass`, or `padded` for sequences of 16 tokens up to all.
"""

import os
import sys
import time


def inputs(kind, batch, tokens):
    """Token ids and a mask, the same as the Swift program's."""
    ids = [[(row * tokens + column) * 7919 % 30_000 for column in range(tokens)]
           for row in range(batch)]
    lengths = [tokens] * batch
    if kind == "padded":
        lengths = [16 + (tokens - 16) * row // max(1, batch - 1) for row in range(batch)]
    mask = [[1 if column < length else 0 for column in range(tokens)] for length in lengths]
    return ids, mask


def onnxruntime_pass(path):
    """A function that runs ONNX Runtime up to the pooler, as the file has it."""
    import numpy
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = os.cpu_count()
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    names = {item.name for item in session.get_inputs()}

    def run(ids, mask):
        given = {"input_ids": numpy.array(ids, numpy.int64),
                 "attention_mask": numpy.array(mask, numpy.int64),
                 "token_type_ids": numpy.zeros_like(numpy.array(ids, numpy.int64))}
        given = {name: value for name, value in given.items() if name in names}
        return lambda: session.run(None, given)
    return run


def torch_pass(path):
    """A function that runs transformers' AlbertModel of random weights."""
    import torch
    import transformers
    torch.set_num_threads(os.cpu_count())
    model = transformers.AlbertModel(transformers.AlbertConfig.from_json_file(path)).eval()

    def run(ids, mask):
        given = {"input_ids": torch.tensor(ids), "attention_mask": torch.tensor(mask)}

        def compute():
            with torch.inference_mode():
                model(**given)
        return compute
    return run


def main():
    library, path = sys.argv[1:3]
    run = {"onnxruntime": onnxruntime_pass, "torch": torch_pass}[library](path)
    print("ready", flush=True)
    for line in sys.stdin:
        kind, batch, tokens = line.split()
        if kind not in ("pass", "padded"):
            print("-", flush=True)
            continue
        compute = run(*inputs(kind, int(batch), int(tokens)))
        start, processor = time.perf_counter(), time.process_time()
        compute()
        print(time.perf_counter() - start, time.process_time() - processor, flush=True)


if __name__ == "__main__":
    main()
