# SPDX-License-Identifier: ISC
"""eldest.py - eldest, as built. What it says on its control socket is what its users see: `watch` on each host.

A host's claim ends when its daemon says so, or when the socket closes: that is how whoever works for the leader
learns that the daemon died.
"""
import asyncio
import json
import os
import socket
import subprocess
import time

from peers.base import Peer, Reader


def builddir():
    return os.environ.get("abs_top_builddir") or os.getcwd()


class WatchReader(Reader):
    def __init__(self, host, journal):
        super().__init__(host, journal)
        self._socket = None
        self._rest = b""
        self._connecting = None

    def started(self):
        self._disconnect()
        self._connecting = asyncio.ensure_future(self._connect())

    async def answering(self):
        await self._connecting

    async def _connect(self):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        try:
            while True:
                try:
                    connection.connect(self.host.path("sock"))
                    break
                except (FileNotFoundError, ConnectionRefusedError):
                    await asyncio.sleep(0.002)
        except asyncio.CancelledError:
            connection.close()
            raise
        connection.sendall(b'{"command":"watch"}\n')
        connection.setblocking(False)
        self._socket, self._rest = connection, b""
        asyncio.get_running_loop().add_reader(connection, self._read)

    def _disconnect(self):
        if self._connecting:
            self._connecting.cancel()
        if self._socket:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()
            self._socket = None

    def _read(self):
        try:
            data = self._socket.recv(65536)
        except BlockingIOError:
            return
        except ConnectionResetError:
            data = b""
        moment = time.monotonic_ns()
        if not data:
            self._disconnect()
            self.journal.note(moment, self.host.name, None)
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self.journal.note(moment, self.host.name, self.opinion(json.loads(line)))

    def opinion(self, change):
        leader = change.get("leader")
        if not leader:
            return None
        if leader["self"]:
            return self.host.name
        return leader["name"] if leader["name"] != self.host.name else None

    def close(self):
        self._disconnect()
        super().close()


async def ask(host, command):
    """One question to a daemon. None if it does not answer within 2 s."""
    try:
        async with asyncio.timeout(2):
            reader, writer = await asyncio.open_unix_connection(host.path("sock"), limit=1 << 24)
            try:
                writer.write(json.dumps({"command": command}).encode() + b"\n")
                line = await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return None
    return json.loads(line) if line else None


class Eldest(Peer):
    package = program = "eldest"
    leads_when = "it says so on its control socket (`eldest watch`, read as it comes)"
    slow = False
    can_resign = True
    period = 0.75  # the least time between two heartbeats of a node, in a cluster of three
    rest = 0.4
    failover = 0.2
    start = 0.8

    def __init__(self, detect_ms=None):
        self.detect_ms = detect_ms or 300
        self.key = f"eldest-{detect_ms}ms" if detect_ms else "eldest"
        self.title = f"eldest, detect = {detect_ms}ms" if detect_ms else "eldest, no configuration"
        self.settings = (
            f"eldestd -f -i eth0; [timing] detect = {detect_ms}ms"
            if detect_ms
            else "eldestd -f -i eth0; all defaults (detect = 300ms)"
        )
        self._lines = f"[timing]\ndetect = {detect_ms}ms\n" if detect_ms else ""
        self.hold = max(self.detect_ms / 1000, 0.2)
        self._told_to_resign = {}  # host: the connection on which it answers

    def lines(self, nodes):
        """What a cluster of that size needs in its configuration files."""
        return self._lines

    def path(self):
        return os.path.join(builddir(), "eldestd")

    def missing(self):
        if not os.access(self.path(), os.X_OK):
            return f"there is no {self.path()}: build it first"
        done = subprocess.run(
            [self.path(), "--check", "-c", "/dev/stdin"], input=self.lines(3), capture_output=True, text=True
        )
        return (
            None
            if done.returncode == 0
            else "it does not take these settings: "
            + (done.stderr.strip() or done.stdout.strip()).replace("/dev/stdin:", "line ")
        )

    def version(self):
        done = subprocess.run([self.path(), "-V"], capture_output=True, text=True)
        return done.stdout.partition("\n")[0].removeprefix("eldestd ") or "unknown"

    def configure(self, host, hosts):
        host.write("conf", f"[node]\nname = {host.name}\n{self.lines(len(hosts))}")

    def command(self, host):
        return [self.path(), "-f", "-c", "/run/conf", "-i", "eth0", "-S", "/run/state", "-s", "/run/sock"]

    def reader(self, host, journal):
        return WatchReader(host, journal)

    def resign(self, host, main):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        connection.connect(host.path("sock"))
        connection.setblocking(False)
        moment = time.monotonic_ns()
        connection.sendall(b'{"command":"resign"}\n')
        self._told_to_resign[host] = connection
        return moment

    def refused(self, host):
        """It is not certain that it leads, after a stall of the machine as long as it tolerates."""
        with self._told_to_resign.pop(host) as connection:
            try:
                return b'"error"' in connection.recv(4096)
            except OSError:
                return False

    async def waits_for(self, hosts):
        """Everybody knows everybody, and who would be next; and no lease is under way that a leader told when it was
        asked: it would keep to that when it hands over."""
        pictures = [await ask(host, "status") for host in hosts]
        for host, picture in zip(hosts, pictures):
            if picture is None:
                return f"{host.name} does not answer"
            if len(picture["peers"]) != len(hosts):
                return f"{host.name} knows {len(picture['peers'])} of {len(hosts)}"
        following = {json.dumps(picture.get("next")) for picture in pictures}
        if len(following) != 1 or "null" in following:
            return f"next is one of {', '.join(sorted(following))}"
        await asyncio.sleep(max(picture.get("lease_ms") or 0 for picture in pictures) / 1000)
        return None


class EldestMajority(Eldest):
    """A leader that was elected says nothing of it before it has a lease, and nothing any more when that has ended: see
    the manual of eldest.conf, `quorum`."""

    leads_when = f"{Eldest.leads_when}, which it does only while it has a lease"
    majority = True
    largest = 7
    slow = True
    period = 0.5  # between two heartbeats of a voter
    rest = 2.5  # who has just started votes for nobody for as long as `promise`, 2 s
    failover = 1.9

    def __init__(self):
        super().__init__()
        self.key = "eldest-majority"
        self.title = "eldest, majority"
        self.hold = 2.0  # `promise`: how long voters stand by a leader that they have answered
        self.settings = "eldestd -f -i eth0; [cluster] quorum = majority, expect = the number of hosts"

    def lines(self, nodes):
        return f"[cluster]\nquorum = majority\nexpect = {nodes}\n"
