# SPDX-License-Identifier: ISC
"""corosync.py - membership with a quorum: it elects nobody, but its users take the lowest id of the members.

Each node's own log, read from its standard error, tells its members and whether they are quorate. A failover is over
when all live nodes name the same leader: before, they have no common membership.
"""
import re

from peers.base import LogReader, Peer

NODE = """    node {{
        ring0_addr: {address}
        name: {name}
        nodeid: {number}
    }}
"""
CONFIGURATION = """totem {{
    version: 2
    cluster_name: bench
    transport: {transport}
    crypto_cipher: none
    crypto_hash: none
{timings}}}
nodelist {{
{nodes}}}
quorum {{
    provider: corosync_votequorum
}}
logging {{
    to_stderr: yes
    to_syslog: no
    to_logfile: no
}}
system {{
    state_dir: /run/state
}}
"""
MEMBERS = re.compile(rb"\[QUORUM\] Members\[\d+\]: ([\d ]+)")


class MembershipReader(LogReader):
    def started(self):
        self._quorate, self._members = False, ()

    def opinion(self):
        return f"h{min(self._members)}" if self._quorate and self._members else None

    def take(self, line):
        members = MEMBERS.search(line)
        if members:
            self._members = tuple(int(number) for number in members[1].split())
        elif b"within the primary component" in line:
            self._quorate = True
        elif b"within the non-primary component" in line or b"Service engine unloaded: corosync vote quorum" in line:
            self._quorate = False  # when it stops, it ends the service that its users ask, and itself up to 1 s later


class Corosync(Peer):
    package = program = "corosync"
    leads_when = "it has the lowest id of a quorate membership, by its own log; over when all live nodes log the same"
    agreement = True
    resource = False
    real_time = True
    majority = True
    same_processes = True
    period = 1.0
    hold = 2.0
    rest = 1.5
    limit = 60.0
    start = 4.0

    def __init__(self, transport, token_ms=None):
        """With a token it is as fast as eldest promises to be: a token lost for that long is noticed, whatever the
        size."""
        self.transport, self.token_ms = transport, token_ms
        self.key = f"corosync-{token_ms}ms" if token_ms else f"corosync-{transport}"
        self.largest = 3 if transport == "udpu" else None  # knet, its default, is there; both would take too long
        self.title = f"corosync, token {token_ms} ms" if token_ms else f"corosync, {transport}"
        timings = (
            f"token {token_ms}, token_coefficient 0"
            if token_ms
            else "all timings default (token 3 s + 0.65 s for each node above two)"
        )
        self.settings = (
            f"corosync -f; nodelist, transport {transport}, votequorum, no crypto; {timings}; sched_rr as by default"
        )
        if token_ms:
            self.slow, self.period, self.start, self.rest = False, token_ms / 1000, 2.0, 0.5
            self.hold = 3 * token_ms / 1000

    def takes(self, case, nodes):
        self.failover = 2.2 * (self.token_ms / 1000 if self.token_ms else 3 + 0.65 * (nodes - 2))
        return super().takes(case, nodes)

    def configure(self, host, hosts):
        nodes = "".join(NODE.format(address=other.address, name=other.name, number=other.number) for other in hosts)
        timings = f"    token: {self.token_ms}\n    token_coefficient: 0\n" if self.token_ms else ""
        host.write("corosync.conf", CONFIGURATION.format(transport=self.transport, timings=timings, nodes=nodes))

    def command(self, host):
        return [self.path(), "-f", "-c", "/run/corosync.conf"]

    def reader(self, host, journal):
        return MembershipReader(host, journal)

    def preferred(self, hosts):
        return hosts[0].name
