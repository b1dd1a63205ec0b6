# SPDX-License-Identifier: ISC
"""plan.py - what is measured, in which order, how often, and about how long that takes.

    stage   runs                                                                                     about
    slow    peers with timers of seconds: all of them at once, each with several clusters               5 min
    fast    peers with shorter timers: one cluster each, one fault at a time (see cluster.py)           7 min
    urgent  those of real-time priority, likewise: beside them all others get no time to run, up to
            230 ms at once on two processors                                                            3 min
    storm   keepalived at 0.01 s with ten nodes, alone: it may never settle, and then busies the machine  1-2 min
    rest    one cluster each: quiet, under loss, under load; those of real-time priority by themselves      5 min

`bench.py --plan` prints it for the options given.
"""
import dataclasses

import faults
from peers.corosync import Corosync
from peers.eldest import Eldest, EldestMajority
from peers.etcd import EtcdLock, EtcdRaft
from peers.keepalived import Keepalived
from peers.ucarp import Ucarp

REPETITIONS = 20
SIDE_BY_SIDE = {"slow": 5, "urgent": 2}  # clusters of one peer
STORM_LIMIT = 100  # seconds, in all
REST = {"quiet": 30, "loss": 60, "busy": 40}  # seconds
STAGES = ("slow", "fast", "urgent", "storm")


def peers():
    return [
        Eldest(),
        Eldest(100),
        Eldest(20),
        EldestMajority(),
        Keepalived(1),
        Keepalived(0.1),
        Keepalived(0.01),
        Ucarp(),
        Corosync("knet"),
        Corosync("udpu"),
        Corosync("knet", 300),
        EtcdRaft(),
        EtcdLock(),
    ]


@dataclasses.dataclass(frozen=True)
class Row:
    """One peer with one number of nodes."""

    peer: object
    nodes: int
    stage: str
    cases: tuple
    repetitions: int
    clusters: int

    @property
    def name(self):
        return f"{self.peer.title}, {self.nodes} nodes"

    def shares(self):
        """How many repetitions each cluster does."""
        each, rest = divmod(self.repetitions, self.clusters)
        return [each + (number < rest) for number in range(self.clusters)]

    def seconds(self):
        """About how long it takes, if it does not have to wait for others."""
        each = sum(self.peer.takes(case, self.nodes) for case in self.cases)
        return max(self.shares()) * each


def _cases(peer, nodes):
    """Which cases are worth their time for a peer of this size."""
    if peer.key == "eldest-20ms":
        return ("kill-all", "power")
    if peer.majority and nodes % 2 == 0:
        return tuple(case for case in faults.CASES if case != "split")  # halves: none has a majority
    return faults.CASES


def stage_of(peer, nodes):
    if peer.key == "keepalived-0.01" and nodes > 5:
        return "storm"
    if peer.slow:
        return "slow"
    return "urgent" if peer.real_time else "fast"


def rows(chosen, sizes, cases, repetitions):
    for peer in chosen:
        for nodes in sizes:
            if peer.largest and nodes > peer.largest:
                continue
            wanted = tuple(case for case in _cases(peer, nodes) if case in cases and not faults.applies(case, peer))
            stage = stage_of(peer, nodes)
            if stage == "storm":
                wanted = tuple(case for case in wanted if case in ("cold", "kill-all", "power"))
            clusters = min(SIDE_BY_SIDE.get(stage, 1), repetitions)
            if wanted:
                yield Row(peer, nodes, stage, wanted, repetitions, clusters)


def rest_groups(all_rows):
    """Who is observed at rest side by side: those of real-time priority could starve the others."""
    groups = [[row for row in all_rows if row.peer.real_time == real_time] for real_time in (False, True)]
    return [group for group in groups if group]


def _in_turn(rows_of_stage):
    """About four are between two turns at any time."""
    seconds = [row.seconds() for row in rows_of_stage]
    return max(sum(seconds) / 4, *seconds) if seconds else 0


def estimate(all_rows, rest):
    """Seconds for each stage."""
    by_stage = {stage: [row for row in all_rows if row.stage == stage] for stage in STAGES}
    return {
        "slow": max((row.seconds() for row in by_stage["slow"]), default=0),
        "fast": _in_turn(by_stage["fast"]),
        "urgent": _in_turn(by_stage["urgent"]),
        "storm": min(STORM_LIMIT, sum(row.seconds() for row in by_stage["storm"])),
        "rest": (sum(rest.values()) + 20) * len(rest_groups(all_rows)),
    }
