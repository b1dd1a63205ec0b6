#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
#
# toll.py - what an attack costs a cluster, and when it is over it.
#
#   toll.py NAME:PROCESS...     a daemon of each host, by the folder with its control socket and its log
#
# Says "ready" when it has seen the cluster as it is; then something is done to it, until a line comes by standard input.
# When all daemons name the same leader and epoch again, and the same members as before, it prints: how often the leader
# changed or began anew; ms of the processor for each second; KiB of memory at the worst moment, above those before; lines
# in the log; and how many ms it took until all was well. It is the one with most of each that counts, and of processor and
# log what was before that line. Ends with status 1 if nothing is well after $ELDEST_TEST_PATIENCE seconds, 30 by default.

import json
import os
import select
import socket
import sys
import time

PATIENCE_S = float(os.environ.get("ELDEST_TEST_PATIENCE", "30"))
LOOK_S, ASK_S, ANSWER_S = 0.1, 0.005, 5


def ask(path, command):
    """What the daemon answers; None if it does not, or only with an error."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as control:
            control.settimeout(ANSWER_S)
            control.connect(path)
            control.sendall(json.dumps({"command": command}).encode() + b"\n")
            with control.makefile() as answers:
                answer = json.loads(answers.readline())
    except (OSError, ValueError):
        return None
    return None if "error" in answer else answer


def picture(paths):
    """Who leads and who is there, if all agree; else None. Those who follow have the members from the leader."""
    seen = set()
    for path in paths:
        status = ask(path, "status")
        if not status or not status["leader"] or status["leader"]["name"] is None:
            return None
        members = frozenset(peer["name"] for peer in status["peers"])
        whole = status["members"] == len(members)
        seen.add((status["leader"]["name"], status["epoch"], members if whole else None))
    return seen.pop() if len(seen) == 1 else None


def wait_for_picture(paths, is_good):
    begun = time.monotonic()
    while not is_good(picture(paths)):
        if time.monotonic() > begun + PATIENCE_S:
            sys.exit(f"after {PATIENCE_S:.0f} s not as before: {[ask(path, 'status') for path in paths]}")
        time.sleep(ASK_S)


class Daemon:
    """How much each has used so far."""

    def __init__(self, folder, process):
        self.folder, self.process = folder, process
        self.socket = f"{folder}/sock"

    def changes(self):
        counters = ask(self.socket, "counters") or sys.exit(f"{self.socket} does not answer")
        return sum(counters["leader_changes"].values())

    def cpu_ms(self):
        with open(f"/proc/{self.process}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_kib(self):
        with open(f"/proc/{self.process}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("RssAnon:"))

    def lines(self):
        log = f"{self.folder}/log"
        if not os.path.isfile(log):  # it may be a pipe that nobody reads
            return 0
        with open(log, "rb") as file:
            return file.read().count(b"\n")


def main(*names):
    daemons = [Daemon(*name.rsplit(":", 1)) for name in names]
    paths = [daemon.socket for daemon in daemons]

    def each(what):
        return [what(daemon) for daemon in daemons]

    def most_since(before, what):
        return max(now - then for now, then in zip(each(what), before))

    wait_for_picture(paths, lambda seen: seen)
    members = picture(paths)[-1]
    changes, cpu, memory, lines = map(each, [Daemon.changes, Daemon.cpu_ms, Daemon.memory_kib, Daemon.lines])
    begun, grown = time.monotonic(), 0
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], LOOK_S)[0]:
        grown = max(grown, most_since(memory, Daemon.memory_kib))
    ended = time.monotonic()
    cpu, lines = most_since(cpu, Daemon.cpu_ms) / (ended - begun), most_since(lines, Daemon.lines)
    wait_for_picture(paths, lambda seen: seen and seen[-1] == members)
    recovered = 1000 * (time.monotonic() - ended)
    grown = max(grown, most_since(memory, Daemon.memory_kib))
    print(most_since(changes, Daemon.changes), round(cpu), grown, lines, round(recovered), flush=True)


main(*sys.argv[1:])
