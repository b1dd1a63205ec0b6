#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
#
# scrape.py - reads metrics as Prometheus would (text format 0.0.4), but forgives nothing: what every family must have is
# there, nothing twice, names and types follow the conventions. Prints {"NAME":{"LABEL=VALUE,...":NUMBER}} as JSON.

import json
import math
import re
import sys

NAME = re.compile(r"(eldest|process)_[a-z0-9]+(_[a-z0-9]+)*")
SAMPLE = re.compile(r'([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)+)\})? (\S+)')
LABEL = re.compile(r'([a-z]+)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)')


def fail(line, why):
    sys.exit(f"{why}: {line}")


def read_labels(line, text):
    labels = LABEL.findall(text or "")
    if "".join(f'{name}="{value}",' for name, value in labels).rstrip(",") != (text or ""):
        fail(line, "labels")
    return ",".join(name + "=" + re.sub(r"\\(.)", r"\1", value) for name, value in labels)


class Families:
    def __init__(self):
        self.help, self.type, self.samples = {}, {}, {}
        self.present = None

    def head(self, line):
        kind, name, text = re.fullmatch(r"# (HELP|TYPE) (\S+) (.+)", line).groups()
        known = self.help if kind == "HELP" else self.type
        if name in known or not NAME.fullmatch(name):
            fail(line, "twice, or no name")
        if kind == "TYPE" and (name != self.present or text not in ("gauge", "counter", "histogram")):
            fail(line, "type")
        if kind == "TYPE" and (text == "counter") != name.endswith("_total"):
            fail(line, "a counter ends with _total, and nothing else does")
        known[name] = text
        self.present = name

    def sample(self, line):
        found = SAMPLE.fullmatch(line)
        if not found:
            fail(line, "no sample")
        name, labels, number = found.group(1), read_labels(line, found.group(2)), float(found.group(3))
        suffix = name[len(self.present):]
        suffixes = ("_bucket", "_sum", "_count") if self.type[self.present] == "histogram" else ("",)
        if not name.startswith(self.present) or suffix not in suffixes:
            fail(line, "not of the family " + self.present)
        series = self.samples.setdefault(name, {})
        if labels in series:
            fail(line, "twice")
        if self.type[self.present] != "gauge" and number < 0:
            fail(line, "a negative count")
        series[labels] = int(number) if number.is_integer() else number

    def check_histogram(self, name):
        buckets = list(self.samples[name + "_bucket"].items())
        bounds = [float(labels.removeprefix("le=")) for labels, _ in buckets]
        counts = [count for _, count in buckets]
        if bounds != sorted(set(bounds)) or bounds[-1] != math.inf or counts != sorted(counts):
            fail(name, "buckets")
        if counts[-1] != self.samples[name + "_count"][""] or self.samples[name + "_sum"][""] < 0:
            fail(name, "the count is not that of all")


def main():
    text = sys.stdin.read()
    families = Families()
    if not text.endswith("\n"):
        fail(text[-80:], "no end of the last line")
    for line in text.splitlines():
        if line.startswith("#"):
            families.head(line)
        else:
            families.sample(line)
    for name, kind in families.type.items():
        if name not in families.help:
            fail(name, "no help")
        if kind == "histogram":
            families.check_histogram(name)
        elif name not in families.samples:
            fail(name, "no samples")
    json.dump(families.samples, sys.stdout)


main()
