#!/usr/bin/env python3
"""How often the sample's best word is the right one, before and after each `--dtype`.

    python3 samples/accuracy.py .build/release/albert

`samples/bible/held-out.tsv` has verses that the model never saw: masked, and behind tabs the words.
"""
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

albert = sys.argv[1]
sample = Path(__file__).parent / "bible"
questions = [line.split("\t") for line in (sample / "held-out.tsv").read_text().splitlines()]
texts = "".join(text + "\n" for text, *_ in questions)


def measure(model: Path) -> tuple[float, float, float]:
    """The share of masks whose first, or first five words are right, and the mean of -log p within 50."""
    run = subprocess.run([albert, "run", str(model), "--text", "-", "--top", "50", "--json"], input=texts,
                         capture_output=True, text=True, check=True)
    first = five = total = 0
    loss = 0.0
    for (_, *answers), text in zip(questions, json.loads(run.stdout)["texts"], strict=True):
        for answer, mask in zip(answers, text["masks"], strict=True):
            words = [word["word"] for word in mask["words"]]
            total += 1
            first += words[0] == answer
            five += answer in words[:5]
            loss -= math.log(max((w["probability"] for w in mask["words"] if w["word"] == answer), default=1e-4))
    return first / total, five / total, loss / total


with tempfile.TemporaryDirectory() as folder:
    print(f"{sum(len(answers) for _, *answers in questions)} masks in {len(questions)} verses")
    print("| | right word first | among five | -log p |\n|---|---|---|---|")
    first, five, loss = measure(sample)
    print(f"| TensorFlow 1 | {first:.2%} | {five:.2%} | {loss:.4f} |")
    for dtype in ["f32", "f16", "bf16", "i8"]:
        model = Path(folder) / f"{dtype}.albert"
        subprocess.run([albert, "convert", str(sample), str(model), "--dtype", dtype], check=True,
                       stdout=subprocess.DEVNULL)
        first, five, loss = measure(model)
        print(f"| `{dtype}` | {first:.2%} | {five:.2%} | {loss:.4f} |")
