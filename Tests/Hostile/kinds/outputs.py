"""Outputs that are devices, pipes, sockets, links and folders, or are there already."""
import os
import socket
import stat
import threading

from harness import tree, world as worlds
from harness.case import Case, kind

# Commands that write one path.
WRITERS = {
    "native": ("convert", "{native}", "{out}", "--to", "native", "--no-verify"),
    "npz": ("convert", "{native}", "{out}", "--to", "npz", "--no-verify"),
    "onnx": ("convert", "{native}", "{out}", "--to", "onnx", "--no-verify"),
    "huggingface": ("convert", "{native}", "{out}", "--to", "huggingface", "--no-verify"),
    "inspect-page": ("inspect", "{native}", "--html", "{out}"),
    "verify-page": ("verify", "{native}", "--golden", "{golden}", "--html", "{out}"),
    "recorded": ("run", "{native}", "--output", "{out}"),
}


@kind("outputs", "the output is a device, pipe, socket, link, folder or another's file")
def outputs(world):
    """Every command that writes, with everything that may stand at its output's path."""
    for writer, words in WRITERS.items():
        for place in PLACES:
            for force in (False, True):
                yield _case(world, writer, words, place, force)


def _file(path, bench, world):
    with open(path, "w") as file:
        file.write("the user's own")


def _model(path, bench, world):
    worlds.copy(world.other, path)


def _folder(path, bench, world):
    os.mkdir(path)
    _file(os.path.join(path, "letter.txt"), bench, world)


def _link(path, bench, world):
    _file(path + ".target", bench, world)
    os.symlink(os.path.basename(path) + ".target", path)


def _loop(path, bench, world):
    os.symlink(os.path.basename(path), path)


def _link_to_folder(path, bench, world):
    _folder(path + ".target", bench, world)
    os.symlink(os.path.basename(path) + ".target", path)


def _dangling(path, bench, world):
    os.symlink("nowhere", path)


def _socket(path, bench, world):
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(path)


def _device(major, minor, mode):
    def make(path, bench, world):
        try:
            os.mknod(path, mode | 0o666, os.makedev(major, minor))
        except PermissionError:
            os.symlink("/dev/null" if minor == 3 else "/dev/full", path)
    return make


def _pipe(path, bench, world):
    os.mkfifo(path)


def _self(path, bench, world):
    worlds.copy(world.native, path)
    bench.source = path


PLACES = {
    "file": _file, "model": _model, "folder": _folder, "link": _link, "loop": _loop,
    "link-to-folder": _link_to_folder, "dangling-link": _dangling, "socket": _socket,
    "null": _device(1, 3, stat.S_IFCHR), "full": _device(1, 7, stat.S_IFCHR),
    "block-device": _device(7, 250, stat.S_IFBLK), "pipe": _pipe, "source-itself": _self,
    "link-to-stdout": lambda path, bench, world: os.symlink("/dev/stdout", path),
}
# What nobody asked to replace, also with --force.
LASTING = {
    "folder", "loop", "link-to-folder", "socket", "null", "full", "block-device", "pipe",
    "link-to-stdout", "link", "dangling-link", "source-itself"}


def _case(world, writer, words, place, force):
    def body(bench, random):
        bench.clear()
        out = bench.path("out")
        bench.source = world.native
        PLACES[place](out, bench, world)
        before = tree.snapshot(bench.folder)
        command = [
            word.format(out=out, native=bench.source, golden=world.golden) for word in words]
        reader = Reader(out) if place == "pipe" else None
        outcome = bench.run(command + ["--force"] * force)
        if reader:
            reader.stop()
        found = outcome.problems({0, 2, 64})
        after = tree.snapshot(bench.folder)
        if tree.hidden(after):
            found.append(outcome.told("left behind: " + ", ".join(tree.hidden(after))))
        if place in LASTING and after.get("out") != before["out"]:
            if not (place == "folder" and force and writer == "huggingface"):
                found.append(outcome.told("a %s became a %s" % (before["out"], after.get("out"))))
        if not force and place in ("file", "model") and after["out"] != before["out"]:
            found.append(outcome.told("replaced without --force"))
        if not force and place == "link" and after["out.target"] != before["out.target"]:
            found.append(outcome.told("the link's target was replaced without --force"))
        if place in ("folder", "link-to-folder"):
            letter = "out/letter.txt" if place == "folder" else "out.target/letter.txt"
            if after.get(letter) != before[letter]:
                found.append(outcome.told("the user's file is gone"))
        if place == "full" and outcome.code == 0:
            found.append(outcome.told("exit 0 on a full device"))
        return found

    small = place in ("null", "pipe", "link", "folder") and writer in ("native", "inspect-page")
    return Case("%s:%s%s" % (writer, place, ":force" if force else ""), body, small)


class Reader:
    """The other end of a pipe."""

    def __init__(self, path):
        self.file = os.open(path, os.O_RDWR)
        self.ends = threading.Event()
        os.set_blocking(self.file, False)
        self.thread = threading.Thread(target=self._drain)
        self.thread.start()

    def _drain(self):
        while not self.ends.wait(0.001):
            try:
                os.read(self.file, 1 << 16)
            except BlockingIOError:
                pass

    def stop(self):
        """Hangs up."""
        self.ends.set()
        self.thread.join()
        os.close(self.file)
