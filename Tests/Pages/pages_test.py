#!/usr/bin/env python3
"""A page on which everything is wrong, and each fault is told."""

import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from browser import Browser  # noqa: E402
from pages import LAYOUT  # noqa: E402

PAGE = """<!DOCTYPE html><meta charset="utf-8"><body style="background:#fff"><h2>first</h2><h1>late</h1>
<section style="width:300px"><p style="width:2000px">wide</p></section>
<p style="position:absolute;top:200px;left:0">one text</p><p style="position:absolute;top:204px;left:3px">another</p>
<p style="position:absolute;top:300px;color:#bbb">pale</p><svg width="50" height="50"></svg><input>
<div class="region"><div class="scroll" style="width:100px;overflow-x:auto"><table style="width:900px">
<thead><tr><th>x</th></tr></thead></table>
<table><tr><td style="max-width:1em;overflow-wrap:anywhere">0123456789012345678901234567890</td></tr></table>
<p style="width:2em;overflow-wrap:anywhere">broken</p></div></div>
<img src="https://example.invalid/x.png"><script>throw new Error("broken")</script>"""

FAULTS = ("wide, the window", "leaves its card", "lies on", "contrast of", "not one h1", "says nothing of itself",
          "without a scope", "a field without a label", "nothing says so", "by keyboard", "fetches https", "a column of letters",
          "“broken” is broken")


def main():
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        page = pathlib.Path(folder) / "page.html"
        page.write_text(PAGE, encoding="utf-8")
        browser = Browser(f"{folder}/profile")
        try:
            browser.open(page, 390, "light")
            found = "\n".join(browser.evaluate(LAYOUT) + browser.complaints())
        finally:
            browser.close()
    missing = [fault for fault in FAULTS if fault not in found]
    if missing:
        print(f"not noticed: {missing}\n{found}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
