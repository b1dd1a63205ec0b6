# SPDX-License-Identifier: ISC
"""claims.py - who says at which moment that it leads, and the judgement on it. Pure: no clock, no system call.

A journal keeps, in the order in which they were seen, the opinions of the hosts of one cluster: whom each of them
names as the leader, with the moment (CLOCK_MONOTONIC, ns) at which the harness had it. A host claims to lead when it
names itself. Peers that only show who holds the resource (VRRP, CARP) have hosts that name themselves or nobody.

The rules, the same for every peer:

  - A failover is over when exactly one of the hosts that count claims, it is not the one that had to go, and that
    stays so for the peer's hold time. Where followers name a leader too (eldest, corosync), `agreed` is the moment
    from which all of them name that one; for a peer whose leader is a matter of agreement (corosync) it is the one
    that counts.
  - Several leaders at once are counted among the hosts that survive and can be reached, when that lasts for more than
    0.1 ms.
  - A takeover is a host that begins to claim.
"""
import dataclasses

SEVERAL_NS = 100_000  # less is the noise of reading many sockets in turn


class Journal:
    def __init__(self, hosts):
        self.hosts = tuple(hosts)
        self.now = dict.fromkeys(self.hosts)
        self.changes = []  # (ns, host, whom it names or None)
        self.heard = None  # called after each change

    def note(self, moment, host, leader):
        if self.now[host] == leader:
            return
        self.now[host] = leader
        self.changes.append((moment, host, leader))
        if self.heard:
            self.heard()

    def mark(self):
        """A place in the journal, from which to judge."""
        return Mark(len(self.changes), dict(self.now))

    def since(self, mark):
        return self.changes[mark.position :]


@dataclasses.dataclass(frozen=True)
class Mark:
    position: int
    names: dict


@dataclasses.dataclass(frozen=True)
class Question:
    """What has to become true. `counted`: whose claims count. `followers`: who has to name the leader. `not_host`:
    who may not be it. `agreement`: whether it is over only when all followers name it."""

    counted: tuple
    followers: tuple
    not_host: str = None
    agreement: bool = False

    def leader(self, names):
        claimants = [host for host in self.counted if names[host] == host]
        return claimants[0] if len(claimants) == 1 and claimants[0] != self.not_host else None

    def agreed(self, names):
        leader = self.leader(names)
        return leader is not None and all(names[host] == leader for host in self.followers)

    def answered(self, names):
        return self.agreed(names) if self.agreement else self.leader(names) is not None


def _steps(mark, changes, start):
    """Yields (ns, names) from `start` on: first what was so then, then after each change."""
    names = dict(mark.names)
    begun = False
    for moment, host, leader in changes:
        if moment > start and not begun:
            begun = True
            yield start, names
        names[host] = leader
        if begun:
            yield moment, names
    if not begun:
        yield start, names


class Since:
    """From which moment, `start` or later, holds(names) has been true until now, and the same; None if it is not. For
    a question about a leader pass a function that gives the leader, or None. It takes each change once: a journal may
    become long."""

    def __init__(self, journal, mark, start, holds):
        self._journal, self._position, self._names = journal, mark.position, dict(mark.names)
        self._start, self._holds = start, holds
        self._since = self._value = None
        self._begun = False

    def moment(self):
        for moment, host, leader in self._journal.changes[self._position :]:
            if moment > self._start:
                self._begin()
            self._names[host] = leader
            if self._begun:
                self._judge(moment)
        self._position = len(self._journal.changes)
        return self._since if self._begun else self._start if self._holds(self._names) else None

    def _begin(self):
        if not self._begun:
            self._begun = True
            self._judge(self._start)

    def _judge(self, moment):
        found = self._holds(self._names)
        if not found:
            self._since = None
        elif found != self._value:
            self._since = moment
        self._value = found


def last_true_since(journal, mark, start, holds):
    return Since(journal, mark, start, holds).moment()


@dataclasses.dataclass(frozen=True)
class Several:
    most: int  # leaders at once
    longest_ns: int  # the longest time of more than one without a break

    def __bool__(self):
        return self.most > 1


def several_leaders(mark, changes, start, end, hosts):
    most, longest, began, peak = 1, 0, None, 0
    for moment, names in [*_snapshots(mark, changes, start, end), (end, {})]:
        count = sum(names.get(host) == host for host in hosts)
        if count > 1:
            began = moment if began is None else began
            peak = max(peak, count)
        elif began is not None:
            if moment - began > SEVERAL_NS:
                most, longest = max(most, peak), max(longest, moment - began)
            began, peak = None, 0
    return Several(most, longest)


def _snapshots(mark, changes, start, end):
    return [(moment, dict(names)) for moment, names in _steps(mark, changes, start) if moment <= end]


@dataclasses.dataclass(frozen=True)
class Stability:
    takeovers: int
    several_ns: int  # in all
    leaderless_ns: int  # in all


def stability(mark, changes, start, end, hosts):
    takeovers = several = leaderless = 0
    before = None
    snapshots = [*_snapshots(mark, changes, start, end), (end, {})]
    for (moment, names), (until, _) in zip(snapshots, snapshots[1:]):
        claimants = {host for host in hosts if names[host] == host}
        takeovers += len(claimants - before) if before is not None else 0
        several += (until - moment) * (len(claimants) > 1)
        leaderless += (until - moment) * (not claimants)
        before = claimants
    return Stability(takeovers, several, leaderless)
