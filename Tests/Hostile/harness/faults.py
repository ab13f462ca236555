"""The failing machine: faults.c, built, told what to do, and asked what it saw."""
import errno
import mmap
import os
import shutil
import struct
import subprocess

# As faults.c lists them.
CALLS = (
    "open read pread map stat list print spawn "
    "create write pwrite fsync truncate rename link unlink mkdir change any").split()
READING = CALLS[:6]
CHANGING = CALLS[8:17]
# The beginning of `Tally` in faults.c: process, fired, one count for each call, event.
LAYOUT = struct.Struct("=ii%dI400s" % len(CALLS))


def build(folder):
    """Compiles the shim; the path of the library."""
    source = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "faults.c")
    library = os.path.join(folder, "faults.so")
    compiler = next((c for c in ("clang", "cc", "gcc") if shutil.which(c)), None)
    if compiler is None:
        raise SystemExit("a C compiler is missing: apt-get install gcc")
    subprocess.run(
        [compiler, "-O1", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return library


def fault(call, nth, action, onwards=False):
    """The shim's word for a fault; `action` is an errno's name, `short`, `kill` or `stop`."""
    number = getattr(errno, action, None)
    return "%s:%d%s:%s" % (call, nth, "+" if onwards else "", number or action)


class Tally:
    """What the shim counted."""

    def __init__(self, path):
        self.path = path
        with open(path, "wb") as file:
            file.write(bytes(mmap.PAGESIZE))
        with open(path, "r+b") as file:
            self.memory = mmap.mmap(file.fileno(), mmap.PAGESIZE)

    def reset(self):
        """Forgets all."""
        self.memory[: LAYOUT.size] = bytes(LAYOUT.size)

    def _fields(self):
        return LAYOUT.unpack(self.memory[: LAYOUT.size])

    @property
    def counts(self):
        """How often each call occurred."""
        return dict(zip(CALLS, self._fields()[2:-1]))

    @property
    def fired(self):
        """Whether a fault occurred."""
        return self._fields()[1] > 0

    @property
    def event(self):
        """The call that the first fault met."""
        return self._fields()[-1].split(b"\0")[0].decode(errors="replace")
