#!/usr/bin/env python3
"""Draws what a terminal shows while the README's first session runs.

    python3 Scripts/session.py TOOL      writes docs/images/session.svg

The commands are those of the README's first block of a console, run for real in a terminal of 80 columns.
"""

import fcntl
import html
import os
import pathlib
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios

ROOT = pathlib.Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs/images/session.svg"
COLUMNS, LINE, CHARACTER, MARGIN = 80, 20, 8.4, 20
SEQUENCE = re.compile(r"\x1b\[([0-9;]*)m")
OTHER = re.compile(r"\x1b\[[0-9;?]*[A-LN-Za-ln-z]|\r")
# Readable on the dark ground of the picture.
STYLES = {"1": "font-weight:bold", "2": "fill:#8b949e", "31": "fill:#ff7b72", "32": "fill:#7ee787",
          "33": "fill:#e3b341", "34": "fill:#79c0ff", "36": "fill:#76e3ea"}


def commands():
    """The commands of the README's first console."""
    block = re.search(r"^```console\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"),
                      re.MULTILINE | re.DOTALL)
    return [line[2:] for line in block[1].splitlines() if line.startswith("$ ")]


def shown(command, folder, tool):
    """What a terminal is sent while a command runs."""
    main, other = pty.openpty()
    fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 40, COLUMNS, 0, 0))
    environment = {"PATH": f"{folder}/bin:{os.environ['PATH']}", "HOME": folder, "LC_ALL": "C.UTF-8",
                   "TERM": "xterm-256color"}
    # A bar that comes and goes is no part of a still picture.
    process = subprocess.Popen(["sh", "-c", command + " --progress none"], cwd=folder, env=environment,
                               stdin=other, stdout=other, stderr=other, start_new_session=True)
    os.close(other)
    sent = b""
    while True:
        try:
            part = os.read(main, 65536)
        except OSError:
            break
        if not part:
            break
        sent += part
    os.close(main)
    if process.wait():
        sys.exit(f"{command}: exit code {process.returncode}\n{sent.decode()}")
    return OTHER.sub("", sent.decode()).rstrip("\n").split("\n")


def rows(line):
    """The rows of the terminal that a line takes, each as spans of its styles."""
    found, room, style = [""], COLUMNS, ""
    for at, piece in enumerate(SEQUENCE.split(line)):
        if at % 2:
            style = ";".join(STYLES[code] for code in piece.split(";") if code in STYLES)
            continue
        while piece:
            if not room:
                found.append("")
                room = COLUMNS
            text, piece = html.escape(piece[:room]), piece[room:]
            room -= len(html.unescape(text))
            found[-1] += f'<tspan style="{style}">{text}</tspan>' if style else text
    return found


def drawn(lines):
    lines = [row for line in lines for row in rows(line)]
    width, height = int(COLUMNS * CHARACTER + 2 * MARGIN), len(lines) * LINE + 2 * MARGIN + 24
    texts = "\n".join(
        f'<text x="{MARGIN}" y="{MARGIN + 24 + (at + 1) * LINE - 6}">{line}</text>'
        for at, line in enumerate(lines) if line)
    return f'''<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" xml:space="preserve" role="img" aria-labelledby="title">
<title id="title">A terminal: {html.escape("; ".join(commands()))}</title>
<style>text{{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#e6edf3;white-space:pre}}</style>
<rect width="{width}" height="{height}" rx="10" fill="#0d1117"/>
<g><circle cx="24" cy="22" r="6" fill="#ff5f57"/><circle cx="44" cy="22" r="6" fill="#febc2e"/><circle cx="64" cy="22" r="6" fill="#28c840"/></g>
{texts}
</svg>
'''


def main():
    tool = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(f"{folder}/bin")
        shutil.copy(tool, f"{folder}/bin/albert")
        os.symlink(ROOT / "samples", f"{folder}/samples")
        lines = []
        for command in commands():
            lines += ([""] if lines else []) + [f"\x1b[32m$\x1b[0m \x1b[1m{command}\x1b[0m"]
            lines += shown(command, folder, tool)
    PICTURE.write_text(drawn(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
