"""Running the tool, and the limits that every run must keep."""
import collections
import dataclasses
import os
import resource
import shutil
import signal
import subprocess
import time

from harness.faults import Tally

# Every exit that the contract knows. Signals show as negative numbers.
CONTRACT = frozenset({0, 1, 2, 64, 130, 143, 129})
# What a run may take, on inputs of a few megabytes, of processor time and memory. The clock is for
# runs that sleep for ever: the machine may be busy.
MOST_SECONDS = 15
MOST_CLOCK = 180
MOST_MEGABYTES = 192


@dataclasses.dataclass
class Outcome:
    """How a run ended."""

    command: list
    code: int
    output: bytes
    errors: str
    # Processor seconds, of the HDF5 worker too.
    seconds: float
    megabytes: float
    # Whether it had to be ended from outside.
    hung: bool
    # The call that the fault met; empty where none did.
    event: str

    def problems(self, allowed=CONTRACT, megabytes=MOST_MEGABYTES, seconds=MOST_SECONDS):
        """What this run did that none may, a sentence each."""
        found = []
        if self.hung or self.code in (-signal.SIGXCPU, -signal.SIGKILL) and self.seconds > MOST_SECONDS:
            found.append("does not end")
        elif self.code not in allowed:
            found.append("exit %d" % self.code)
        if self.code == 2 and "albert: error: " not in self.errors:
            found.append("exit 2 without a closing line")
        if self.megabytes > megabytes:
            found.append("%.0f MB, more than %d" % (self.megabytes, megabytes))
        if self.seconds > seconds:
            found.append("%.1f s of processor time, more than %d" % (self.seconds, seconds))
        return [self.told(problem) for problem in found]

    def told(self, problem):
        """A problem with the command that showed it."""
        words = [problem, "albert " + " ".join(map(str, self.command[1:]))]
        if self.event:
            words.append("fault at " + self.event)
        last = self.errors.strip().splitlines()[-1:]
        return " | ".join(words + [line[:300] for line in last])


class Bench:
    """One worker's place: a folder of its own, the tool, and a count of what ran."""

    def __init__(self, binary, shim, folder):
        self.binary = str(binary)
        self.shim = shim
        self.root = folder
        self.folder = os.path.join(folder, "case")
        self.codes = collections.Counter()
        os.makedirs(self.folder)
        self.tally = Tally(os.path.join(folder, "tally"))

    def clear(self):
        """An empty folder for the next case."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        return self.folder

    def path(self, *names):
        """A path within the case's folder."""
        return os.path.join(self.folder, *names)

    @property
    def runs(self):
        """How often the tool ran."""
        return sum(self.codes.values())

    def start(self, arguments, fault="", lacks="", before=(), **streams):
        """Starts the tool. `before` are words in front of its name, such as those of a shell."""
        command = [self.binary] + [os.fspath(word) for word in arguments]
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}
        if self.shim and (fault or lacks):
            environment.update(
                LD_PRELOAD=self.shim, ALBERT_TALLY=self.tally.path, ALBERT_FAULT=fault,
                ALBERT_LACKS=lacks)
            environment = {k: v for k, v in environment.items() if v}
        self.tally.reset()
        streams.setdefault("stdin", subprocess.DEVNULL)
        for name in ("stdout", "stderr"):
            with open(os.path.join(self.root, name), "wb") as file:
                streams[name] = streams.get(name) or os.fdopen(os.dup(file.fileno()), "wb")
        process = subprocess.Popen(
            [*before, *command], env=environment, cwd=self.folder, **streams)
        try:
            limit = (MOST_SECONDS + 1, MOST_SECONDS + 5)
            resource.prlimit(process.pid, resource.RLIMIT_CPU, limit)
        except ProcessLookupError:
            pass
        process.began = time.monotonic()
        process.command = command
        for stream in streams.values():
            if hasattr(stream, "close"):
                stream.close()
        return process

    def finish(self, process, stopped=None):
        """Waits for the end; `stopped` is called where the process stops itself on the way."""
        hung = False
        while True:
            status, usage = self._wait(process)
            if status is None:
                hung = True
                process.kill()
            elif os.WIFSTOPPED(status):
                if stopped:
                    stopped()
                os.kill(process.pid, signal.SIGCONT)
            else:
                break
        code = process.returncode = os.waitstatus_to_exitcode(status)
        self.codes[code] += 1
        return Outcome(
            process.command, code, self._text("stdout"),
            self._text("stderr").decode(errors="replace"), usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss / 1024, hung, self.tally.event)

    def run(self, arguments, stopped=None, **options):
        """Runs the tool to its end."""
        return self.finish(self.start(arguments, **options), stopped)

    def _wait(self, process):
        """A change of the process, or None where time is up."""

        def late(*_):
            raise TimeoutError

        previous = signal.signal(signal.SIGALRM, late)
        signal.setitimer(
            signal.ITIMER_REAL, max(0.1, process.began + MOST_CLOCK - time.monotonic()))
        try:
            _, status, usage = os.wait4(process.pid, os.WUNTRACED)
            return status, usage
        except TimeoutError:
            return None, None
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, previous)

    def _text(self, name):
        with open(os.path.join(self.root, name), "rb") as file:
            return file.read()
