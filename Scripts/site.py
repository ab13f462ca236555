#!/usr/bin/env python3
"""Builds one static site of the README, the pages of docs and schemas, and the library's reference.

    python3 Scripts/site.py FOLDER [ARCHIVE]

ARCHIVE is what docc made for static hosting; it becomes the folder `library` of the site. Needs Python's
`markdown` (Debian: python3-markdown). Fails where a link of the site leads nowhere.
"""

import html.parser
import pathlib
import posixpath
import re
import shutil
import sys

import markdown

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "docs/*.md", "docs/*/*.md", "schemas/*.md"]
# What pages link to beside pages.
COPIED = ["docs/images", "schemas", "LICENSE"]
REPOSITORY = "https://github.com/albertkit/AlbertKit/blob/main/"
FIRST = ["README.md", "docs/install.md", "docs/tool.md", "docs/commands.md", "docs/formats-read.md",
         "docs/formats-written.md", "docs/native-file.md", "docs/verification.md", "docs/library.md",
         "docs/fleet.md", "docs/performance.md", "docs/reliability.md", "docs/design.md"]
STYLE = """:root{color-scheme:light dark;--ink:#1f2328;--paper:#fff;--line:#d0d7de;--soft:#f6f8fa;--link:#0550ae}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--paper:#0d1117;--line:#30363d;--soft:#161b22;--link:#79c0ff}}
*{box-sizing:border-box}body{margin:0;font:16px/1.6 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
a{color:var(--link)}header,main{max-width:60rem;margin:auto;padding:0 1.25rem}header{padding-top:1rem}
nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem;border-bottom:1px solid var(--line);padding-bottom:.75rem}
nav a[aria-current]{font-weight:bold;text-decoration:none;color:inherit}
pre{overflow-x:auto;background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:.75rem 1rem;line-height:1.4}
code{font:.9em ui-monospace,monospace}.table{overflow-x:auto}table{border-collapse:collapse}
th,td{border:1px solid var(--line);padding:.3rem .6rem;text-align:left;vertical-align:top}img{max-width:100%;height:auto}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem}"""


def slug(text, separator):
    """An anchor as GitHub gives it."""
    return re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", separator)


def address(source):
    """Where a page of the package stands in the site."""
    return "index.html" if source == "README.md" else re.sub(r"\.md$", ".html", source)


def linked(text, source, pages):
    """The links of a page: to pages of the site, to what is copied beside them, else to the repository."""
    def target(match):
        name, _, anchor = match[2].partition("#")
        if not name or re.match(r"[a-z][a-z0-9+.-]*:", name):
            return match[0]
        inside = posixpath.normpath(posixpath.join(posixpath.dirname(source), name))
        if inside in pages:
            place = posixpath.relpath(address(inside), posixpath.dirname(address(source)) or ".")
        elif any(inside == each or inside.startswith(each + "/") for each in COPIED) and (ROOT / inside).is_file():
            place = name
        else:
            place = REPOSITORY + inside
        return f'{match[1]}="{place}{"#" + anchor if anchor else ""}"'

    return re.sub(r'\b(href|src)="([^"]+)"', target, text)


def page(source, pages, has_library):
    text = (ROOT / source).read_text(encoding="utf-8")
    # A list may follow a line of text at once, as GitHub has it.
    text = re.sub(r"^(?![-*] |\d+\. |\s|$)(.+)\n(?=[-*] )", r"\1\n\n", text, flags=re.MULTILINE)
    body = markdown.Markdown(extensions=["tables", "fenced_code", "toc", "sane_lists"], extension_configs={
        "toc": {"slugify": slug}}).convert(text)
    body = re.sub(r"<table>.*?</table>", r'<div class="table" tabindex="0">\g<0></div>', body, flags=re.DOTALL)
    title = re.search(r"^# (.+)$", text, re.MULTILINE)[1]
    folder = posixpath.dirname(address(source)) or "."
    entries = [(pages[each], posixpath.relpath(address(each), folder), each == source)
               for each in FIRST if each in pages]
    if has_library:
        entries.append(("reference", posixpath.relpath("library/documentation/albertkit/index.html", folder), False))
    links = "\n".join('<a href="%s"%s>%s</a>' % (place, ' aria-current="page"' if here else "", name)
                      for name, place, here in entries)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>{STYLE}</style></head>
<body><a class="skip" href="#content">Skip to the text</a>
<header><nav aria-label="Pages">
{links}
</nav></header>
<main id="content">
{linked(body, source, pages)}
</main></body></html>
"""


class Links(html.parser.HTMLParser):
    """The links and anchors of a page."""

    def __init__(self):
        super().__init__()
        self.links, self.anchors = [], set()

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("href", "src"):
                self.links.append(value)
            elif name == "id":
                self.anchors.add(value)


def problems(site, made):
    """Links of the made pages that lead nowhere in the site."""
    parsed = {}
    for name in made:
        parsed[name] = Links()
        parsed[name].feed((site / name).read_text(encoding="utf-8"))
    for name in made:
        for link in parsed[name].links:
            if re.match(r"[a-z][a-z0-9+.-]*:", link):
                continue
            place, _, anchor = link.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), place)) if place else name
            if not (site / target).is_file():
                yield f"{name}: {link} leads nowhere"
            elif anchor and target in parsed and anchor not in parsed[target].anchors:
                yield f"{name}: {link} names no heading"


def main():
    site = pathlib.Path(sys.argv[1])
    archive = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
    shutil.rmtree(site, ignore_errors=True)
    site.mkdir(parents=True)
    sources = sorted({str(path.relative_to(ROOT)) for each in PAGES for path in ROOT.glob(each)})
    pages = {each: pathlib.Path(each).stem.replace("-", " ").lower() for each in sources}
    pages["README.md"] = "AlbertKit"
    for each in COPIED:
        source = ROOT / each
        (site / each).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, site / each)
    if archive:
        shutil.copytree(archive, site / "library")
    for source in sources:
        place = site / address(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(page(source, pages, archive is not None), encoding="utf-8")
    found = list(problems(site, [address(each) for each in sources]))
    print("\n".join(found) if found else f"{len(sources)} pages in {site}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
