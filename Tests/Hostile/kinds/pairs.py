"""Every model with every golden file: the answer is yes, no, or that they do not belong together."""
from harness.case import Case, kind
from harness.world import name_of


@kind("pairs", "verify every model found with every golden file found")
def pairs(world):
    """All pairs, and all pairs of models with inputs."""
    for model in world.models:
        for golden in world.goldens:
            yield _case(model, golden)


def _case(model, golden):
    def body(bench, random):
        bench.clear()
        found = bench.run(("verify", model, "--golden", golden)).problems({0, 1, 2})
        if random.random() < 0.2:
            found += bench.run(("run", model, "--inputs", golden)).problems({0, 2})
        return found

    return Case("%s:%s" % (name_of(model), name_of(golden)), body)
