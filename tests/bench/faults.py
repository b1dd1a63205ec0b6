# SPDX-License-Identifier: ISC
"""faults.py - the cases: what happens to a cluster at rest, and what is written down of it.

Each case is one function that does it once and adds to the records of the cluster. Times are in ms from the moment
just before the fault to when the failover was over as claims.py defines it; null: it had not settled within the
peer's limit. Afterwards the victim returns, while the next case waits for the cluster to come to rest.
"""
import signal
import time

import processes
from claims import Question, last_true_since, several_leaders
from cluster import Trouble

AFTER_SETTLED = 0.03  # what a failover leaves to be done, before the next cluster has its turn
TRIES = 5  # at a case whose leader changes before it is disturbed


def _ms(start, moment):
    return None if moment is None else round((moment - start) / 1e6, 3)


def _record(case, cluster, mark, start, moment, survivors, **more):
    """Kept at once: what comes after the failover may go wrong."""
    now = time.monotonic_ns()
    several = several_leaders(mark, cluster.journal.since(mark), start, now, survivors)
    record = {
        "case": case,
        "ms": _ms(start, moment),
        "leaders_at_once": several.most,
        "leaders_at_once_ms": round(several.longest_ns / 1e6, 3) if several else 0,
        "stalled_ms": cluster.stalls.longest_ms(start, moment or now),
        **more,
    }
    cluster.records.append(record)
    return record


async def _settle(cluster, question, mark, start, leave):
    """In the arena until there is a new leader, then outside until it has stayed. Returns (over, all follow), in ns."""
    await cluster.settled(question, mark, start, AFTER_SETTLED)
    leave()
    moment = await cluster.settled(question, mark, start, cluster.peer.hold)
    agreed = None
    if moment is not None:
        agreed = last_true_since(
            cluster.journal, mark, start, lambda names: question.leader(names) if question.agreed(names) else None
        )
    return moment, agreed


class _Turn:
    """A turn in the arena that can end before the block does."""

    def __init__(self, cluster):
        self._arena, self._inside = cluster.arena, False

    async def __aenter__(self):
        await self._arena.__aenter__()
        self._inside = True
        return self

    def leave(self):
        if self._inside and hasattr(self._arena, "release"):
            self._arena.release()
        self._inside = False

    async def __aexit__(self, *_):
        self.leave()


class Changed(Exception):
    """Who led at rest did so no more when the turn came: nothing has been done yet."""


async def _disturb(case, cluster, act, gone=None, dead=(), ending=False):
    """`act()` does it and returns the moment before. `gone`, who led, may not lead afterwards; the claims of the
    `dead` do not count, unless they are `ending` in order: then theirs count until they give them up."""
    survivors = tuple(name for name in cluster.names if name not in dead)
    counted = cluster.names if ending else survivors
    question = Question(counted, survivors, gone, cluster.peer.agreement)
    async with _Turn(cluster) as turn:
        if gone and cluster.question(agreement=False).leader(cluster.journal.now) != gone:
            raise Changed
        circumstances = cluster.nodes[gone].reader.circumstances() if gone else {}
        mark = cluster.journal.mark()
        start = act()
        moment, agreed = await _settle(cluster, question, mark, start, turn.leave)
    cluster.disturbed()
    return _record(case, cluster, mark, start, moment, survivors, agreed_ms=_ms(start, agreed), **circumstances)


async def _rest(cluster):
    leader = await cluster.at_rest()
    await cluster.random_phase()
    return leader, cluster.nodes[leader]


async def _returns(cluster, name, record):
    """The host starts again; whether it takes the lead from the new leader is worth knowing."""
    await cluster.bring_back(name)
    record["took_back"] = await cluster.at_rest() == name


async def cold(cluster):
    await cluster.stop()
    nodes = list(cluster.nodes.values())
    question = cluster.question()
    async with _Turn(cluster) as turn:
        await cluster.prepare(nodes)
        mark = cluster.journal.mark()
        start = await cluster.go(nodes)
        moment, agreed = await _settle(cluster, question, mark, start, turn.leave)
    await cluster.answering(nodes)
    cluster.disturbed()
    _record("cold", cluster, mark, start, moment, cluster.names, agreed_ms=_ms(start, agreed))


async def _kill(case, cluster, choose):
    leader, node = await _rest(cluster)
    victims = []

    def act():
        victims.extend(choose(node))
        node.expected = False
        return processes.kill_at_once(victims)

    record = await _disturb(case, cluster, act, leader, (leader,))
    record["killed"] = len(victims)
    if cluster.peer.resource:
        record["kept_resource"] = cluster.journal.now[leader] == leader
    await _returns(cluster, leader, record)


async def kill_main(cluster):
    await _kill("kill-main", cluster, lambda node: [node.main.pid])


async def kill_all(cluster):
    await _kill("kill-all", cluster, lambda node: node.processes())


async def power(cluster):
    leader, node = await _rest(cluster)
    record = await _disturb("power", cluster, lambda: cluster.lan.cut(node.host), leader, (leader,))
    await _returns(cluster, leader, record)


async def term(cluster):
    leader, node = await _rest(cluster)

    def act():
        node.expected = False
        return processes.kill([node.main.pid], signal.SIGTERM)

    record = await _disturb("term", cluster, act, leader, (leader,), ending=True)
    await _returns(cluster, leader, record)


async def resign(cluster):
    leader, node = await _rest(cluster)
    record = await _disturb("resign", cluster, lambda: cluster.peer.resign(node.host, node.main.pid), leader)
    if cluster.peer.refused(node.host) and record["ms"] is None:
        cluster.records.remove(record)
        raise Changed


async def split(cluster):
    """The leader is on the smaller side, or on one of two equal ones; then the sides meet again."""
    leader = await cluster.at_rest()
    others = [name for name in cluster.names if name != leader]
    with_leader = [leader, *others[: cluster.size // 2 - 1]]
    await cluster.arrange(with_leader)
    if (await _rest(cluster))[0] != leader:
        raise Changed
    record = await _disturb("split", cluster, cluster.lan.split, leader, with_leader)
    names = cluster.journal.now
    record["leaders_per_side"] = [
        sum(names[name] == name for name in side)
        for side in (with_leader, [name for name in cluster.names if name not in with_leader])
    ]
    await cluster.random_phase()
    await _disturb("heal", cluster, cluster.lan.join)
    await cluster.arrange(())


_CASES = {
    "cold": cold,
    "kill-main": kill_main,
    "kill-all": kill_all,
    "power": power,
    "term": term,
    "resign": resign,
    "split": split,
}
CASES = tuple(_CASES)  # split is followed by heal


async def run(case, cluster):
    for _ in range(TRIES):
        try:
            return await _CASES[case](cluster)
        except Changed:
            cluster.notes.append(f"{case}: the leader changed by itself before it was disturbed; tried again")
            cluster.disturbed()
    raise Trouble(f"the leader changed by itself {TRIES} times before it could be disturbed")


def applies(case, peer):
    """Why a peer has no figure in a case, or None."""
    if case == "resign" and not peer.can_resign:
        return "it has no such command"
    if case == "kill-main" and peer.same_processes:
        return "none of its processes dies alone: see kill -9, all processes"
    return None
