# SPDX-License-Identifier: ISC
"""processes.py - the processes of a host: started at an instant, listed, ended by their ids.

A process is prepared first: forked, moved into the host's namespaces, its folder made to be its /run and /dev/shm (a
corosync that is killed leaves 8 MB there each time), its output redirected; there it waits for one byte. So a cold
start is the moment just before the first byte, and what follows is the daemon's own: an exec and its start.

The processes of a host are all those in its network namespace, whoever their parent is: a daemon, its workers, a
guardian that it forked. This run has a process namespace of its own (see bench.py) and is PID 1 there, so orphans
come to it: it reaps them.
"""
import asyncio
import os
import signal
import time

import kernel


class Processes:
    """Reaps, and keeps the statuses of what ended. One for all."""

    def __init__(self, nice):
        self.nice = nice
        self.statuses = {}

    def reap(self):
        try:
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return
                self.statuses[pid] = os.waitstatus_to_exitcode(status)
        except ChildProcessError:
            pass


def _become(host, command, go, output, nice):
    """In the child: never returns."""
    try:
        os.setsid()
        kernel.setns(host.netns, kernel.CLONE_NEWNET)
        kernel.unshare(kernel.CLONE_NEWNS)
        kernel.mount(None, "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
        kernel.mount(host.home, "/run", None, kernel.MS_BIND)
        os.makedirs("/run/shm", exist_ok=True)
        kernel.mount("/run/shm", "/dev/shm", None, kernel.MS_BIND)
        os.chdir("/run")
        if nice is not None:
            os.setpriority(os.PRIO_PROCESS, 0, nice)
        os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        if os.read(go, 1):
            os.execv(command[0], command)
    except BaseException as error:  # pylint: disable=broad-except
        os.write(2, f"cannot start {command[0]}: {error}\n".encode())
    os._exit(127)


class Prepared:
    """A process that waits to become the daemon. `output` is a descriptor; it stays the caller's."""

    def __init__(self, processes, host, command, output):
        waits, self._go = os.pipe2(os.O_CLOEXEC)
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._go)
            _become(host, command, waits, output, processes.nice)
        os.close(waits)
        self.pidfd = os.pidfd_open(self.pid)

    def go(self):
        """Returns the moment just before."""
        moment = time.monotonic_ns()
        os.write(self._go, b"!")
        os.close(self._go)
        return moment

    def close(self):
        """It has ended, as its descriptor told the loop."""
        asyncio.get_running_loop().remove_reader(self.pidfd)
        os.close(self.pidfd)


def of_host(host):
    """The ids of all processes in the host's network namespace, the youngest first, so that the main process comes
    last."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                if os.stat(f"/proc/{name}/ns/net").st_ino == host.netns_inode:
                    found.append(int(name))
            except OSError:
                pass  # it has ended
    return sorted(found, reverse=True)


def kill(pids, number=signal.SIGKILL):
    """Returns the moment just before the first."""
    moment = time.monotonic_ns()
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass
    return moment


def kill_at_once(pids):
    """All are stopped before the first is killed: this process may have to wait between two signals, long enough for
    one of them to act on the end of another. Returns the moment just before the first stops."""
    moment = kill(pids, signal.SIGSTOP)
    kill(pids)
    return moment


def set_nice(pids, nice):
    for pid in pids:
        try:
            for thread in os.listdir(f"/proc/{pid}/task"):
                os.setpriority(os.PRIO_PROCESS, int(thread), nice)
        except OSError:
            pass  # it has ended


async def wait_gone(processes, host, limit=10.0):
    """Until no process is left on the host, which were all killed; returns those that are there after the limit."""
    deadline = time.monotonic() + limit
    while True:
        processes.reap()
        left = of_host(host)
        if not left or time.monotonic() > deadline:
            return left
        kill(left)  # one may have been born meanwhile
        await asyncio.sleep(0.005)
