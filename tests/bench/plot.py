# SPDX-License-Identifier: ISC
"""plot.py - bench.json as one picture, failover.svg: a panel for each case, a line for each peer, a logarithmic scale.

A mark is a median, the bar through it reaches from the minimum to the maximum; a cluster's size shows in the mark. A
cluster that did not settle is a cross at the right edge. Drawn 900 wide; light or dark as the reader's screen is.
"""
import math
from xml.sax.saxutils import escape

import report
import stats

WIDTH = 900
LEFT = 206  # of the first panel: the names of the peers
PANEL = 318
GAP = 28
TOP = 84
LINE = 21
HEAD = 26  # of a panel, above its lines
FOOT = 34  # below them
COLUMNS = 2
FILLED, HOLLOW = "mark", "mark hollow"

STYLE = """
text { font: 13px 'DejaVu Sans', Helvetica, Arial, sans-serif; fill: #333; }
.paper { fill: #fdfdfb; } .title { font-size: 17px; fill: #111; }
.case { font-size: 14px; font-weight: bold; fill: #111; }
.small { font-size: 12px; fill: #666; } .grid { stroke: #e2e2de; } .row { fill: #f3f3ef; }
.bar { stroke-width: 2; opacity: 0.75; } .mark { stroke-width: 1.6; } .cross { stroke-width: 2; fill: none; }
"""
LIGHT = {"eldest": "#1f5fa8", "keepalived": "#b8471b", "ucarp": "#7a4fa3", "corosync": "#2a7a4d", "etcd": "#8a6d00"}
DARK = {"eldest": "#6db3ff", "keepalived": "#ff9466", "ucarp": "#c9a0f2", "corosync": "#66cf95", "etcd": "#e0c04a"}
DARK_STYLE = """
text { fill: #ccc; } .paper { fill: #16181b; } .title, .case { fill: #f2f2f2; } .small { fill: #9a9a9a; }
.grid { stroke: #33373c; } .row { fill: #1d2024; }
"""


def _colours(colours, paper):
    return "".join(
        f".{name} {{ stroke: {colour}; }} .{name}.mark {{ fill: {colour}; }} " f".{name}.hollow {{ fill: {paper}; }}\n"
        for name, colour in colours.items()
    )


def _style():
    return (
        f"<style>{STYLE}{_colours(LIGHT, '#fdfdfb')}@media (prefers-color-scheme: dark) {{ {DARK_STYLE}"
        f"{_colours(DARK, '#16181b')}}}</style>"
    )


def _text(x, y, text, kind="", anchor="start"):
    kind = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{kind}>{escape(text)}</text>'


def _line(x1, y1, x2, y2, kind):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


class Scale:
    """Powers of ten that hold all values."""

    def __init__(self, values):
        self.first = math.floor(math.log10(max(min(values), 0.01)))
        self.last = max(math.ceil(math.log10(max(values))), self.first + 1)

    def x(self, left, value):
        share = (math.log10(max(value, 10**self.first)) - self.first) / (self.last - self.first)
        return left + 8 + share * (PANEL - 30)

    def ticks(self):
        return [10.0**power for power in range(self.first, self.last + 1)]


def _tick_name(ms):
    return f"{ms / 1000:g} s" if ms >= 1000 else f"{ms:g} ms"


class Picture:
    def __init__(self, document):
        self.rows = report.rows(document)
        self.programs = {peer["key"]: peer["program"] for peer in document["peers"]}
        self.titles = {peer["key"]: peer["title"] for peer in document["peers"]}
        self.peers = [key for key in self.titles if any(row.key == key for row in self.rows)]
        self.sizes = report.sizes(self.rows)
        self.cases = report.cases(self.rows)
        times = [ms for row in self.rows for case in self.cases for ms in row.times(case) if ms is not None]
        self.scale = Scale(times or [1])
        self.panel_height = HEAD + LINE * len(self.peers) + FOOT
        self.height = TOP + self.panel_height * math.ceil(len(self.cases) / COLUMNS)
        self.date = document["date"]

    def draw(self):
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{self.height}" '
            f'viewBox="0 0 {WIDTH} {self.height}" role="img">',
            _style(),
            f'<rect width="{WIDTH}" height="{self.height}" class="paper"/>',
            _text(20, 30, "From a fault to one leader: eldest and its peers, measured in the same run", "title"),
            *self._legend(),
        ]
        for number, case in enumerate(self.cases):
            column, line = number % COLUMNS, number // COLUMNS
            parts += self._panel(case, LEFT + column * (PANEL + GAP), TOP + line * self.panel_height, column == 0)
        return "\n".join([*parts, "</svg>"])

    def _legend(self):
        x, parts = 26, []
        for number, nodes in enumerate(self.sizes):
            parts += [self._mark(x, 52, "eldest", number), _text(x + 12, 56.5, f"{nodes} nodes")]
            x += 100
        what = f"median, and minimum to maximum; cross: some did not settle; shorter is better; {self.date[:10]}"
        return [*parts, _text(x, 56.5, what, "small")]

    @staticmethod
    def _mark(x, y, program, number):
        kind = FILLED if number % 2 == 0 else HOLLOW
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" class="{program} {kind}"/>'

    def _panel(self, case, left, top, named):
        bottom = top + HEAD + LINE * len(self.peers)
        parts = [_text(left + 8, top + 16, report.TITLES[case], "case")]
        for number in range(0, len(self.peers), 2):
            y = top + HEAD + LINE * number
            start = 14 if named else left
            parts.append(f'<rect x="{start}" y="{y}" width="{left + PANEL - start}" height="{LINE}" class="row"/>')
        for tick in self.scale.ticks():
            x = self.scale.x(left, tick)
            parts += [
                _line(x, top + HEAD, x, bottom, "grid"),
                _text(x, bottom + 15, _tick_name(tick), "small", "middle"),
            ]
        for number, key in enumerate(self.peers):
            y = top + HEAD + LINE * (number + 0.5)
            if named:
                parts.append(_text(20, y + 4.5, _short(self.titles[key])))
            parts += self._peer(case, key, left, y)
        return parts

    def _peer(self, case, key, left, y):
        parts, program = [], self.programs[key]
        for number, nodes in enumerate(self.sizes):
            row = next((row for row in self.rows if row.key == key and row.nodes == nodes), None)
            times = row.times(case) if row else []
            found = stats.summary(times)
            its_y = y + (number - (len(self.sizes) - 1) / 2) * 8
            if found:
                low, middle, high = (self.scale.x(left, found[what]) for what in ("min", "median", "max"))
                parts += [_line(low, its_y, high, its_y, f"{program} bar"), self._mark(middle, its_y, program, number)]
            if row and (None in times or row.failed(case)):
                parts.append(_cross(left + PANEL - 8, its_y, program))
        return parts


def _cross(x, y, program):
    return f'<path d="M{x - 3:.1f} {y - 3:.1f}l6 6m0 -6l-6 6" class="{program} cross"/>'


def _short(title):
    return title.replace("adverts every ", "").replace("no configuration", "as it is")


def render(document):
    return Picture(document).draw()
