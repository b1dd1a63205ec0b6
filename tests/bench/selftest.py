#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""selftest.py - the judge, the statistics, the tables and the plot of the bench, on stories that are made up: no
root, no time.

What measures others has to be right itself. Moments are in ms here, for people; the journal has ns.
"""
import asyncio
import os
import shutil
import struct
import sys
import types
import unittest
import xml.etree.ElementTree
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import claims  # noqa: E402
import faults  # noqa: E402
import kernel  # noqa: E402
import plan  # noqa: E402
import plot  # noqa: E402
import report  # noqa: E402
import stats  # noqa: E402
from cluster import Cluster, Trouble  # noqa: E402
from peers import corosync, eldest, etcd  # noqa: E402

MS = 1_000_000


def tell(story, hosts=("a", "b", "c")):
    """A journal, from lines of (ms, host, whom it names)."""
    journal = claims.Journal(hosts)
    for moment, host, leader in story:
        journal.note(round(moment * MS), host, leader)
    return journal


def opened(hosts=("a", "b", "c")):
    """A journal in which all name a, and a mark after it."""
    journal = tell([(0, host, "a") for host in hosts], hosts)
    return journal, journal.mark()


def add(journal, *story):
    for moment, host, leader in story:
        journal.note(round(moment * MS), host, leader)


class Judge(unittest.TestCase):
    def over(self, journal, mark, question, start=100):
        def leader(names):
            return question.leader(names) if question.answered(names) else None

        return claims.last_true_since(journal, mark, start * MS, leader)

    def test_a_failover_is_over_when_one_survivor_claims(self):
        journal, mark = opened()
        survivors = claims.Question(("b", "c"), ("b", "c"), "a")
        self.assertIsNone(self.over(journal, mark, survivors))
        add(journal, (130, "b", "b"))
        self.assertEqual(self.over(journal, mark, survivors), 130 * MS)

    def test_the_claim_of_the_dead_does_not_count_unless_it_is_to_end_it(self):
        journal, mark = opened()
        add(journal, (130, "b", "b"))
        ending = claims.Question(("a", "b", "c"), ("b", "c"), "a")
        self.assertIsNone(self.over(*opened(), ending))
        self.assertIsNone(self.over(journal, mark, ending))
        add(journal, (140, "a", None))
        self.assertEqual(self.over(journal, mark, ending), 140 * MS)

    def test_two_leaders_are_none_and_the_last_word_counts(self):
        journal, mark = opened()
        survivors = claims.Question(("b", "c"), ("b", "c"), "a")
        add(journal, (130, "b", "b"), (131, "c", "c"), (150, "b", "c"))
        self.assertEqual(self.over(journal, mark, survivors), 150 * MS)

    def test_another_leader_begins_afresh(self):
        journal, mark = opened()
        tracker = claims.Since(journal, mark, 100 * MS, claims.Question(("b", "c"), (), "a").leader)
        add(journal, (130, "b", "b"))
        self.assertEqual(tracker.moment(), 130 * MS)
        add(journal, (160, "b", None), (170, "c", "c"))
        self.assertEqual(tracker.moment(), 170 * MS)
        add(journal, (180, "c", None))
        self.assertIsNone(tracker.moment())

    def test_agreement_waits_for_all_followers(self):
        journal, mark = opened()
        question = claims.Question(("b", "c"), ("b", "c"), "a", agreement=True)
        add(journal, (130, "b", "b"))
        self.assertIsNone(self.over(journal, mark, question))
        add(journal, (190, "c", "b"))
        self.assertEqual(self.over(journal, mark, question), 190 * MS)

    def test_what_was_so_before_counts_from_the_start(self):
        journal, mark = opened()
        everybody = claims.Question(("a", "b", "c"), (), None)
        self.assertEqual(self.over(journal, mark, everybody), 100 * MS)
        add(journal, (90, "a", None), (95, "b", "b"), (200, "c", "b"))
        self.assertEqual(self.over(journal, mark, everybody), 100 * MS)

    def test_a_journal_keeps_changes_only(self):
        journal = tell([(1, "a", "a"), (2, "a", "a"), (3, "a", None)])
        self.assertEqual([change[0] for change in journal.changes], [1 * MS, 3 * MS])

    def test_several_leaders(self):
        journal, mark = opened()
        add(journal, (110, "b", "b"), (112, "c", "c"), (115, "c", "b"), (130, "c", "c"), (130.05, "c", "b"))
        seen = claims.several_leaders(mark, journal.since(mark), 100 * MS, 200 * MS, ("b", "c"))
        self.assertEqual((seen.most, seen.longest_ns), (2, 3 * MS))
        all_of_them = claims.several_leaders(mark, journal.since(mark), 100 * MS, 200 * MS, journal.hosts)
        self.assertEqual((all_of_them.most, all_of_them.longest_ns), (3, 90 * MS))
        self.assertFalse(claims.several_leaders(mark, journal.since(mark), 120 * MS, 200 * MS, ("b", "c")))

    def test_stability(self):
        journal, mark = opened()
        add(journal, (120, "b", "b"), (125, "a", "b"), (150, "b", None), (160, "a", "a"))
        seen = claims.stability(mark, journal.since(mark), 100 * MS, 200 * MS, journal.hosts)
        self.assertEqual((seen.takeovers, seen.several_ns, seen.leaderless_ns), (2, 5 * MS, 10 * MS))


class Quiet:
    """A peer for a cluster that has no hosts to start."""

    limit, rest, agreement = 0.05, 0.01, False
    complaint = None

    def preferred(self, _):
        return None

    async def waits_for(self, _):
        return self.complaint


class Waiting(unittest.TestCase):
    """No wait lasts for ever, and who waited in vain is told for what."""

    def cluster(self, journal):
        made = Cluster.__new__(Cluster)
        made.peer, made.journal, made.hosts, made._trouble = Quiet(), journal, (), None
        made._changed = asyncio.Event()
        journal.heard = made._changed.set
        made._rest_from = journal.mark(), 0
        return made

    def at_rest(self, made):
        return asyncio.run(asyncio.wait_for(made.at_rest(), 5))

    def test_at_rest(self):
        self.assertEqual(self.at_rest(self.cluster(tell([(0, "a", "a")]))), "a")

    def test_nobody_leads(self):
        with self.assertRaisesRegex(Trouble, "nobody claimed"):
            self.at_rest(self.cluster(tell([])))

    def test_two_lead(self):
        with self.assertRaisesRegex(Trouble, "a, b claimed"):
            self.at_rest(self.cluster(tell([(0, "a", "a"), (0, "b", "b")])))

    def test_daemons_never_ready(self):
        made = self.cluster(tell([(0, "a", "a")]))
        made.peer.complaint = "a knows 1 of 3"
        with self.assertRaisesRegex(Trouble, "a knows 1 of 3"):
            self.at_rest(made)

    def test_a_daemon_ends_meanwhile(self):
        made = self.cluster(tell([]))
        made.fail("it ended by itself")
        with self.assertRaisesRegex(Trouble, "by itself"):
            self.at_rest(made)


class Figures(unittest.TestCase):
    def test_summary(self):
        self.assertEqual(stats.summary([3, None, 1, 10, 2]), {"median": 2.5, "min": 1, "max": 10, "n": 4})
        self.assertIsNone(stats.summary([None]))

    def test_numbers_have_three_digits(self):
        self.assertEqual(
            [stats.number(value) for value in (3154.4, 320.2, 99.96, 40.12, 9.996, 8.137, 0.118)],
            ["3154", "320", "100", "40.1", "10.0", "8.14", "0.12"],
        )

    def test_spread(self):
        self.assertEqual(stats.spread([30, 10, 20]), "20.0 (10.0–30.0) ×3")
        self.assertEqual(stats.spread([30, None], 1, 10), "30.0 (30.0–30.0) ×1; 1 did not settle in 10 s")
        self.assertEqual(stats.spread([None], 1, 10), "1 did not settle in 10 s")
        self.assertEqual(stats.spread([], failed=2), "2 came to nothing")
        self.assertEqual(stats.spread([]), "–")

    def test_ratio(self):
        self.assertEqual(stats.ratio(200, 3000), "15.0×")
        self.assertEqual(stats.ratio(None, 3000), "–")


class Messages(unittest.TestCase):
    @staticmethod
    def message(kind, address):
        body = struct.pack("=BBBBI", 2, 24, 0, 0, 2) + struct.pack("=HH4s", 8, kernel.IFA_LOCAL, address)
        return struct.pack("=IHHII", 16 + len(body), kind, 0, 0, 0) + body

    def test_address_changes(self):
        vip = b"\x0a\x72\x00\xfe"
        data = self.message(kernel.RTM_NEWADDR, vip) + self.message(kernel.RTM_DELADDR, vip)
        self.assertEqual(list(kernel.address_changes(data)), [(True, vip), (False, vip)])
        for length in range(len(data)):
            self.assertLessEqual(len(list(kernel.address_changes(data[:length]))), 1)


class Watch(unittest.TestCase):
    def test_without_a_lease_an_elected_leader_does_not_claim(self):
        reader = eldest.WatchReader.__new__(eldest.WatchReader)
        reader.host = types.SimpleNamespace(name="h2")
        h1, h2 = {"name": "h1", "self": False}, {"name": "h2", "self": True}
        for state, leader, names in (
            ("idle", h1, "h1"),
            ("candidate", None, None),
            ("leader", None, None),
            ("leader", h2, "h2"),
        ):
            self.assertEqual(reader.opinion({"state": state, "leader": leader}), names)


class Rest(unittest.TestCase):
    """What eldest says of itself until it is disturbed."""

    def waits_for(self, *answers):
        """What is missing, and how long it then waited, in seconds."""
        hosts = [types.SimpleNamespace(name=f"h{number}") for number in range(len(answers))]
        with mock.patch.object(eldest, "ask", mock.AsyncMock(side_effect=answers)):
            with mock.patch.object(asyncio, "sleep", mock.AsyncMock()) as sleep:
                missing = asyncio.run(eldest.Eldest().waits_for(hosts))
        return missing, sleep.await_args.args[0] if sleep.await_args else None

    def test_what_is_missing(self):
        known = {"peers": [1, 2], "next": "b", "lease_ms": None}
        self.assertEqual(self.waits_for(known, known), (None, 0))
        self.assertEqual(self.waits_for(known, None), ("h1 does not answer", None))
        self.assertEqual(self.waits_for(known, {**known, "peers": [2]}), ("h1 knows 1 of 2", None))
        self.assertEqual(self.waits_for(known, {**known, "next": None})[0], 'next is one of "b", null')

    def test_the_lease_that_was_told_runs_out_first(self):
        known = {"peers": [1, 2], "next": "b", "lease_ms": None}
        self.assertEqual(self.waits_for({**known, "lease_ms": 1600}, known), (None, 1.6))


class Log(unittest.TestCase):
    def test_corosync(self):
        reader = corosync.MembershipReader.__new__(corosync.MembershipReader)
        reader.started()
        for line, leader in (
            (b"[QUORUM] Members[1]: 2", None),
            (b"[QUORUM] This node is within the primary component and will provide service.", "h2"),
            (b"[QUORUM] Members[3]: 1 2 3", "h1"),
            (b"[QUORUM] This node is within the non-primary component and will NOT provide any services.", None),
            (b"[QUORUM] This node is within the primary component and will provide service.", "h1"),
            (b"[SERV  ] Service engine unloaded: corosync vote quorum service v1.0", None),
        ):
            reader.take(line)
            self.assertEqual(reader.opinion(), leader, line)

    def take(self, reader, *story):
        """Lines, and whether the host claims after each of them; then its daemon ends."""
        reader.host, reader.journal = types.SimpleNamespace(name="a"), tell([])
        reader.started()
        for line, claims_it in story:
            reader.take(line)
            self.assertEqual(reader.opinion(), "a" if claims_it else None, line)
        reader.ended(1)
        self.assertIsNone(reader.opinion())

    def test_the_raft_of_etcd(self):
        self.take(
            etcd.RaftReader.__new__(etcd.RaftReader),
            (b"raft 01:02:03 INFO: 1a became candidate at term 2", False),
            (b"raft 01:02:03 INFO: raft.node: 1a elected leader 2b at term 2", False),
            (b"raft 01:02:04 INFO: raft.node: 1a lost leader 2b at term 3", False),
            (b"raft 01:02:04 INFO: raft.node: 1a elected leader 1a at term 3", True),
            (b"01:02:05 I | rafthttp: peer 2b became active", True),
            (b"raft 01:02:06 INFO: raft.node: 1a changed leader from 1a to 2b at term 4", False),
            (b"raft 01:02:07 INFO: raft.node: 1a changed leader from 2b to 1a at term 5", True),
            (b"raft 01:02:08 INFO: raft.node: 1a lost leader 1a at term 6", False),
            (b"raft 01:02:09 INFO: raft.node: 1a elected leader 1a at term 7", True),
        )

    def test_the_lock_of_etcd(self):
        reader = etcd.LockReader.__new__(etcd.LockReader)
        self.take(
            reader,
            (b"raft 01:02:03 INFO: raft.node: 1a elected leader 1a at term 2", False),
            (b"leader/650a21ee557bd04", True),
            (b"raft 01:02:04 INFO: raft.node: 1a lost leader 1a at term 3", True),
            (b"Error: session expired", True),
            (etcd.NO_LOCK.encode(), False),
            (b"leader/5569a21ee557f304", True),
        )
        reader.take(b"raft 01:02:05 INFO: raft.node: 1a elected leader 1a at term 4")
        self.assertEqual((reader.opinion(), reader.circumstances()), (None, {"led_raft": True}))


def record(case, ms, **more):
    return {"case": case, "ms": ms, "leaders_at_once": 1, "leaders_at_once_ms": 0, "cluster": 0, **more}


def failover(peer, nodes, records):
    return {"peer": peer, "nodes": nodes, "limit_s": 30.0, "notes": [], "records": records}


def at_rest(peer, nodes):
    cost = {
        "processes": 2,
        "cpu_ms_per_s": 0.25,
        "wakeups_per_s": 5.4,
        "rss_kb": 3072,
        "pss_kb": 512,
        "packets_per_s": 2.0,
        "bytes_per_s": 447.0,
    }
    hosts = [
        {"host": f"h{number}", "role": "leader" if number == 1 else "follower", **cost}
        for number in range(1, nodes + 1)
    ]
    hosts[2]["packets_per_s"] = 4.0
    still = {"seconds": 30, "takeovers": 0, "several_ms": 0.0, "leaderless_ms": 0.0}
    return {
        "peer": peer,
        "nodes": nodes,
        "quiet": {**still, "nodes": hosts},
        "loss": {**still, "seconds": 60, "takeovers": 7, "several_ms": 12.5},
        "notes": ["busy: it went away"],
    }


def document():
    fast, slow = failover("eldest", 3, []), failover("keepalived-1", 3, [])
    fast["records"] = [record("kill-all", 300 + 10 * i, kept_resource=False, took_back=False) for i in range(3)]
    for one, stalled in zip(fast["records"], (0.0, 310.5, 60.0)):
        one["stalled_ms"] = stalled
    slow["records"] = [record("kill-all", 3000 + 100 * i, kept_resource=True, took_back=True) for i in range(3)]
    slow["records"] += [
        record("split", 3100, leaders_per_side=[1, 1]),
        record("split", None),
        {"case": "split", "ms": None, "trouble": "a|b"},
    ]
    slow["records"][1].update(leaders_at_once=2, leaders_at_once_ms=42.5)
    slow["notes"] = ["partition: a|b"]
    peers = [
        {
            "key": key,
            "title": title,
            "program": key.split("-")[0],
            "version": "1",
            "settings": "as they are",
            "leads_when": "it says so",
            "hold_s": 1.0,
        }
        for key, title in (("eldest", "eldest & co"), ("keepalived-1", "VRRP"))
    ]
    return {
        "date": "2026-01-02 03:04 UTC",
        "command": "bench.py",
        "commit": "abc",
        "nice": -10,
        "seconds": 90,
        "machine": {
            "system": "Debian",
            "kernel": "6",
            "processors": 2,
            "processor": "one",
            "memory": "1 kB",
            "load_before": [0.1],
        },
        "load_after": [0.2],
        "peers": peers,
        "failovers": [slow, fast],
        "skipped": [{"peer": "ucarp", "title": "ucarp", "why": "ucarp is not installed"}],
        "rest": {"busy_loops": 4, "clusters": [at_rest("eldest", 3)]},
    }


class Telling(unittest.TestCase):
    def test_tables(self):
        text = report.render(document())
        for line in (
            "| eldest & co | 310 (300–320) ×3 | – |",
            "| VRRP | 3100 (3000–3200) ×3 | 3100 (3100–3100) ×1; 1 did not settle in 30 s; 1 came to nothing |",
            "| VRRP | 10.0× |",
            "| VRRP | 3 | 1 of 3: up to 2, 42.5 ms | never |",
            "| eldest & co | 3 | – | 0 of 3 | – | 0 of 3 | – |",
            "| eldest & co | 3 | 2 of 3 | 310 ms |",
            "| VRRP | 3 | – | – |",
            "| VRRP | 3 | – | 3 of 3 | 1+1 ×1 | 3 of 3 | – |",
            "| eldest & co | 3 | 0 in 30 s | 7 in 60 s, several for 12.5 ms | – |",
            "| eldest & co | 3 | follower | 2 | 0.25 | 5.4 | 3.0 | 0.5 | 3.00 | 447 |",
            "Not measured: ucarp: ucarp is not installed.",
            "- VRRP, 3 nodes: partition: a|b",
            "- eldest & co, 3 nodes, at rest: busy: it went away",
        ):
            self.assertIn(line, text)

    def test_every_line_of_a_table_has_as_many_cells(self):
        for block in report.render(document()).split("\n\n"):
            lines = [line.replace("\\|", "") for line in block.splitlines() if line.startswith("|")]
            self.assertLessEqual(len({line.count("|") for line in lines}), 1, block)

    def test_who_needs_a_majority_is_compared_with_its_like(self):
        told = document()
        told["peers"] += [
            {**told["peers"][0], "key": key, "title": title, "majority": True}
            for key, title in (("eldest-majority", "eldest of two"), ("corosync-knet", "members"))
        ]
        told["failovers"] += [
            failover("eldest-majority", 3, [record("kill-all", 2000)]),
            failover("corosync-knet", 3, [record("kill-all", 7000)]),
        ]
        text = report.render(told)
        everybody, majorities = text.split("## Compared with eldest ")[1:]
        self.assertTrue(everybody.startswith("without configuration"))
        self.assertIn("| members | 22.6× |", everybody)
        self.assertIn("| eldest of two | 6.45× |", everybody)
        majorities = majorities.split("\n## ")[0]
        self.assertIn("| members | 3.50× |", majorities)
        self.assertNotIn("VRRP", majorities)

    def test_a_lock_is_told_by_whether_its_host_led_the_raft(self):
        self.assertNotIn("Raft", report.render(document()))
        told = document()
        told["failovers"][0]["records"] += [record("power", 2000, led_raft=False), record("power", 5000, led_raft=True)]
        text = report.render(told)
        self.assertIn("| VRRP | 3 | yes | 5000 (5000–5000) ×1 |", text)
        self.assertIn("| VRRP | 3 | no | 2000 (2000–2000) ×1 |", text)

    def test_without_rest_and_without_anybody_to_compare_with(self):
        alone = document()
        alone["rest"], alone["failovers"] = None, alone["failovers"][:1]
        text = report.render(alone)
        self.assertNotIn("Cost at rest", text)
        self.assertNotIn("Compared", text)

    def test_plot(self):
        picture = xml.etree.ElementTree.fromstring(plot.render(document()))
        kinds = [element.get("class") or "" for element in picture.iter()]
        self.assertEqual(kinds.count("eldest bar"), 1)
        self.assertEqual(kinds.count("keepalived bar"), 2)
        self.assertEqual(kinds.count("keepalived cross"), 1)
        words = [element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")]
        self.assertIn("eldest & co", words)
        for case in ("kill-all", "split"):
            self.assertIn(report.TITLES[case], words)

    def test_longer_is_further_right(self):
        scale = plot.Scale([0.5, 30_000])
        places = [scale.x(0, value) for value in (0.5, 5, 50, 30_000)]
        self.assertEqual(places, sorted(places))
        self.assertAlmostEqual(places[2] - places[1], places[1] - places[0])
        self.assertLess(places[-1], plot.PANEL)


class Planning(unittest.TestCase):
    def test_all_repetitions_are_shared_out(self):
        for row in plan.rows(plan.peers(), [3, 10], faults.CASES, 22):
            self.assertEqual(sum(row.shares()), 22)
            self.assertFalse(set(row.cases) - set(faults.CASES))

    def test_every_peer_and_size_is_there_once(self):
        rows = [(row.peer.key, row.nodes) for row in plan.rows(plan.peers(), [3, 10], faults.CASES, 20)]
        self.assertEqual(len(rows), len(set(rows)))
        self.assertEqual({key for key, _ in rows}, {peer.key for peer in plan.peers()})

    def test_equal_halves_have_no_majority(self):
        for row in plan.rows(plan.peers(), [4, 5], ("split",), 1):
            self.assertFalse(row.peer.majority and row.nodes == 4, row.peer.key)

    def test_nobody_is_larger_than_is_worth_it(self):
        rows = list(plan.rows(plan.peers(), [3, 5, 10], faults.CASES, 1))
        self.assertEqual({row.nodes for row in rows if row.peer.key == "corosync-udpu"}, {3})
        self.assertEqual({row.nodes for row in rows if row.peer.key == "eldest-majority"}, {3, 5})

    def test_who_is_not_installed_is_named(self):
        for here, missing in ((("etcd", "etcdctl"), None), (("etcd",), "etcd-client"), ((), "etcd-server")):
            with mock.patch.object(shutil, "which", lambda program, path, here=here: program in here or None):
                self.assertEqual(etcd.EtcdLock().missing(), missing and f"{missing} is not installed")

    def test_every_case_has_a_title(self):
        self.assertEqual({*faults.CASES, "heal"}, set(report.TITLES))


if __name__ == "__main__":
    unittest.main()
