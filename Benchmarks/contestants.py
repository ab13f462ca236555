"""What is measured: whole processes, and programs that stay and compute when they are told to."""

import os
import pathlib
import resource
import statistics
import subprocess
import time

NOTHING = subprocess.DEVNULL
# Seconds before a program that stays is asked: threads of the one before still look for work for a while, and take a core
# from it (ONNX Runtime's some 50 ms).
QUIET = 0.2


class Run:
    """What one run took: seconds on the clock, seconds of processor time, MB of memory at most."""

    def __init__(self, wall, processor, peak=None):
        self.wall, self.processor, self.peak = wall, processor, peak


def process(arguments, cores=None):
    """Runs a program to its end."""
    def limit():
        if cores:
            os.sched_setaffinity(0, set(range(cores)))
    start = time.perf_counter()
    child = subprocess.Popen(
        [str(argument) for argument in arguments], stdout=NOTHING, stderr=subprocess.PIPE,
        preexec_fn=limit if cores else None)
    message = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, arguments))}: {message.decode(errors='replace')}")
    # A child's peak begins with what this program held when it was made; less is not known.
    floor = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak = usage.ru_maxrss / 1024 if usage.ru_maxrss > 1.05 * floor else None
    return Run(wall, usage.ru_utime + usage.ru_stime, peak)


def succeeds(arguments):
    """Whether a program is there and ends well."""
    try:
        return subprocess.run(arguments, stdout=NOTHING, stderr=NOTHING, check=False).returncode == 0
    except OSError:
        return False


def writing(arguments, output, cores=None):
    """The same for a program that writes `output`, which is gone before and after."""
    def remove():
        for path in output.parent.glob(output.name + "*"):
            path.unlink()
    remove()
    run = process(arguments, cores)
    remove()
    return run


class Server:
    """A program that answers each line with the seconds that it took, on the clock and of the processor."""

    def __init__(self, arguments):
        self.child = subprocess.Popen(
            [str(argument) for argument in arguments], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=NOTHING, text=True)
        if self.child.stdout.readline().strip() != "ready":
            self.child.kill()
            self.child.wait()
            raise RuntimeError(f"{arguments[0]} does not get ready")

    def ask(self, line):
        """One run of what `line` says; None where the program cannot."""
        time.sleep(QUIET)
        self.child.stdin.write(line + "\n")
        self.child.stdin.flush()
        answer = self.child.stdout.readline().split()
        return Run(float(answer[0]), float(answer[1])) if len(answer) == 2 else None

    def peak(self):
        """The most memory that it held so far, in MB; None where the system does not say."""
        try:
            text = pathlib.Path(f"/proc/{self.child.pid}/status").read_text(encoding="utf-8")
            return int(text.split("VmHWM:")[1].split()[0]) / 1024
        except (OSError, IndexError, ValueError):
            return None

    def close(self):
        """Ends the program."""
        self.child.stdin.close()
        self.child.wait()


def in_turn(contestants, rounds):
    """Lets all contestants run one after another, `rounds` times; the first rounds are not counted.

    A contestant is a function that returns a Run, or None where it cannot take part.
    """
    runs = {name: [] for name in contestants}
    for counted in [False] + [True] * rounds:
        for name, contestant in contestants.items():
            run = contestant()
            if counted and run is not None:
                runs[name].append(run)
    return runs


def row(runs, against):
    """The medians of each contestant, and of its ratios to `against`, pair by pair."""
    def median(values):
        values = [value for value in values if value is not None]
        return statistics.median(values) if values else None
    result = {}
    for name, own in runs.items():
        pairs = list(zip(own, runs.get(against) or []))
        result[name] = {
            "seconds": median(run.wall for run in own),
            "processor": median(run.processor for run in own),
            "peak": median(run.peak for run in own),
            "ratio": median(run.wall / other.wall for run, other in pairs),
            "processor_ratio": median(
                run.processor / other.processor for run, other in pairs if other.processor > 0),
        }
    return result
