# SPDX-License-Identifier: ISC
"""rest.py - a cluster to which nothing happens: what it costs, and whether it keeps its leader under loss and load."""
import asyncio
import json
import os
import time

import processes
from claims import stability
from cluster import Trouble
from lan import run


def _read(path):
    with open(path, encoding="ascii", errors="replace") as file:
        return file.read()


def _fields(text):
    return dict(line.split(":", 1) for line in text.splitlines() if ":" in line)


def _process_cost(pid):
    """CPU (ns) and voluntary context switches so far, summed over the threads; RSS and PSS (kB)."""
    cpu = switches = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        cpu += int(_read(f"/proc/{pid}/task/{thread}/schedstat").split()[0])
        switches += int(_fields(_read(f"/proc/{pid}/task/{thread}/status"))["voluntary_ctxt_switches"])
    memory = _fields(_read(f"/proc/{pid}/smaps_rollup"))
    return cpu, switches, int(memory["Rss"].split()[0]), int(memory["Pss"].split()[0])


def _sent(lan):
    """Frames and bytes that each host's port has received from it: Ethernet without checksum."""
    links = json.loads(run("ip", "-n", lan.switch_namespace, "-j", "-s", "link", "show", "type", "veth"))
    return {link["ifname"]: (link["stats64"]["rx"]["packets"], link["stats64"]["rx"]["bytes"]) for link in links}


def _snapshot(cluster):
    sent = _sent(cluster.lan)
    taken = {}
    for name, node in cluster.nodes.items():
        pids = node.processes()
        try:
            costs = [_process_cost(pid) for pid in pids]
        except OSError:
            raise Trouble(f"processes on {name} came or went") from None
        taken[name] = (time.monotonic(), pids, *map(sum, zip(*costs)), *sent[node.host.port])
    return taken


def _cost(before, after):
    if before[1] != after[1]:
        raise Trouble("processes came or went")
    seconds = after[0] - before[0]
    return {
        "processes": len(after[1]),
        "cpu_ms_per_s": round((after[2] - before[2]) / 1e6 / seconds, 4),
        "wakeups_per_s": round((after[3] - before[3]) / seconds, 2),
        "rss_kb": after[4],
        "pss_kb": after[5],
        "packets_per_s": round((after[6] - before[6]) / seconds, 3),
        "bytes_per_s": round((after[7] - before[7]) / seconds, 1),
    }


async def _observe(cluster, seconds):
    mark, start = cluster.journal.mark(), time.monotonic_ns()
    await asyncio.sleep(seconds)
    cluster.check()
    seen = stability(mark, cluster.journal.since(mark), start, time.monotonic_ns(), cluster.names)
    return {
        "seconds": seconds,
        "takeovers": seen.takeovers,
        "several_ms": round(seen.several_ns / 1e6, 1),
        "leaderless_ms": round(seen.leaderless_ns / 1e6, 1),
    }


async def quiet(cluster, seconds):
    leader = cluster.question(agreement=False).leader(cluster.journal.now)
    before = _snapshot(cluster)
    seen = await _observe(cluster, seconds)
    after = _snapshot(cluster)
    nodes = [
        {"host": name, "role": "leader" if name == leader else "follower", **_cost(before[name], after[name])}
        for name in cluster.names
    ]
    return {**seen, "nodes": nodes}


async def loss(cluster, seconds, percent=20):
    cluster.lan.lose(percent)
    try:
        seen = await _observe(cluster, seconds)
    finally:
        lost = cluster.lan.lose_no_more()
    if lost == 0:
        raise RuntimeError(f"{cluster.name}: no frame was lost")
    cluster.disturbed()
    return {**seen, "frames_lost": lost}


class Loops:
    """Busy loops, two for each processor, at nice 0. While they run, the daemons are at nice 0 too."""

    def __init__(self, all_processes):
        self._processes, self._pids = all_processes, []
        self.count = 2 * os.cpu_count()

    def __enter__(self):
        for _ in range(self.count):
            pid = os.fork()
            if pid == 0:
                os.setpriority(os.PRIO_PROCESS, 0, 0)
                os.execv("/bin/sh", ["sh", "-c", "while :; do :; done"])
            self._pids.append(pid)
        return self

    def __exit__(self, *_):
        processes.kill(self._pids)
        self._processes.reap()


async def busy(clusters, seconds, all_processes):
    """All of them at once, under the same load."""
    for cluster in clusters:
        for node in cluster.nodes.values():
            processes.set_nice(node.processes(), 0)
    with Loops(all_processes) as loops:
        seen = await asyncio.gather(*(_observe(cluster, seconds) for cluster in clusters), return_exceptions=True)
    return loops.count, seen
