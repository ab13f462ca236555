"""What the scripts of this folder share.

Each is called as `python SCRIPT ALBERT_BINARY FIXTURES_DIR`, prints one line per check, and exits
with 1 where one failed. It runs in the environment of the library after which it is named. Its last
line is a row of the table in the README.
"""
import logging
import os
import shutil
import subprocess
import sys
import tempfile

import numpy as np

# A script named after a library must not be imported in its place.
sys.path[:] = [p for p in sys.path if p != os.path.dirname(os.path.abspath(__file__))]

# Plain float32 noise is about 1e-5 on the small models.
TOLERANCE = 3e-5
# A model of ALBERT-base's size adds up more of it.
BASE_TOLERANCE = 1e-4


class Listener(logging.Handler):
    """Collects what a logger warns of."""

    def __init__(self, logger):
        super().__init__(logging.WARNING)
        self.texts = []
        logger.addHandler(self)

    def emit(self, record):
        self.texts.append(record.getMessage())


class Loader:
    """Loads models with transformers, and counts every word about their keys as a failure."""

    def __init__(self, checks, **options):
        """`options` go to `from_pretrained`, such as `output_loading_info` where a class knows it."""
        self.checks = checks
        self.options = options
        self.listener = Listener(logging.getLogger("transformers"))

    def __call__(self, label, cls, folder):
        """A model of a class."""
        self.listener.texts.clear()
        loaded = cls.from_pretrained(folder, **self.options)
        model, info = loaded if isinstance(loaded, tuple) else (loaded, {})
        bad = {k: v for k, v in info.items() if v}
        said = [t for t in self.listener.texts if "weights" in t or "checkpoint" in t]
        self.checks.check(
            "%s: %s loads without a warning" % (label, cls.__name__), not bad and not said,
            str(bad or said or ""))
        return model


def inputs(golden, convert):
    """The inputs that were recorded, as arrays of a library that `convert` makes."""
    names = ["input_ids", "attention_mask", "token_type_ids"]
    return {k: convert(golden[k]) for k in names if k in golden}


class Checks:
    """The checks of one script, and a folder for what it writes."""

    def __init__(self, title):
        if len(sys.argv) != 3:
            sys.exit("usage: python %s ALBERT_BINARY FIXTURES_DIR" % sys.argv[0])
        self.albert, self.fixtures = sys.argv[1:]
        self.folder = tempfile.mkdtemp()
        self.failures = 0
        self.count = 0
        self.worst = {}
        self.title = title
        print(title)

    def configs(self):
        """The models that have a head of each kind of pre-training."""
        names = ["tiny-a", "tiny-b", "base"]
        return [n for n in names if os.path.exists(self.source(n, "hf-safetensors"))]

    def source(self, *parts):
        """The path of a fixture."""
        return os.path.join(self.fixtures, *parts)

    def output(self, *parts):
        """A path for something to be written."""
        return os.path.join(self.folder, *parts)

    def golden(self, config, name="golden"):
        """What was recorded of a model, as a dictionary of arrays."""
        return dict(np.load(self.source(config, "golden", name + ".npz")))

    def run(self, *arguments):
        """Runs the tool, and gives its exit code and what it said."""
        done = subprocess.run(
            [self.albert] + list(arguments), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        return done.returncode, done.stdout.decode()

    def convert(self, source, output, *options):
        """Converts into `output`, and gives its path; None where the tool failed."""
        path = self.output(output)
        code, said = self.run("convert", source, path, *options)
        if code == 0:
            return path
        last = said.strip().splitlines()[-1:] or [""]
        self.check("convert to " + output, False, "exit %d: %s" % (code, last[0]))
        return None

    def refused(self, name, source, output, *options, words=()):
        """Checks that a conversion is refused, leaves nothing, and says why."""
        path = self.output(output)
        code, said = self.run("convert", source, path, *options)
        good = code == 2 and not os.path.exists(path) and all(w in said for w in words)
        self.check(name, good, "exit %d" % code if good else said.strip())

    def check(self, name, good, detail=""):
        """Prints a check, and counts it where it failed."""
        self.count += 1
        self.failures += not good
        print("%s  %s%s" % ("pass" if good else "FAIL", name, "  " + detail if detail else ""))

    def close(self, name, actual, expected, tolerance=None):
        """Checks numbers against recorded ones; a name that begins with `base` has its tolerance."""
        size = "base" if name.startswith("base") else "small"
        if tolerance is None:
            tolerance = BASE_TOLERANCE if size == "base" else TOLERANCE
        actual = np.asarray(actual, np.float64)
        if actual.shape != expected.shape:
            self.check(name, False, "shape %s, not %s" % (actual.shape, expected.shape))
            return
        error = float(np.max(np.abs(actual - expected)))
        self.worst[size] = max(self.worst.get(size, 0), error)
        self.check(name, error < tolerance, "max abs error %.2g" % error)

    def equal(self, name, actual, expected):
        """Checks two dictionaries of arrays for the same names and the same bytes."""
        wrong = sorted(set(actual) ^ set(expected))
        for key in sorted(set(actual) & set(expected)):
            a, b = np.asarray(actual[key]), np.asarray(expected[key])
            if a.dtype != b.dtype or a.shape != b.shape or a.tobytes() != b.tobytes():
                wrong.append(key)
        self.check(name, not wrong, ", ".join(wrong[:3]) or "%d tensors" % len(expected))

    def finish(self):
        """Removes what was written, prints the row of the table, and ends the script."""
        shutil.rmtree(self.folder)
        name, _, versions = self.title.partition(": ")
        passed = "%d of %d passed" % (self.count - self.failures, self.count)
        errors = ["%.1e" % self.worst[s] if s in self.worst else "-" for s in ["small", "base"]]
        print("row | %s | %s | %s | %s |" % (name, versions, passed, " / ".join(errors)))
        sys.exit(1 if self.failures else 0)


# The task heads among the fixtures, and transformers' classes of them.
HEADS = {
    "seqcls": "AlbertForSequenceClassification",
    "tokencls": "AlbertForTokenClassification",
    "qa": "AlbertForQuestionAnswering",
    "multichoice": "AlbertForMultipleChoice",
    "maskedlm": "AlbertForMaskedLM",
}
