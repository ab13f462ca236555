#!/usr/bin/env python3
"""Looks at the pages that the tool writes, in headless Chromium: at three widths, light and dark, on paper.

    python3 Tests/Pages/pages.py TOOL FOLDER

The pages and their pictures are left in FOLDER. Fails with a line for everything that is wrong.
"""

import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from browser import Browser  # noqa: E402

ROOT = HERE.parent.parent
WIDTHS = (390, 768, 1280)
LAYOUT = (HERE / "layout.js").read_text(encoding="utf-8")


def written(tool, folder):
    """The pages, by their names."""
    two = ROOT / "Tests/Fixtures/publishers/two"
    tiny = ROOT / "samples/tiny-tf1"
    commands = {
        "inspect": ["inspect", tiny],
        "groups": ["inspect", two / "hf-torch"],
        "config": ["inspect", ROOT / "samples/configs/albert_xxlarge_v2.json"],
        "pass": ["verify", tiny, "--golden", ROOT / "samples/tiny-tf1-golden.npz"],
        "fail": ["verify", two / "keras3-preset-maskedlm", "--against", two / "hf-torch"],
        "diff": ["diff", two / "keras3-preset-maskedlm", two / "hf-torch"],
    }
    for name, arguments in commands.items():
        page = folder / f"{name}.html"
        run = subprocess.run(
            [tool, *map(str, arguments), "--html", str(page)], capture_output=True, text=True)
        if run.returncode > 1 or not page.exists():
            raise SystemExit(f"{name}: {run.stderr}")
        yield page


def looks(browser, page, folder):
    """What is wrong with a page, however it is shown."""
    for scheme in ("light", "dark"):
        for width in WIDTHS:
            browser.open(page, width, scheme)
            place = f"{page.stem} at {width}, {scheme}"
            yield from (f"{place}: {each}" for each in browser.evaluate(LAYOUT))
            yield from (f"{place}: {each}" for each in browser.complaints())
            browser.screenshot(folder / f"{page.stem}-{width}-{scheme}.png")
    browser.open(page, 720, "light", media="print")
    yield from (f"{page.stem} on paper: {each}" for each in browser.evaluate(LAYOUT))


def works(browser, page):
    """What does not work of the table of tensors: sorting by a column, by keyboard too, and filtering."""
    browser.open(page, 1280, "light")
    rows = "[...document.querySelectorAll('table.sortable tbody tr')].filter(r => !r.hidden)"
    sizes = f"{rows}.map(r => +r.cells[3].dataset.value)"
    before = browser.evaluate(sizes)
    head = "document.querySelectorAll('table.sortable th button')[3]"
    browser.evaluate(f"{head}.focus(); {head}.click()")
    if browser.evaluate(sizes) != sorted(before):
        yield "sorting by size does not sort"
    if browser.evaluate(f"{head}.closest('th').getAttribute('aria-sort')") != "ascending":
        yield "a sorted column does not say so"
    browser.evaluate(f"{head}.click()")
    if browser.evaluate(sizes) != sorted(before, reverse=True):
        yield "sorting the other way does not"
    if browser.evaluate(f"document.activeElement === {head}") is not True:
        yield "sorting takes the focus away"
    browser.evaluate(
        "const f = document.querySelector('input[type=search]'); f.value = 'Query'; "
        "f.dispatchEvent(new Event('input'))")
    names = browser.evaluate(f"{rows}.map(r => r.cells[0].textContent)")
    if not names or len(names) == len(before) or not all("query" in name.lower() for name in names):
        yield f"the filter leaves {len(names)} of {len(before)} rows"
    said = browser.evaluate("document.querySelector('.shown').textContent")
    if said != f"{len(names)} of {len(before)}":
        yield f"the filter says '{said}'"


def main():
    tool, folder = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    problems = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(profile)
        try:
            for page in written(tool, folder):
                problems += looks(browser, page, folder)
                if page.stem == "inspect":
                    problems += works(browser, page)
        finally:
            browser.close()
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
