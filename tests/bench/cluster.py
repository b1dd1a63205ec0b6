# SPDX-License-Identifier: ISC
"""cluster.py - one peer on one LAN: started, watched, asked who leads, brought to rest.

Everything runs in one thread on one loop. Where timers are shorter than a second, clusters take turns: the `arena` is
a lock that one holds from its fault to the new leader, and while daemons start or what holds up the loop is done; the
others meanwhile are at rest or wait for their turn. For slow peers the arena is open to all, but their daemons start
in turn: `starts` is held while they load and get ready, so that a cold start is not that of dozens of daemons.

Every wait has an end, and who comes to it learns from the Trouble what it was that did not come.
"""
import asyncio
import contextlib
import random
import time

import processes
from claims import Journal, Question, Since
from lan import Lan


class Trouble(Exception):
    """The cluster cannot go on."""


class Open:
    """An arena that is open to all."""

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        return None


class Node:
    """A host of a cluster, with its reader and what runs on it."""

    def __init__(self, cluster, host):
        self.cluster, self.host = cluster, host
        self.name = host.name
        self.reader = cluster.peer.reader(host, cluster.journal)
        self.prepared = self.main = None
        self.expected = False  # to be running

    def prepare(self):
        self.cluster.peer.configure(self.host, self.cluster.hosts)
        self.prepared = processes.Prepared(
            self.cluster.processes, self.host, self.cluster.peer.command(self.host), self.reader.output
        )

    def go(self):
        """Returns the moment just before."""
        moment = self.prepared.go()
        self.main, self.prepared, self.expected = self.prepared, None, True
        asyncio.get_running_loop().add_reader(self.main.pidfd, self._ended, self.main)
        self.reader.started()
        return moment

    def _ended(self, main):
        moment = time.monotonic_ns()
        main.close()
        self.cluster.processes.reap()
        if main is not self.main:
            return
        if hasattr(self.reader, "ended"):
            self.reader.ended(moment)
        if self.expected:
            status = self.cluster.processes.statuses.get(self.main.pid)
            self.cluster.fail(
                f"{self.cluster.peer.program} on {self.name} ended by itself, status {status}: {self.last_words()}"
            )
        self.expected = False

    def last_words(self):
        try:
            with open(self.host.path("log"), encoding="utf-8", errors="replace") as log:
                return " / ".join(line.strip() for line in log.readlines()[-3:])
        except OSError:
            return ""

    def processes(self):
        return processes.of_host(self.host)

    async def stop(self):
        """Whatever runs on the host ends at once, and what a reboot would take away goes."""
        self.expected = False
        processes.kill(self.processes())
        left = await processes.wait_gone(self.cluster.processes, self.host)
        if left:
            raise Trouble(f"processes {left} on {self.name} outlive SIGKILL")
        self.cluster.peer.clean_up(self.host)
        self.host.empty()


class Cluster:
    def __init__(self, name, peer, size, all_processes, stalls, arena=None, starts=None):
        self.name, self.peer, self.size = name, peer, size
        self.processes, self.stalls = all_processes, stalls
        self.arena, self.starts = arena or Open(), starts or Open()
        self.lan = Lan(name, size)
        self.hosts = self.lan.hosts
        self.journal = Journal(host.name for host in self.hosts)
        self._changed = asyncio.Event()
        self._trouble = None
        self.records, self.notes = [], []
        self.journal.heard = self._changed.set
        self.nodes = {host.name: Node(self, host) for host in self.hosts}
        self.random = random.Random(name)
        self.disturbed()

    @property
    def names(self):
        return self.journal.hosts

    def fail(self, why):
        self._trouble = self._trouble or why
        self._changed.set()

    def disturbed(self):
        """Rest begins now, at the earliest."""
        self._rest_from = self.journal.mark(), time.monotonic_ns()

    def check(self):
        if self._trouble:
            raise Trouble(self._trouble)

    def question(self, agreement=None):
        """All hosts count."""
        return Question(self.names, self.names, None, self.peer.agreement if agreement is None else agreement)

    # ----------------------------------------------------------------------------------------------- start and end

    async def prepare(self, nodes):
        for node in nodes:
            node.prepare()
        await asyncio.sleep(0.02)  # they are waiting, by now

    async def go(self, nodes):
        """In the arena. Returns the moment just before the first."""
        async with self.starts:
            moment = min([node.go() for node in nodes])
            await asyncio.sleep(0 if isinstance(self.starts, Open) else 0.1 + 0.07 * len(nodes))
        return moment

    async def start(self):
        """All of them, afresh."""
        nodes = list(self.nodes.values())
        async with self.arena:
            await self._stop()
            await self.prepare(nodes)
            await self.go(nodes)
            await self.answering(nodes)
        self.disturbed()

    async def answering(self, nodes):
        for node in nodes:
            try:
                async with asyncio.timeout(10):
                    await node.reader.answering()
            except TimeoutError:
                self.check()
                raise Trouble(
                    f"{self.peer.program} on {node.name} does not answer after 10 s: {node.last_words()}"
                ) from None

    async def stop(self):
        async with self.arena:
            await self._stop()

    async def _stop(self):
        await asyncio.gather(*(node.stop() for node in self.nodes.values()))
        for node in self.nodes.values():
            self.peer.forget(node.host)
            self.lan.heal(node.host)
        self.lan.join()
        await asyncio.sleep(0.01)  # what the kernels still have to tell
        self._trouble = None

    async def bring_back(self, name):
        """The host starts again, as after a reboot."""
        node = self.nodes[name]
        async with self.arena:
            await node.stop()
            self.lan.heal(node.host)
            await asyncio.sleep(0.01)  # what its kernel still has to tell
            await self.prepare([node])
            await self.go([node])
            await self.answering([node])
        self.disturbed()

    async def arrange(self, names):
        """The hosts of these names to the other switch, whose cable is there."""
        async with self.arena:
            self.lan.arrange(self.nodes[name].host for name in names)
        self.disturbed()

    async def close(self):
        await self._stop()
        for node in self.nodes.values():
            node.reader.close()
        self.lan.close()

    # ----------------------------------------------------------------------------------------------------- waiting

    async def _until(self, found, limit, hold=0.0):
        """Waits until found() gives a moment (ns) that is at least `hold` seconds ago; None after `limit` seconds."""
        deadline = time.monotonic() + limit
        while True:
            self._changed.clear()
            self.check()
            since = found()
            now = time.monotonic()
            if since is not None and now - since / 1e9 >= hold:
                return since
            if now >= deadline:
                return None
            left = deadline - now if since is None else min(deadline - now, hold - (now - since / 1e9))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), max(left, 0.0005))

    async def settled(self, question, mark, start, hold, limit=None):
        """The moment since when the question has been answered by the same leader, which is at least `hold` seconds
        ago; None if that did not come about within the limit."""

        def leader(names):
            return question.leader(names) if question.answered(names) else None

        return await self._until(Since(self.journal, mark, start, leader).moment, limit or self.peer.limit, hold)

    async def at_rest(self):
        """Until all hosts have had one leader for long enough, then until a random moment of the peer's own period.
        Returns the leader."""
        deadline = time.monotonic() + self.peer.limit
        question = self.question(agreement=False)
        preferred = self.peer.preferred(self.hosts)
        mark, start = self._rest_from

        def leader(names):
            name = question.leader(names)
            return name if preferred in (None, name) else None

        if await self._until(Since(self.journal, mark, start, leader).moment, self.peer.limit, self.peer.rest) is None:
            claiming = ", ".join(host for host in self.names if self.journal.now[host] == host) or "nobody"
            raise Trouble(
                f"no leader, the same for {self.peer.rest} s, within {self.peer.limit:.0f} s: "
                f"{claiming} claimed at the end"
            )
        while (missing := await self.peer.waits_for(self.hosts)) is not None:
            self.check()
            if time.monotonic() > deadline:
                raise Trouble(f"not at rest after {self.peer.limit:.0f} s: {missing}")
            await asyncio.sleep(0.1)
        return question.leader(self.journal.now)

    async def random_phase(self):
        await asyncio.sleep(self.random.uniform(0, self.peer.period))
