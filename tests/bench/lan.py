# SPDX-License-Identifier: ISC
"""lan.py - one LAN: hosts, each a network namespace with eth0, on two switches in a namespace of their own.

     h1  h2  h3              A host's port is pN; blocked, the host has lost its power as far as the others can see,
      |   |   |              while its own carrier stays. The switches swa and swb are joined by one cable (ta, tb);
     p1  p2  p3              blocked, the LAN is in two halves. Both are one prepared rtnetlink message, so no exec
      |   |   |              lies between the time stamp and the fault. Normally every host is on swa, and swb is
    =swa======= ta--tb =swb= empty.

IPv6 is switched off on all of them, so that only what the daemons send is counted. The namespaces and everything in
them are seen by this run alone (see bench.py), and end with it.
"""
import contextlib
import os
import shutil
import socket
import subprocess
import time

import kernel

RUN = "/run/bench"
SUBNET = "10.114.0"
VIP = SUBNET + ".254"


def run(*command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}\n{text or ''}")
    return done.stdout


def _namespace(name):
    run("ip", "netns", "add", name)
    netns = os.open(f"/run/netns/{name}", os.O_RDONLY | os.O_CLOEXEC)
    with kernel.inside(netns):
        for group in ("all", "default"):
            path = f"/proc/sys/net/ipv6/conf/{group}/disable_ipv6"
            if os.path.exists(path):
                with open(path, "w", encoding="ascii") as file:
                    file.write("1")
    return netns


class Host:
    """What a host has, whatever daemon runs on it. Its folder `home` is what its daemon sees as /run."""

    def __init__(self, lan, number):
        self.number = number
        self.name = f"h{number}"
        self.port = f"p{number}"
        self.address = f"{SUBNET}.{number}"
        self.namespace = f"{lan.name}-{self.name}"
        self.netns = _namespace(self.namespace)
        self.netns_inode = os.fstat(self.netns).st_ino
        self.home = f"{RUN}/{lan.name}/{self.name}"
        os.makedirs(self.path("state"))

    def path(self, name):
        return os.path.join(self.home, name)

    def write(self, name, text, mode=0o644):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(self.path(name), mode)

    def empty(self):
        """As a reboot leaves /run: ids of processes that are no more, and sockets, are gone. What a daemon keeps on a
        disk is in the folder `state`."""
        for name in set(os.listdir(self.home)) - {"log", "state"}:
            shutil.rmtree(self.path(name), ignore_errors=True)
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.path(name))


class Lan:
    def __init__(self, name, size):
        self.name = name
        self.switch_namespace = f"{name}-sw"
        self.switch = _namespace(self.switch_namespace)
        self.on_b = set()
        self.hosts = [Host(self, number) for number in range(1, size + 1)]
        self._connect()
        with kernel.inside(self.switch):
            self._rtnetlink = kernel.rtnetlink()
            self._index = {host: socket.if_nametoindex(host.port) for host in self.hosts}
            self._cable = socket.if_nametoindex("ta")

    def _connect(self):
        lines = [
            "link add name swa type bridge mcast_snooping 0",
            "link add name swb type bridge mcast_snooping 0",
            "link add name ta type veth peer name tb",
            "link set ta master swa",
            "link set tb master swb",
        ]
        lines += [f"link set {name} up" for name in ("swa", "swb", "ta", "tb")]
        for host in self.hosts:
            lines += [
                f"link add name {host.port} type veth peer name eth0 netns {host.namespace}",
                f"link set {host.port} master swa",
                f"link set {host.port} up",
            ]
        self._batch(self.switch_namespace, lines)
        for host in self.hosts:
            self._batch(host.namespace, ["link set lo up", f"addr add {host.address}/24 dev eth0", "link set eth0 up"])
        self._wait_for_carriers()

    def _wait_for_carriers(self, limit=10.0):
        """The kernel tells a port of its carrier when it has time: until then the state of the port cannot be set."""
        deadline = time.monotonic() + limit
        ports = {host.port for host in self.hosts}
        while time.monotonic() < deadline:
            listed = run("ip", "-n", self.switch_namespace, "-o", "link", "show", "up").splitlines()
            ready = {line.split()[1].split("@")[0].rstrip(":") for line in listed if "LOWER_UP" in line}
            if ports <= ready:
                return
            time.sleep(0.01)
        raise RuntimeError(f"{self.name}: no carrier after {limit:.0f} s: {', '.join(sorted(ports - ready))}")

    @staticmethod
    def _batch(namespace, lines):
        run("ip", "-n", namespace, "-batch", "-", text="\n".join(lines) + "\n")

    def _set_state(self, index, state):
        request = kernel.port_state_request(index, state)
        moment = time.monotonic_ns()
        self._rtnetlink.send(request)
        kernel.expect_acknowledgement(self._rtnetlink)
        return moment

    # Each of these returns the moment just before.

    def cut(self, host):
        return self._set_state(self._index[host], kernel.PORT_BLOCKED)

    def heal(self, host):
        return self._set_state(self._index[host], kernel.PORT_FORWARDING)

    def split(self):
        return self._set_state(self._cable, kernel.PORT_BLOCKED)

    def join(self):
        return self._set_state(self._cable, kernel.PORT_FORWARDING)

    def arrange(self, on_b):
        """Plugs the given hosts into swb and all others into swa; what the switches learnt before is forgotten."""
        on_b = set(on_b)
        lines = [
            f"link set {host.port} master {'swb' if host in on_b else 'swa'}"
            for host in self.hosts
            if (host in on_b) != (host in self.on_b)
        ]
        self.on_b = on_b
        if lines:
            lines += ["link set swa type bridge fdb_flush", "link set swb type bridge fdb_flush"]
            self._batch(self.switch_namespace, lines)

    def lose(self, percent):
        rule = f'iifname "p*" numgen random mod 100 < {percent} counter name lost drop'
        self._nft(
            "add table bridge loss; add counter bridge loss lost; "
            "add chain bridge loss forward { type filter hook forward priority 0; }; "
            f"add rule bridge loss forward {rule}"
        )

    def lose_no_more(self):
        """Returns how many frames were lost."""
        words = self._nft("list counter bridge loss lost").split()
        self._nft("delete table bridge loss")
        return int(words[words.index("packets") + 1])

    def _nft(self, rules):
        return run("ip", "netns", "exec", self.switch_namespace, "nft", rules)

    def close(self):
        """Nothing runs on the hosts any more."""
        self._rtnetlink.close()
        for host in self.hosts:
            os.close(host.netns)
            run("ip", "netns", "del", host.namespace)
        os.close(self.switch)
        run("ip", "netns", "del", self.switch_namespace)
