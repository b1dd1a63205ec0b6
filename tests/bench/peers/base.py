# SPDX-License-Identifier: ISC
"""base.py - what the harness has to know of a daemon; and the readers of those that hold a virtual address, and of
those that tell of themselves in their log."""
import asyncio
import errno
import os
import shutil
import signal
import socket
import subprocess
import time

import kernel
import lan


def find(program):
    """Its path, or None."""
    return shutil.which(program, path="/usr/sbin:/usr/bin:/sbin:/bin")


class Peer:
    """One program with one set of settings. Times are in seconds."""

    key = ""  # on the command line, in the JSON
    title = ""  # in tables
    package = ""
    program = ""
    settings = ""  # for people: all that is not left at its default
    leads_when = ""  # how the harness sees it
    period = 1.0  # of its own timer: faults come at a random phase of it
    hold = 1.0  # how long a leader has to stay the only one before a failover counts as over
    rest = 1.0  # how long a cluster is left alone before it is disturbed
    limit = 30.0  # a failover that takes longer has not settled
    agreement = False  # whether its leader is a matter of agreement among all
    slow = True  # timers of a second or more: several clusters may be measured side by side
    resource = True  # whether "who holds the resource" can be seen on a host whose daemon is dead
    real_time = False  # its priority
    majority = False  # whether it leads only where more than half of all hosts are
    largest = None  # with how many nodes it is worth its time, if there is such a limit
    can_resign = False
    same_processes = False  # one process, or none that is worth killing alone: killing the main one is killing all
    failover = 3.0  # about how long one takes, to estimate the time of a run
    start = 4.0  # about how long a start takes until all is as before

    def missing(self):
        """Why it cannot be run here, or None."""
        return None if find(self.program) else f"{self.package} is not installed"

    def path(self):
        return find(self.program)

    def version(self):
        done = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", self.package], capture_output=True, text=True)
        return done.stdout.strip() or "unknown"

    def configure(self, host, hosts):
        """Writes what the daemon reads into the host's folder."""

    def command(self, host):
        raise NotImplementedError

    def reader(self, host, journal):
        """What listens to the host's claims."""
        raise NotImplementedError

    def preferred(self, hosts):
        """The host that takes leadership whenever it is there; None where a leader stays."""
        return None

    def resign(self, host, main):
        """Tells the leader, whose main process has that id, to hand over; returns the moment just before."""
        raise NotImplementedError

    def refused(self, host):
        """Whether that host refused to hand over when it was told to the last time."""
        return False

    def takes(self, case, nodes):
        """About how many seconds a case takes, with what comes before and after."""
        if case == "cold":
            return self.start + self.hold
        each = self.failover + self.hold + self.rest + self.period / 2
        return 2 * each if case == "split" else each + (0 if case == "resign" else self.start)

    async def waits_for(self, hosts):
        """What is missing until the cluster has come to rest, as far as the daemons themselves tell; None if nothing
        is."""
        return None

    def forget(self, host):
        """Removes what the daemon kept on a disk. Nothing runs on the host."""
        shutil.rmtree(host.path("state"))
        os.makedirs(host.path("state"))

    def clean_up(self, host):
        """What the reboot of a host whose daemon was killed would remove, except what is in /run. Nothing runs on the
        host."""


class Reader:
    """Listens to one host. `output` is where the daemon's output goes: a file, unless a reader wants to read it."""

    def __init__(self, host, journal):
        self.host, self.journal = host, journal
        self.output = os.open(host.path("log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)

    def started(self):
        """The daemon has been started just now."""

    async def answering(self):
        """Until the daemon can be heard."""

    def circumstances(self):
        """What else is so of a host that leads, and worth writing down when it is disturbed."""
        return {}

    def close(self):
        os.close(self.output)


class LogReader(Reader):
    """Reads the daemon's output as it comes, which goes to the log all the same. Each kind of log has its own take(),
    opinion(), and started(), after which nothing is known."""

    def __init__(self, host, journal):
        super().__init__(host, journal)
        self._log = self.output
        self._read_end, self.output = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        os.set_blocking(self.output, True)
        self._rest = b""
        self.started()
        asyncio.get_running_loop().add_reader(self._read_end, self._read)

    def take(self, line):
        raise NotImplementedError

    def opinion(self):
        """Whom the host names, by the lines so far."""
        raise NotImplementedError

    def _read(self):
        data = os.read(self._read_end, 65536)
        moment = time.monotonic_ns()
        os.write(self._log, data)
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self.take(line)
        if lines:
            self.journal.note(moment, self.host.name, self.opinion())

    def ended(self, moment):
        """The log of one that is killed says nothing: who uses it sees its sockets closed."""
        self.started()
        self.journal.note(moment, self.host.name, None)

    def close(self):
        asyncio.get_running_loop().remove_reader(self._read_end)
        os.close(self._read_end)
        os.close(self._log)
        super().close()


class AddressReader(Reader):
    """The host claims to lead while the virtual address is on its eth0, by the events of the kernel."""

    def __init__(self, host, journal):
        super().__init__(host, journal)
        self._vip = socket.inet_aton(lan.VIP)
        with kernel.inside(host.netns):
            self._events = kernel.rtnetlink(kernel.RTMGRP_IPV4_IFADDR)
        asyncio.get_running_loop().add_reader(self._events, self._read)

    def _read(self):
        missed = False
        while True:
            try:
                data = self._events.recv(65536)
            except BlockingIOError:
                break
            except OSError as error:
                if error.errno != errno.ENOBUFS:
                    raise
                missed = True
                continue
            moment = time.monotonic_ns()
            for added, address in kernel.address_changes(data):
                if address == self._vip:
                    self._note(moment, added)
        if missed:
            self._note(time.monotonic_ns(), kernel.has_address(self.host.netns, self._vip))

    def _note(self, moment, has):
        self.journal.note(moment, self.host.name, self.host.name if has else None)

    def close(self):
        asyncio.get_running_loop().remove_reader(self._events)
        self._events.close()
        super().close()


class AddressPeer(Peer):
    """A daemon whose master holds a virtual address."""

    leads_when = f"{lan.VIP} is on its eth0 (rtnetlink event)"

    def reader(self, host, journal):
        return AddressReader(host, journal)

    def clean_up(self, host):
        kernel.remove_address(host.netns, "eth0", socket.inet_aton(lan.VIP))


def send_signal(pid, number):
    moment = time.monotonic_ns()
    os.kill(pid, number)
    return moment


SIGUSR2 = signal.SIGUSR2
