"""Several runs at once to one target: each ends well or says why not, and one of them won."""
from harness import tree
from harness.case import Case, kind


@kind("races", "two to four runs to one target at once", share=1)
def races(world):
    """Random formats, sources and numbers of runs."""
    for number in range(1 << 40):
        yield Case(str(number), lambda bench, random: _case(bench, random, world))


# Outputs, and the words that ask for them.
OUTPUTS = [
    ("out.albert",), ("out.safetensors",), ("out.onnx",), ("out.onnx", "--external-data"),
    ("out", "--to", "huggingface"), ("out", "--to", "tf-checkpoint"), ("model.ckpt.index",)]


def _case(bench, random, world):
    words = random.choice(OUTPUTS)
    # Beside a two-file output a reader may meet the moment between the two.
    sources = [world.native, world.other]
    finals = []
    for source in sources:
        bench.clear()
        first = bench.run(("convert", source, *words, "--no-verify"))
        if first.code != 0:
            return first.problems({0})
        finals.append(tree.snapshot(bench.folder))
    bench.clear()
    forced = random.random() < 0.7
    if forced and random.random() < 0.5:
        bench.run(("convert", world.other, *words, "--no-verify"))
    command = ["convert", None, *words, "--no-verify"] + ["--force"] * forced
    processes = []
    for _ in range(random.randint(2, 4)):
        command[1] = random.choice(sources)
        with open("/dev/null", "wb") as silent:
            processes.append(bench.start(list(command), stdout=silent))
    outcomes = [bench.finish(process) for process in processes]
    found = [text for outcome in outcomes for text in outcome.problems({0, 2})]
    if not any(outcome.code == 0 for outcome in outcomes):
        found.append(outcomes[0].told("no run of %d succeeded" % len(outcomes)))
    now = tree.snapshot(bench.folder)
    if tree.hidden(now):
        found.append(outcomes[0].told("left behind: " + ", ".join(tree.hidden(now)[:3])))
    if tree.visible(now) not in finals:
        check = bench.run(("verify", words[0], "--against", world.native))
        both = bench.run(("verify", words[0], "--against", world.other))
        if 0 not in (check.code, both.code):
            found.append(outcomes[0].told("the winner's output is a mix"))
    return found
