# SPDX-License-Identifier: ISC
"""stats.py - figures put together and written down, for tables and plots. Pure."""
import statistics


def summary(values):
    """Median, minimum, maximum and number of those that are there; None if there are none."""
    there = [value for value in values if value is not None]
    if not there:
        return None
    return {"median": statistics.median(there), "min": min(there), "max": max(there), "n": len(there)}


def number(value):
    """Three digits that count: 3154, 320, 40.1, 8.14, 0.12."""
    if value >= 99.95:
        return f"{value:.0f}"
    if value >= 9.995:
        return f"{value:.1f}"
    return f"{value:.2f}"


def spread(values, unsettled=0, limit=None, failed=0):
    """median (min - max) x n, how many did not settle, and how many came to nothing."""
    found = summary(values)
    text = (
        ""
        if found is None
        else f"{number(found['median'])} ({number(found['min'])}–{number(found['max'])}) ×{found['n']}"
    )
    if unsettled:
        text += f"{'; ' if text else ''}{unsettled} did not settle in {limit:.0f} s"
    if failed:
        text += f"{'; ' if text else ''}{failed} came to nothing"
    return text or "–"


def ratio(mine, other):
    """How many times as long the other takes."""
    return "–" if not mine or not other else f"{number(other / mine)}×"
