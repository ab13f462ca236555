"""Which cases run, on all processors, and the table of how they ended."""
import collections
import itertools
import multiprocessing
import os
import random
import resource
import shlex
import subprocess
import time
import traceback

from harness.case import KINDS
from harness.tool import CONTRACT

# Failures of one kind that are shown; the table counts all.
MOST_SHOWN = 25
# Cases of an endless kind that the small share takes.
SMALL_SHARE = 12

class Schedule:
    """One run of the suite."""

    def __init__(self, world, make_bench, options, repeat):
        self.world = world
        self.make_bench = make_bench
        self.options = options
        self.repeat = repeat
        self.rows = collections.OrderedDict(
            (kind.name, Row(kind)) for kind in KINDS
            if not options.kind or kind.name in options.kind)
        self.began = time.monotonic()

    def all(self):
        """Runs what the options ask for, prints the table, and says whether nothing failed."""
        plan = self._plan()
        # Cases are closures: workers inherit them and share a counter.
        context = multiprocessing.get_context("fork")
        counter, results = context.Value("l", 0), context.Queue()
        workers = [
            context.Process(target=self._work, args=(name, plan, counter, results))
            for name in range(self.options.jobs)]
        for worker in workers:
            worker.start()
        ended = 0
        while ended < len(workers):
            result = results.get()
            if result is None:
                ended += 1
            else:
                self._note(*result)
        for worker in workers:
            worker.join()
        print("\n" + self.table())
        if counter.value < len(plan):
            print("\n%d cases were left when time was up" % (len(plan) - counter.value))
        return bool(plan) and all(row.failures == 0 for row in self.rows.values())

    def _plan(self):
        """Pairs of a kind's name and a case, in an order that leaves no kind to the end."""
        finite, endless = [], []
        for kind in (row.kind for row in self.rows.values()):
            cases = kind.cases(self.world)
            if kind.share:
                endless.append((kind, cases))
            else:
                finite += [(kind.name, case) for case in cases]
        if self.options.only:
            name, _, label = self.options.only.partition("/")
            found = [(kind, case) for kind, case in finite if case.label == label]
            for kind, cases in endless:
                # Their labels are numbers.
                if label.isdigit():
                    found += [(kind.name, next(itertools.islice(cases, int(label), None)))]
            return [pair for pair in found if pair[0] == name]
        if self.options.small:
            finite = [(kind, case) for kind, case in finite if case.small]
            most = SMALL_SHARE * len(endless)
        else:
            most = max(self.options.runs // 4, self.options.runs - len(finite))
        shares = sum(kind.share for kind, _ in endless)
        for kind, cases in endless:
            wanted = SMALL_SHARE if self.options.small else -(-most * kind.share // shares)
            finite += [(kind.name, case) for case in itertools.islice(cases, wanted)]
        random.Random(self.options.seed).shuffle(finite)
        return finite

    def _work(self, name, plan, counter, results):
        bench = self.make_bench("worker-%d" % name)
        try:
            while time.monotonic() - self.began < self.options.seconds:
                with counter.get_lock():
                    index = counter.value
                    counter.value = min(len(plan), index + 1)
                if index >= len(plan):
                    break
                kind, case = plan[index]
                bench.codes.clear()
                try:
                    found = list(case.body(bench, case.generator(self.options.seed)))
                except Exception:
                    found = ["the suite itself: " + traceback.format_exc(limit=-3)]
                results.put((kind, case.label, dict(bench.codes), found))
        finally:
            results.put(None)

    def _note(self, kind, label, codes, found):
        row = self.rows[kind]
        row.cases += 1
        row.codes.update(codes)
        if not found:
            return
        row.failures += 1
        if row.failures <= MOST_SHOWN:
            print("FAIL  %s/%s" % (kind, label))
            for text in found[:4]:
                print("      " + text)
            words = self.repeat + ["--kind", kind, "--only", "%s/%s" % (kind, label)]
            print("      again: " + " ".join(map(shlex.quote, words)), flush=True)

    def table(self):
        """How all runs ended."""
        lines = [
            "| kind | cases | runs | 0 | 1 | 2 | other exits | failures | what happens |",
            "|---|---|---|---|---|---|---|---|---|"]
        total = Row(None)
        for row in self.rows.values():
            lines.append(row.line(row.kind.name, row.kind.title))
            total.add(row)
        seconds = time.monotonic() - self.began
        # Of the tool and of the suite, which the workers left behind when they ended.
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        busy = usage.ru_utime + usage.ru_stime
        lines.append(total.line("all", "%d s, %d s of processor time in %d workers, seed %s" % (
            seconds, busy, self.options.jobs, self.options.seed)))
        return "\n".join(lines)


class Row:
    """A kind's line of the table."""

    def __init__(self, kind):
        self.kind = kind
        self.cases = self.failures = 0
        self.codes = collections.Counter()

    def add(self, other):
        """Adds another row's numbers."""
        self.cases += other.cases
        self.failures += other.failures
        self.codes.update(other.codes)

    def line(self, name, title):
        """The row as Markdown."""
        others = [
            "%s × %s" % (_word(code), "{:,}".format(self.codes[code]))
            for code in sorted(self.codes) if code not in (0, 1, 2)]
        return "| %s | %s | %s | %s | %s |" % (
            name, " | ".join("{:,}".format(n) for n in (
                self.cases, sum(self.codes.values()), *(self.codes[code] for code in (0, 1, 2)))),
            ", ".join(others) or "-", self.failures, title)


def _word(code):
    """An exit as the table shows it."""
    if code < 0:
        return "killed by %d" % -code
    return str(code) if code in CONTRACT else "**%d**" % code


def release(folder):
    """Takes down what cases mounted in a folder."""
    with open("/proc/mounts") as file:
        mounted = [line.split()[1] for line in file]
    for place in reversed([place for place in mounted if place.startswith(folder + os.sep)]):
        subprocess.run(["umount", "-l", place], check=False)
