# SPDX-License-Identifier: ISC
"""report.py - bench.json as tables in Markdown. Pure: nothing is looked up, so that an old run can be told again
(bench.py --tell)."""
import collections

import stats

TITLES = {
    "cold": "cold start",
    "kill-main": "kill -9, main process",
    "kill-all": "kill -9, all processes",
    "power": "power loss",
    "term": "SIGTERM",
    "resign": "resign",
    "split": "partition",
    "heal": "heal",
}
# Whom others are compared with: what that is called, and whether it is only with those that need a majority as well.
BASES = {"eldest": ("eldest without configuration", False), "eldest-majority": ("eldest in majority mode", True)}
NOTHING = "–"


class Row:
    """What there is of one peer with one number of nodes."""

    def __init__(self, peer, failover):
        self.title, self.key, self.majority = peer["title"], peer["key"], peer.get("majority", False)
        self.nodes, self.limit, self.notes = failover["nodes"], failover["limit_s"], failover["notes"]
        self._records = failover["records"]

    def records(self, case, **fields):
        """Those in which these fields are so."""
        wanted = {"case": case, **fields}
        return [record for record in self._records if wanted.items() <= record.items()]

    def times(self, case, **fields):
        """None for what did not settle."""
        return [record["ms"] for record in self.records(case, **fields) if "trouble" not in record]

    def failed(self, case, **fields):
        """How often there is no figure: the cluster did not come to rest before, or a daemon ended by itself."""
        return len(self.records(case, **fields)) - len(self.times(case, **fields))

    def median(self, case):
        found = stats.summary(self.times(case))
        return found["median"] if found else None

    def spread(self, case, **fields):
        times = self.times(case, **fields)
        return stats.spread(times, times.count(None), self.limit, self.failed(case, **fields))

    def count(self, case, field):
        """[how often it is so, of so many], or None where it was not asked."""
        asked = [record[field] for record in self.records(case) if field in record]
        return [sum(map(bool, asked)), len(asked)] if asked else None


def rows(document):
    peers = {peer["key"]: peer for peer in document["peers"]}
    order = list(peers)
    found = [Row(peers[failover["peer"]], failover) for failover in document["failovers"]]
    return sorted(found, key=lambda row: (row.nodes, order.index(row.key)))


def sizes(all_rows):
    return sorted({row.nodes for row in all_rows})


def cases(all_rows):
    return [case for case in TITLES if any(row.records(case) for row in all_rows)]


def table(head, lines):
    def cells(line):
        return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |"

    return "\n".join([cells(head), "|" + " --- |" * len(head), *map(cells, lines)])


def of(pair):
    return NOTHING if pair is None else f"{pair[0]} of {pair[1]}"


# ---------------------------------------------------------------------------------------------------- the sections


def _about(document):
    machine = document["machine"]
    lines = [
        ("date", document["date"]),
        ("eldest", document["commit"]),
        ("machine", f"{machine['processor']}, {machine['processors']} processors, {machine['memory']}"),
        ("system", f"{machine['system']}, Linux {machine['kernel']}"),
        (
            "load of the machine",
            f"{machine['load_before'][0]} before, {document['load_after'][0]} at the end (1 minute)",
        ),
        ("daemons at nice", document["nice"]),
        ("took", f"{document['seconds'] / 60:.1f} min"),
        ("command", f"`{document['command']}`"),
    ]
    return "# Failover, measured beside the peers\n\n" + table(("what", "value"), lines)


def _times(all_rows):
    text = """## Time to one leader

Milliseconds on CLOCK_MONOTONIC, written median (min–max) ×repetitions: from the moment just before the fault (or
before the first daemon starts) until exactly one live host that can be reached claims to lead, and that stays so.
Faults come at a random point of the peer's own period. All hosts are network namespaces on one bridge in one machine,
and what a daemon keeps on its disk is in memory.
kill -9, main process: the rest of the daemon (a worker, a sentinel) lives on. Power loss: the bridge drops all frames
of the leader's host, whose carrier stays up. Partition: the leader is on the smaller side, the time is that of the
other one; heal: from joining the sides to one leader, 0.00 where a majority kept its own."""
    for nodes in sizes(all_rows):
        its = [row for row in all_rows if row.nodes == nodes]
        its_cases = cases(its)
        lines = [(row.title, *(row.spread(case) for case in its_cases)) for row in its]
        text += f"\n\n### {nodes} nodes\n\n" + table(("peer", *(TITLES[case] for case in its_cases)), lines)
    return text


def _ratios(all_rows, key):
    name, only_majorities = BASES[key]
    text = f"""## Compared with {name}

How many times as long the median of the peer is as that of eldest in the same run: above 1 eldest is faster."""
    for nodes in sizes(all_rows):
        its = [row for row in all_rows if row.nodes == nodes and (row.majority or not only_majorities)]
        base = next((row for row in its if row.key == key), None)
        if not base or its == [base]:
            continue
        its_cases = cases([base])
        lines = [
            (row.title, *(stats.ratio(base.median(case), row.median(case)) for case in its_cases))
            for row in its
            if row is not base
        ]
        text += f"\n\n### {nodes} nodes\n\n" + table(("peer", *(TITLES[case] for case in its_cases)), lines)
    return text if "###" in text else ""


def _by_raft(all_rows):
    its = [row for row in all_rows if any(row.count(case, "led_raft") for case in TITLES)]
    its_cases = [case for case in cases(its) if any(row.count(case, "led_raft") for row in its)]
    lines = [
        (row.title, row.nodes, of_raft, *(row.spread(case, led_raft=led) for case in its_cases))
        for row in its
        for led, of_raft in ((True, "yes"), (False, "no"))
    ]
    if not lines:
        return ""
    return """## Whether the Raft lost its leader too

A lease in etcd does not run out while its Raft has no leader, and begins afresh with the next one. The times from
above, by whether the host that had the lock led the Raft as well.

""" + table(
        ("peer", "nodes", "it led the Raft", *(TITLES[case] for case in its_cases)), lines
    )


def _several_cell(records):
    asked = [record for record in records if "leaders_at_once" in record]
    seen = [record for record in asked if record["leaders_at_once"] > 1]
    if not seen:
        return "never" if asked else NOTHING
    return (
        f"{len(seen)} of {len(asked)}: up to {max(record['leaders_at_once'] for record in seen)}, "
        f"{stats.number(max(record['leaders_at_once_ms'] for record in seen))} ms"
    )


def _several(all_rows):
    its_cases = [case for case in cases(all_rows) if case != "heal"]
    lines = [(row.title, row.nodes, *(_several_cell(row.records(case)) for case in its_cases)) for row in all_rows]
    return """## Several leaders at once

Among the hosts that survive and can be reached, for more than 0.1 ms: in how many repetitions, the worst number of
leaders, and the longest time. Two while the LAN is split are two LANs' leaders, see below; after it has healed the
second one goes within the time to heal.

""" + table(
        ("peer", "nodes", *(TITLES[case] for case in its_cases)), lines
    )


def _stalled_line(row):
    records = [record for case in TITLES for record in row.records(case) if record.get("stalled_ms") is not None]
    stalled = [record["stalled_ms"] for record in records if record["stalled_ms"] > 0]
    if not stalled:
        return (row.title, row.nodes, of([0, len(records)] if records else None), NOTHING)
    return (row.title, row.nodes, of([len(stalled), len(records)]), f"{stats.number(max(stalled))} ms")


def _stalls(all_rows):
    lines = [_stalled_line(row) for row in all_rows]
    if all(line[2] == NOTHING for line in lines):
        return ""
    return """## When the machine stood still

In how many failovers no process got a processor for more than 50 ms, as one of nearly the highest priority on each
processor saw it, and the longest such time. What these failovers took is in the figures above all the same: the
longest of them can be due to it.

""" + table(
        ("peer", "nodes", "failovers with a stall", "longest stall"), lines
    )


def _sides(row):
    found = [record["leaders_per_side"] for record in row.records("split") if "leaders_per_side" in record]
    counts = collections.Counter(f"{with_old}+{others}" for with_old, others in found)
    return ", ".join(f"{what} ×{count}" for what, count in counts.most_common()) or NOTHING


def _aftermath(all_rows):
    lines = [
        (
            row.title,
            row.nodes,
            of(row.count("kill-main", "kept_resource")),
            of(row.count("kill-all", "kept_resource")),
            _sides(row),
            of(row.count("kill-all", "took_back")),
            of(row.count("power", "took_back")),
        )
        for row in all_rows
    ]
    return """## What is left behind

Whether the killed host still held the resource when another one had taken over: the virtual address for VRRP and
CARP; for eldest the word of its daemon, as whoever works for the leader reads it on the control socket, which closes
with the daemon; who builds on corosync or etcd learns it likewise. While split: leaders on the old leader's side + on
the other side. Took it back: the host that had failed led again after its return, which is one more change of leader.

""" + table(
        (
            "peer",
            "nodes",
            "kept it: kill -9, main process",
            "kept it: kill -9, all processes",
            "leaders while split",
            "took it back: kill -9",
            "took it back: power",
        ),
        lines,
    )


def _stability_cell(seen):
    if not seen:
        return NOTHING
    words = [f"{seen['takeovers']} in {seen['seconds']} s"]
    words += [f"several for {stats.number(seen['several_ms'])} ms"] if seen["several_ms"] else []
    words += [f"none for {stats.number(seen['leaderless_ms'])} ms"] if seen["leaderless_ms"] else []
    return ", ".join(words)


def _stability(document, titles):
    rest = document["rest"]
    lines = [
        (
            titles[cluster["peer"]],
            cluster["nodes"],
            *(_stability_cell(cluster.get(what)) for what in ("quiet", "loss", "busy")),
        )
        for cluster in rest["clusters"]
    ]
    return f"""## False changes

How often leadership was taken over while nothing was wrong with the leader, and how long there were several leaders
or none, in all. Loss: 20 % of all frames at every host. Busy loops: {rest['busy_loops']} of them on
{document['machine']['processors']} processors, all daemons at nice 0 as they are. All peers at the same
time, but corosync, which runs at real-time priority and could starve the others, by itself.

""" + table(
        ("peer", "nodes", "quiet", "20 % loss", "busy loops"), lines
    )


COSTS = ("processes", "cpu_ms_per_s", "wakeups_per_s", "rss_kb", "pss_kb", "packets_per_s", "bytes_per_s")


def _cost_line(title, nodes, role, hosts):
    mean = {field: sum(host[field] for host in hosts) / len(hosts) for field in COSTS}
    return (
        title,
        nodes,
        role,
        f"{mean['processes']:.0f}",
        f"{mean['cpu_ms_per_s']:.2f}",
        f"{mean['wakeups_per_s']:.1f}",
        f"{mean['rss_kb'] / 1024:.1f}",
        f"{mean['pss_kb'] / 1024:.1f}",
        f"{mean['packets_per_s']:.2f}",
        f"{mean['bytes_per_s']:.0f}",
    )


def _costs(document, titles):
    lines = []
    for cluster in document["rest"]["clusters"]:
        hosts = cluster.get("quiet", {}).get("nodes", [])
        for role in ("leader", "follower"):
            its = [host for host in hosts if host["role"] == role]
            if its:
                lines.append(_cost_line(titles[cluster["peer"]], cluster["nodes"], role, its))
    return """## Cost at rest

Of one host, over all processes of the daemon; followers: their mean. CPU by the clock of the scheduler; wakeups are
voluntary context switches; sent: Ethernet frames without checksum.

""" + table(
        (
            "peer",
            "nodes",
            "role",
            "processes",
            "CPU ms/s",
            "wakeups/s",
            "RSS MiB",
            "PSS MiB",
            "sent packets/s",
            "sent B/s",
        ),
        lines,
    )


def _settings(document):
    lines = [
        (peer["title"], peer["version"], peer["settings"], peer["leads_when"], f"{peer['hold_s']:g} s")
        for peer in document["peers"]
    ]
    text = "## Settings\n\n" + table(
        ("peer", "version", "settings", "a host leads when", "and a failover is over when it has held for"), lines
    )
    return text + "".join(f"\n\nNot measured: {skipped['title']}: {skipped['why']}." for skipped in document["skipped"])


def _notes(document, all_rows, titles):
    notes = [f"{row.title}, {row.nodes} nodes: {note}" for row in all_rows for note in row.notes]
    notes += [
        f"{titles[cluster['peer']]}, {cluster['nodes']} nodes, at rest: {note}"
        for cluster in (document["rest"] or {"clusters": []})["clusters"]
        for note in cluster.get("notes", [])
    ]
    return "## What went wrong\n\n" + "\n".join(f"- {note}" for note in notes) if notes else ""


def render(document):
    all_rows = rows(document)
    titles = {peer["key"]: peer["title"] for peer in document["peers"]}
    sections = [_about(document)]
    if all_rows:
        sections += [_times(all_rows), *(_ratios(all_rows, key) for key in BASES)]
        sections += [_by_raft(all_rows), _several(all_rows), _stalls(all_rows), _aftermath(all_rows)]
    if document["rest"]:
        sections += [_stability(document, titles), _costs(document, titles)]
    sections += [_settings(document), _notes(document, all_rows, titles)]
    return "\n\n".join(section for section in sections if section)
