# SPDX-License-Identifier: ISC
"""run.py - carries the plan out: clusters are made, measured and taken down; what they gave comes back as data."""
import asyncio
import collections
import sys
import time

import faults
import plan
import processes
import report
import rest
import stalls
from cluster import Cluster, Trouble
from stats import spread

GIVE_UP = 3  # times in a row that a cluster comes into trouble
CASE_LIMIT = 600  # seconds, with the wait for a turn


def say(text):
    print(text, file=sys.stderr, flush=True)


class Run:
    def __init__(self, nice):
        self.processes = processes.Processes(nice)
        self.stalls = stalls.Stalls()
        self._made = 0

    def _cluster(self, row_peer, nodes, **locks):
        self._made += 1
        return Cluster(f"c{self._made}", row_peer, nodes, self.processes, self.stalls, **locks)

    # ----------------------------------------------------------------------------------------------- the failovers

    async def stage(self, rows, limit=None, **locks):
        """All rows at once. Returns a document for each."""
        begun = time.monotonic()
        clusters = [(row, share, self._cluster(row.peer, row.nodes, **locks)) for row in rows for share in row.shares()]
        say(f"   {len(clusters)} clusters are made after {time.monotonic() - begun:.1f} s")
        try:
            await asyncio.gather(*(self._measure(row, share, cluster, limit) for row, share, cluster in clusters))
        finally:
            await asyncio.gather(*(cluster.close() for _, _, cluster in clusters))
        return [self._document(row, [cluster for its, _, cluster in clusters if its is row]) for row in rows]

    async def _measure(self, row, repetitions, cluster, limit):
        """What is under way when the limit (seconds) has passed leaves no record, but a note."""
        state = {"running": False, "troubles": 0, "repetition": 0}
        try:
            async with asyncio.timeout(limit):
                for state["repetition"] in range(repetitions):
                    for case in row.cases:
                        await self._bounded(case, cluster, state)
                        if state["troubles"] >= GIVE_UP:
                            cluster.notes.append(
                                f"given up in repetition {state['repetition'] + 1}: {GIVE_UP} troubles in a row"
                            )
                            return
        except TimeoutError:
            cluster.notes.append(f"stopped in repetition {state['repetition'] + 1}: its {limit} s were over")

    async def _bounded(self, case, cluster, state):
        """All that a case waits for has an end of its own; this is for what nobody thought of."""
        try:
            async with asyncio.timeout(CASE_LIMIT):
                await self._once(case, cluster, state)
        except TimeoutError:
            raise RuntimeError(
                f"{cluster.peer.title}, {cluster.size} nodes: {report.TITLES[case]} was not over after "
                f"{CASE_LIMIT} s"
            ) from None

    async def _once(self, case, cluster, state):
        """One case. A cluster in trouble starts afresh with the next one."""
        known = len(cluster.records)
        try:
            if case != "cold" and not state["running"]:
                await cluster.start()
            state["running"] = True
            await faults.run(case, cluster)
            state["troubles"] = 0
        except Trouble as trouble:
            if len(cluster.records) == known:
                cluster.records.append({"case": case, "ms": None, "trouble": str(trouble)})
            cluster.notes.append(f"{report.TITLES[case]}: {trouble}")
            state["running"] = False
            state["troubles"] += 1

    @staticmethod
    def _document(row, clusters):
        records = [
            {**record, "cluster": number} for number, cluster in enumerate(clusters) for record in cluster.records
        ]
        for case in (*row.cases, "heal"):
            found = [record for record in records if record["case"] == case]
            if found:
                begun = [record for record in found if "trouble" not in record]
                unsettled = sum(record["ms"] is None for record in begun)
                times = spread([record["ms"] for record in found], unsettled, row.peer.limit, len(found) - len(begun))
                say(f"   {row.name}: {report.TITLES[case]} {times}")
        counts = collections.Counter(note for cluster in clusters for note in cluster.notes)
        notes = [f"{note} (×{count})" if count > 1 else note for note, count in sorted(counts.items())]
        for note in notes:
            say(f"   {row.name}: {note}")
        return {
            "peer": row.peer.key,
            "nodes": row.nodes,
            "cases": list(row.cases),
            "clusters": len(clusters),
            "repetitions": row.repetitions,
            "limit_s": row.peer.limit,
            "notes": notes,
            "records": records,
        }

    # ----------------------------------------------------------------------------------------------------- at rest

    async def rest(self, rows, seconds):
        """One cluster of each, all at once: first quiet, then under loss, then under load."""
        starts = asyncio.Lock()
        clusters = [self._cluster(row.peer, row.nodes, starts=starts) for row in rows]
        documents = [{"peer": row.peer.key, "nodes": row.nodes} for row in rows]
        try:
            await self._observe("start", clusters, documents, self._settle)
            await self._observe("quiet", clusters, documents, lambda cluster: rest.quiet(cluster, seconds["quiet"]))
            await self._observe("loss", clusters, documents, lambda cluster: rest.loss(cluster, seconds["loss"]))
            await self._observe("after the loss", clusters, documents, self._recover)
            loops, seen = await rest.busy(clusters, seconds["busy"], self.processes)
            for document, what in zip(documents, seen):
                self._keep(document, "busy", what)
        finally:
            await asyncio.gather(*(cluster.close() for cluster in clusters))
        return {"busy_loops": loops, "clusters": documents}

    @staticmethod
    async def _settle(cluster):
        await cluster.start()
        await cluster.at_rest()
        await asyncio.sleep(5)  # nobody has a reason to speak out of turn any more

    async def _recover(self, cluster):
        """Who does not come to rest again starts afresh, which is noted."""
        try:
            await cluster.at_rest()
        except Trouble:
            await self._settle(cluster)
            raise

    async def _observe(self, what, clusters, documents, look):
        seen = await asyncio.gather(*(look(cluster) for cluster in clusters), return_exceptions=True)
        for document, result in zip(documents, seen):
            self._keep(document, what, result)

    @staticmethod
    def _keep(document, what, result):
        if isinstance(result, Trouble):
            document.setdefault("notes", []).append(f"{what}: {result}")
        elif isinstance(result, BaseException):
            raise result
        elif result is not None and not isinstance(result, str):
            document[what] = result


def _stop_at_first_error():
    """What goes wrong in a callback is a fault of the harness: no figure after it is worth anything."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def stop(_, context):
        loop.set_exception_handler(lambda *_: None)
        loop.default_exception_handler(context)
        task.cancel()

    loop.set_exception_handler(stop)


async def everything(rows, nice, rest_seconds, failovers=True):
    _stop_at_first_error()
    run = Run(nice)
    measured = []
    for stage in plan.STAGES:
        its = [row for row in rows if row.stage == stage]
        if its and failovers:
            say(f"== {stage}: {'; '.join(row.name for row in its)}")
            begun = time.monotonic()
            measured += await run.stage(
                its,
                plan.STORM_LIMIT if stage == "storm" else None,
                **{"starts" if stage == "slow" else "arena": asyncio.Lock()},
            )
            say(f"   took {time.monotonic() - begun:.0f} s")
    at_rest = None
    its = [row for row in rows if row.stage != "storm"]
    for group in plan.rest_groups(its) if rest_seconds else []:
        say("== at rest: " + ", ".join(f"{what} {seconds} s" for what, seconds in rest_seconds.items()))
        seen = await run.rest(group, rest_seconds)
        at_rest = {**seen, "clusters": (at_rest["clusters"] if at_rest else []) + seen["clusters"]}
    return measured, at_rest
