"""What the cases work on: models, golden files, and what the tool makes of them when nothing fails."""
import functools
import hashlib
import os
import shutil
import subprocess

PACKAGE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
SAMPLES = os.path.join(PACKAGE, "samples")
MODEL = os.path.join(SAMPLES, "tiny-tf1")
GOLDEN = os.path.join(SAMPLES, "tiny-tf1-golden.npz")
# Folders of this package that hold checkpoints.
FOLDERS = ["samples", "Tests/Interop/models", "Tests/Fixtures"]
ENDINGS = (
    ".albert .safetensors .bin .pt .pth .h5 .keras .msgpack .npz .onnx .index .pb .tar .pkl .npy "
    ".ckpt .json").split()
# Larger files say nothing that small ones do not.
MOST_BYTES = 4 << 20


class World:
    """The world, found and made once, which no case changes."""

    def __init__(self, binary, folder, extra=(), small=False):
        self.binary = str(binary)
        self.folder = folder
        self.small = small
        self.golden = GOLDEN
        self.model = MODEL
        self.roots = [os.path.join(PACKAGE, name) for name in FOLDERS]
        self.roots += [os.path.abspath(path) for path in extra]
        if small:
            self.roots = [SAMPLES]

    def albert(self, *arguments):
        """Runs the tool where nothing fails; whether it exits with 0, and its output."""
        done = subprocess.run(
            [self.binary, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL)
        return done.returncode == 0, done.stdout

    def made(self, name, *arguments, source=MODEL):
        """A path to what `convert` makes of a model, kept for all cases."""
        path = os.path.join(self.folder, name)
        if not os.path.exists(path):
            is_made, _ = self.albert("convert", source, path, "--no-verify", *arguments)
            if not is_made:
                raise SystemExit("the tool cannot convert %s to %s" % (source, name))
        return path

    @functools.cached_property
    def native(self):
        """The sample as a native file."""
        return self.made("sample.albert")

    @functools.cached_property
    def other(self):
        """Another model of the same shape, whose files all differ."""
        rounded = self.made("rounded.albert", "--dtype", "f16")
        return self.made("other.albert", "--dtype", "f32", source=rounded)

    @functools.cached_property
    def every_format(self):
        """The sample in every format that is written: a list of paths to name."""
        wanted = [
            ("sample.safetensors",), ("sample.npz",), ("sample.onnx",), ("sample.msgpack",),
            ("sample.pt",), ("sample.h5",), ("i8.albert", "--dtype", "i8"),
            ("i8.onnx", "--dtype", "i8"), ("apart.onnx", "--external-data"),
            ("huggingface", "--to", "huggingface"), ("pytorch", "--to", "pytorch"),
            ("flax", "--to", "flax"), ("keras-h5", "--to", "keras-h5"),
            ("tf-checkpoint", "--to", "tf-checkpoint")]
        return [self.native] + [self.made(*words) for words in wanted]

    @functools.cached_property
    def files(self):
        """Every small file of the roots that may be a checkpoint, a config or an index."""
        found = {}
        for root in self.roots:
            for place, folders, names in os.walk(root):
                folders.sort()
                for name in sorted(names):
                    path = os.path.join(place, name)
                    size = os.path.getsize(path) if os.path.isfile(path) else 0
                    is_wanted = name.endswith(tuple(ENDINGS)) or ".data-0" in name or "." not in name
                    if is_wanted and 0 < size <= MOST_BYTES:
                        found[path] = None
        return list(found)

    @functools.cached_property
    def models(self):
        """Every path at which the tool finds a model that it can run."""
        places = {os.path.dirname(path): None for path in self.files}
        alone = [
            path for path in self.files
            if path.endswith((".albert", ".onnx", ".keras")) or ".weights.h5" in path]
        # The same model in two folders says no more than in one.
        different = {_digest(path): path for path in reversed([*places, *alone])}
        return [path for path in reversed(different.values()) if self.albert("run", path)[0]]

    @functools.cached_property
    def goldens(self):
        """Every file of recorded outputs."""
        found = [
            path for path in self.files if path.endswith(".npz")
            and ("golden" in path or os.path.basename(os.path.dirname(path)) == "golden")]
        return list(reversed({_digest(path): path for path in reversed(found)}.values()))


def name_of(path):
    """A short name for a path in labels."""
    path = os.path.relpath(path, PACKAGE) if path.startswith(PACKAGE) else path.strip("/")
    return path.replace(" ", "_")


def copy(source, target):
    """Copies a file or a folder, writable."""
    if os.path.isdir(source):
        shutil.copytree(source, target, copy_function=shutil.copyfile)
    else:
        shutil.copyfile(source, target)
    return target


def _digest(path):
    """What tells a file's content, or that of a folder's files, from others."""
    paths = [path] if os.path.isfile(path) else sorted(
        entry.path for entry in os.scandir(path) if entry.is_file())
    content = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as file:
            content.update(os.path.basename(path).encode() + b"\0" + file.read())
    return content.digest()
