#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""bench.py - how long eldest takes to name one leader, what it costs, and how its peers compare.

    make bench                                   in the build folder, as root; BENCH_OPTIONS="..." passes options on
    ./setup bench                                the same, and installs what it needs

    bench.py [--only PEER,...] [--cases CASE,...] [--nodes 3,10] [--repetitions 20] [--quick] [--no-rest]
             [--no-failovers] [--nice -10] [--out DIR] [--plan]
    bench.py --tell DIR/bench.json [--out DIR]   only writes bench.md and failover.svg, from the figures of before

Peers: eldest, keepalived, ucarp, corosync, etcd, or one set of their settings as `--plan` names it. A peer that is
not installed is named and skipped. Cases: cold, kill-main, kill-all, power, term, resign, split (and heal). `--quick`:
two repetitions and a short rest, to see that all of it works. DIR gets bench.json (all raw figures), bench.md (the
tables) and failover.svg.

Hosts are network namespaces on a switch in this machine: see lan.py. All of it happens in mount, network and process
namespaces of this run, of which it is the first process: nothing is seen or heard outside, and however it ends, the
kernel takes away every process and interface with it. The same moment means the same for all peers: see faults.py for
what is done to them, claims.py for who leads when, rest.py for what they cost, peers/ for their settings. All daemons
run at the same nice value, so that other work of the machine delays none of them.
"""
import argparse
import asyncio
import gc
import json
import os
import shutil
import signal
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import environment  # noqa: E402
import faults  # noqa: E402
import kernel  # noqa: E402
import plan  # noqa: E402
import plot  # noqa: E402
import report  # noqa: E402
import run  # noqa: E402

QUICK = {"repetitions": 2, "rest": {"quiet": 5, "loss": 5, "busy": 5}}


def complain(text, status=1):
    print(f"bench: {text}", file=sys.stderr)
    sys.exit(status)


def _words(text):
    return [word for word in text.split(",") if word]


def options():
    parser = argparse.ArgumentParser(description="see the head of this file")
    parser.add_argument("--only", type=_words, metavar="PEER,...")
    parser.add_argument("--cases", type=_words, default=list(faults.CASES), metavar="CASE,...")
    parser.add_argument(
        "--nodes", type=lambda text: [int(word) for word in _words(text)], default=[3, 10], metavar="N,..."
    )
    parser.add_argument("--repetitions", type=int, metavar="N")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--no-rest", action="store_true", help="only failovers")
    parser.add_argument("--no-failovers", action="store_true", help="only clusters at rest")
    parser.add_argument("--nice", type=int, default=-10)
    parser.add_argument("--out", default="bench", metavar="DIR")
    parser.add_argument("--plan", action="store_true", help="only print what would be done")
    parser.add_argument("--tell", metavar="FILE", help="only write tables and plot of an earlier run")
    chosen = parser.parse_args()
    unknown = [case for case in chosen.cases if case not in faults.CASES]
    if unknown:
        parser.error(f"no such case: {', '.join(unknown)}; there are {', '.join(faults.CASES)}")
    if any(not 2 <= nodes <= 200 for nodes in chosen.nodes):
        parser.error("a cluster has 2 to 200 nodes")
    chosen.repetitions = chosen.repetitions or (QUICK["repetitions"] if chosen.quick else plan.REPETITIONS)
    if chosen.repetitions < 1:
        parser.error("at least one repetition")
    return chosen


def choose_peers(only):
    """Returns (peers to measure, [(peer, why not)])."""
    there = plan.peers()
    for word in only or []:
        if not any(word in (peer.key, peer.program) for peer in there):
            complain(f"no such peer: {word}; there are {', '.join(peer.key for peer in there)}", 64)
    wanted = [peer for peer in there if not only or peer.key in only or peer.program in only]
    reasons = [(peer, peer.missing()) for peer in wanted]
    return [peer for peer, why in reasons if not why], [(peer, why) for peer, why in reasons if why]


def isolate():
    """Starts this program again, as the first process of new namespaces with a /run of their own."""
    if os.environ.get("ELDEST_BENCH_ISOLATED") == "yes":
        kernel.mount("tmpfs", "/run", "tmpfs")
        return
    if os.geteuid() != 0:
        complain("it takes root: it makes network namespaces and runs daemons in them")
    for tool in ("unshare", "ip", "nft"):
        if not shutil.which(tool, path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
            complain(f"{tool} is missing (Debian: apt-get install util-linux iproute2 nftables)")
    os.environ["ELDEST_BENCH_ISOLATED"] = "yes"
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    os.execvp(
        "unshare",
        [
            "unshare",
            "--mount",
            "--net",
            "--pid",
            "--fork",
            "--kill-child",
            "--mount-proc",
            sys.executable,
            "-B",
            *sys.argv,
        ],
    )


def tell_plan(rows, rest_seconds):
    for row in rows:
        print(
            f"{row.stage:6} {row.peer.key:17} {row.nodes:3} nodes, {row.clusters} x {max(row.shares()):3} repetitions, "
            f"about {row.seconds():4.0f} s: {', '.join(row.cases)}"
        )
    for stage, seconds in plan.estimate(rows, rest_seconds or {}).items():
        print(f"{stage:6} about {seconds / 60:.1f} min")


def main():
    chosen = options()
    if chosen.tell:
        with open(chosen.tell, encoding="utf-8") as file:
            tell(os.path.abspath(chosen.out), json.load(file))
        return
    peers, skipped = choose_peers(chosen.only)
    for peer, why in skipped:
        run.say(f"skipped: {peer.title}: {why}")
    rows = list(plan.rows(peers, chosen.nodes, chosen.cases, chosen.repetitions))
    rest_seconds = None if chosen.no_rest else QUICK["rest"] if chosen.quick else plan.REST
    if chosen.plan:
        tell_plan(rows, rest_seconds)
        return
    if not rows:
        complain("nothing to measure")
    out = os.path.abspath(chosen.out)
    if os.path.realpath(out).startswith("/run/"):
        complain("what is written to /run is lost: this run has its own")
    isolate()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # as the first process it would ignore it
    os.makedirs(out, exist_ok=True)
    os.setpriority(os.PRIO_PROCESS, 0, max(chosen.nice - 1, -20))
    gc.disable()
    begun = time.monotonic()
    about = environment.describe(sys.argv, chosen.nice)
    measured, at_rest = asyncio.run(run.everything(rows, chosen.nice, rest_seconds, not chosen.no_failovers))
    document = {
        **about,
        "seconds": round(time.monotonic() - begun),
        "load_after": environment.load(),
        "peers": [environment.of_peer(peer) for peer in peers],
        "skipped": [{"peer": peer.key, "title": peer.title, "why": why} for peer, why in skipped],
        "failovers": measured,
        "rest": at_rest,
    }
    write(out, "bench.json", json.dumps(document, indent=1))
    tell(out, document)


def write(out, name, text):
    with open(os.path.join(out, name), "w", encoding="utf-8") as file:
        file.write(text + "\n")


def tell(out, document):
    os.makedirs(out, exist_ok=True)
    tables = report.render(document)
    write(out, "bench.md", tables)
    write(out, "failover.svg", plot.render(document))
    print(tables)
    run.say(f"bench: written to {out}")


if __name__ == "__main__":
    main()
