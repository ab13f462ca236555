"""One flipped bit in files that carry checksums: noticed, or without effect."""
import os

from harness import world as worlds
from harness.case import Case, kind


@kind("flips", "one flipped bit in a file with checksums: noticed, or the result is the same",
      share=2)
def flips(world):
    """Random bits of native files, TensorFlow's checkpoints, and zip files."""
    formats = {os.path.basename(path): path for path in world.every_format}
    chosen = [world.native, formats["i8.albert"], world.model, formats["tf-checkpoint"],
              formats["sample.npz"], formats["sample.pt"]]
    for number in range(1 << 40):
        yield Case(str(number), lambda bench, random: _case(bench, random, chosen))


def _case(bench, random, chosen):
    source = random.choice(chosen)
    bench.clear()
    name = os.path.basename(source)
    worlds.copy(source, bench.path(name))
    reading = random.choice([
        ("inspect", name, "--stats", "--json"), ("convert", name, "out.safetensors", "--no-verify")])
    if name.endswith(".albert") and random.random() < 0.3:
        reading = ("check", name)
    clean = bench.run(reading)
    result = _take(bench.path("out.safetensors"))
    files = [bench.path(name)]
    if os.path.isdir(files[0]):
        # Configs carry no checksum.
        files = [os.path.join(files[0], file) for file in sorted(os.listdir(files[0]))
                 if ".index" in file or ".data" in file]
    victim = random.choice(files)
    with open(victim, "r+b") as file:
        # Headers are small and hold most of what can go wrong.
        size = os.path.getsize(victim)
        at = random.randrange(size if random.random() < 0.6 else min(size, 4096))
        file.seek(at)
        byte = file.read(1)[0] ^ 1 << random.randrange(8)
        file.seek(at)
        file.write(bytes([byte]))
    outcome = bench.run(reading)
    found = outcome.problems({0, 1, 2})
    other = _take(bench.path("out.safetensors"))
    if outcome.code == 0 and (other != result or (
            reading[0] != "convert" and outcome.output != clean.output)):
        found.append(outcome.told("not noticed"))
    if reading[0] == "check" and outcome.code == 0:
        found.append(outcome.told("not noticed by check"))
    return ["byte %d of %s | %s" % (at, os.path.basename(victim), text) for text in found]


def _take(path):
    if not os.path.exists(path):
        return None
    with open(path, "rb") as file:
        data = file.read()
    os.remove(path)
    return data
