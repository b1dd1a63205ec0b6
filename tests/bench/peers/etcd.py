# SPDX-License-Identifier: ISC
"""etcd.py - a replicated store: who leads its Raft, and who holds a lock that is kept in it, with a lease.

Each host has a member of a static cluster, whose log tells whom Raft has made leader; etcd has its own use for that one
only. So others elect a leader by a lock: on each host a client asks its own member for it, names its key as soon as it
has it, and ends when it can no longer renew its lease; then it asks again.
"""
import re

from peers.base import LogReader, Peer, find

MEMBER = (
    "{program} --name {name} --data-dir /run/state/member --initial-cluster {cluster} "
    "--listen-peer-urls http://{address}:2380 --initial-advertise-peer-urls http://{address}:2380 "
    "--listen-client-urls http://{address}:2379 --advertise-client-urls http://{address}:2379"
)
MEMBERS = "etcd; a static cluster, no TLS; all timings default (heartbeat 100 ms, election timeout 1 s)"
LOCK = "leader"
NO_LOCK = "the lock is gone"
MEMBER_AND_CLIENT = f"""{{member}} &
member=$!
trap 'kill "$lock"; wait "$lock"; echo "{NO_LOCK}"; kill "$member"; exit' TERM
while :; do
    ETCDCTL_API=3 {{client}} --endpoints {{address}}:2379 lock --ttl {{ttl}} {LOCK} &
    lock=$!
    wait "$lock"
    echo "{NO_LOCK}"
    sleep 0.2
done
"""
NEW_LEADER = re.compile(rb"raft\.node: (\w+) (?:elected leader|changed leader from \w+ to) (\w+) at term")
LOST_LEADER = re.compile(rb"raft\.node: \w+ lost leader ")
KEY = re.compile(rb"%s/[0-9a-f]+$" % LOCK.encode())


class RaftReader(LogReader):
    """A host names itself, or nobody."""

    def started(self):
        self.leads_raft = False

    def take(self, line):
        leader = NEW_LEADER.search(line)
        if leader:
            self.leads_raft = leader[1] == leader[2]
        elif LOST_LEADER.search(line):
            self.leads_raft = False

    def opinion(self):
        return self.host.name if self.leads_raft else None


class LockReader(RaftReader):
    """The member and the client of a host write the same log."""

    def started(self):
        super().started()
        self.has_lock = False

    def take(self, line):
        if KEY.match(line):
            self.has_lock = True
        elif line == NO_LOCK.encode():
            self.has_lock = False
        else:
            super().take(line)

    def opinion(self):
        return self.host.name if self.has_lock else None

    def circumstances(self):
        """A lease does not run out before Raft has a leader, and begins afresh with that one."""
        return {"led_raft": self.leads_raft}


class Etcd(Peer):
    package, program = "etcd-server", "etcd"
    resource = False
    majority = True
    same_processes = True
    largest = 7
    hold = 2.0
    start = 1.0

    def script(self, host, member):
        """What runs on the host, of which the command of its member is a part."""
        raise NotImplementedError

    def configure(self, host, hosts):
        cluster = ",".join(f"{other.name}=http://{other.address}:2380" for other in hosts)
        member = MEMBER.format(program=self.path(), name=host.name, address=host.address, cluster=cluster)
        host.write("start.sh", self.script(host, member))

    def command(self, host):
        return ["/bin/sh", "/run/start.sh"]


class EtcdRaft(Etcd):
    key = "etcd-raft"
    title = "etcd, Raft"
    settings = MEMBERS
    leads_when = "its Raft has made it leader, by its own log"
    period = 0.1
    rest = 2.0
    failover = 1.4

    def script(self, host, member):
        return f"exec {member}\n"

    def reader(self, host, journal):
        return RaftReader(host, journal)


class EtcdLock(Etcd):
    ttl = 2
    key = "etcd-lock"
    title = f"etcd, lock of TTL {ttl} s"
    settings = f"{MEMBERS}; etcdctl lock --ttl {ttl} on each host, asking its own member, and again when it has ended"
    leads_when = "etcdctl has named the key of its lock, and has not ended"
    period = ttl / 3  # it renews its lease so often
    rest = 3.0
    failover = 3.0

    def missing(self):
        return super().missing() or (None if find("etcdctl") else "etcd-client is not installed")

    def script(self, host, member):
        return MEMBER_AND_CLIENT.format(member=member, client=find("etcdctl"), address=host.address, ttl=self.ttl)

    def reader(self, host, journal):
        return LockReader(host, journal)
