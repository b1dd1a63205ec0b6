#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""terminal.py TITLE COMMAND... - a picture, as SVG on standard output, of a terminal in which the command has printed."""
import html
import os
import pty
import re
import subprocess
import sys

COLUMN, LINE, MARGIN = 8.4, 20, 24  # pixels
STYLES = {"1": "strong", "2": "faint", "1;32": "good", "1;33": "doubt", "1;31": "bad"}  # of src/cli/palette.c
STYLE = """
rect { fill: #1b211e } text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
fill: #d9e0dc; white-space: pre } .strong { font-weight: 700 } .faint { fill: #93a09a } .prompt { fill: #93a09a }
.good { fill: #83d3a5; font-weight: 700 } .doubt { fill: #ecb968 } .bad { fill: #ff9a90; font-weight: 700 }
"""


def run(command):
    """What it prints, given a terminal."""
    near, far = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "LINES": "50", "COLUMNS": "120"}
    environment.pop("NO_COLOR", None)
    process = subprocess.Popen(command, stdin=far, stdout=far, stderr=far, env=environment)
    os.close(far)
    printed = b""
    while True:
        try:
            part = os.read(near, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        printed += part
    process.wait()
    return printed.decode().replace("\r", "")


def spans(line):
    """The parts of a line with their styles."""
    style = ""
    for text, code in re.findall(r"([^\x1b]*)(?:\x1b\[([0-9;]*)m)?", line):
        if text:
            yield style, text
        if code:
            style = STYLES.get(code, "")


def draw_line(number, parts):
    parts = list(parts)
    width = COLUMN * sum(len(text) for _, text in parts)
    inside = "".join('<tspan class="%s">%s</tspan>' % (style, html.escape(text)) if style else html.escape(text)
                     for style, text in parts)
    return ('<text x="%d" y="%d" textLength="%.1f" xml:space="preserve">%s</text>'
            % (MARGIN, MARGIN + 14 + LINE * number, width, inside))


def draw(title, printed):
    lines = [[("prompt", "$ "), ("", title)], []] + [list(spans(line)) for line in printed.rstrip("\n").split("\n")]
    width = 2 * MARGIN + COLUMN * max(sum(len(text) for _, text in parts) for parts in lines)
    height = 2 * MARGIN + LINE * len(lines)
    print('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" '
          'aria-label="%s">' % (width, height, width, height, html.escape(title)))
    print("<style>%s</style>" % STYLE)
    print('<rect width="100%" height="100%" rx="12"/>')
    for number, parts in enumerate(lines):
        if parts:
            print(draw_line(number, parts))
    print("</svg>")


draw(sys.argv[1], run(sys.argv[2:]))
