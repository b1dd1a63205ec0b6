# SPDX-License-Identifier: ISC
"""kernel.py - what Python's library does not have: namespaces, mounts, and two kinds of rtnetlink message.

A namespace is entered by the whole (single-threaded) process for the few calls that need it, and left again: sockets,
and the index of an interface, belong for ever to the namespace in which they were made.
"""
import contextlib
import ctypes
import errno
import os
import socket
import struct

CLONE_NEWNS = 0x00020000
CLONE_NEWNET = 0x40000000
MS_BIND = 4096
MS_REC = 16384
MS_PRIVATE = 1 << 18

_libc = ctypes.CDLL(None, use_errno=True)


def _call(name, *arguments):
    if getattr(_libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def setns(fd, kind):
    _call("setns", fd, kind)


def unshare(kinds):
    _call("unshare", kinds)


def mount(source, target, kind, flags=0):
    encoded = [None if text is None else os.fsencode(text) for text in (source, target, kind)]
    _call("mount", *encoded, ctypes.c_ulong(flags), None)


@contextlib.contextmanager
def inside(netns):
    """In the network namespace of that descriptor."""
    home = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        setns(netns, CLONE_NEWNET)
        yield
    finally:
        setns(home, CLONE_NEWNET)
        os.close(home)


# ------------------------------------------------------------------------------------------------------- rtnetlink

NLM_F_REQUEST = 1
NLM_F_ACK = 4
NLM_F_DUMP = 0x300
NLMSG_ERROR = 2
NLMSG_DONE = 3
NLA_F_NESTED = 0x8000
RTM_SETLINK = 19
RTM_NEWADDR = 20
RTM_DELADDR = 21
RTM_GETADDR = 22
RTMGRP_IPV4_IFADDR = 0x10
AF_BRIDGE = 7
IFLA_PROTINFO = 12
IFLA_BRPORT_STATE = 1
IFA_LOCAL = 2
SO_RCVBUFFORCE = 33

PORT_BLOCKED = 0  # what the kernel calls disabled: neither takes nor gives a frame; the carrier stays
PORT_FORWARDING = 3


def _attribute(kind, value):
    header = struct.pack("=HH", 4 + len(value), kind)
    return header + value + b"\0" * (-len(value) % 4)


def port_state_request(index, state):
    """The message that sets the state of a bridge port."""
    body = struct.pack("=BxHiII", AF_BRIDGE, 0, index, 0, 0)
    body += _attribute(IFLA_PROTINFO | NLA_F_NESTED, _attribute(IFLA_BRPORT_STATE, bytes([state])))
    return struct.pack("=IHHII", 16 + len(body), RTM_SETLINK, NLM_F_REQUEST | NLM_F_ACK, 1, 0) + body


def rtnetlink(groups=0):
    """A socket in the present namespace. With groups, one that does not wait, and has room for a storm of events."""
    kind = socket.SOCK_RAW | socket.SOCK_CLOEXEC | (socket.SOCK_NONBLOCK if groups else 0)
    connection = socket.socket(socket.AF_NETLINK, kind, socket.NETLINK_ROUTE)
    if groups:
        connection.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)
    connection.bind((0, groups))
    return connection


def expect_acknowledgement(connection):
    answer = connection.recv(65536)
    kind = struct.unpack_from("=H", answer, 4)[0]
    code = -struct.unpack_from("=i", answer, 16)[0] if kind == NLMSG_ERROR else errno.EPROTO
    if code:
        raise OSError(code, f"rtnetlink: {os.strerror(code)}")


def remove_address(netns, interface, address):
    """Removes an IPv4 address (4 bytes), if it is there."""
    with inside(netns), rtnetlink() as connection:
        index = socket.if_nametoindex(interface)
        body = struct.pack("=BBBBI", socket.AF_INET, 32, 0, 0, index) + _attribute(IFA_LOCAL, address)
        connection.send(struct.pack("=IHHII", 16 + len(body), RTM_DELADDR, NLM_F_REQUEST | NLM_F_ACK, 1, 0) + body)
        try:
            expect_acknowledgement(connection)
        except OSError as error:
            if error.errno != errno.EADDRNOTAVAIL:
                raise


def has_address(netns, address):
    """Whether an interface there has that IPv4 address (4 bytes)."""
    found = False
    with inside(netns), rtnetlink() as connection:
        connection.send(
            struct.pack("=IHHIIBxxxI", 24, RTM_GETADDR, NLM_F_REQUEST | NLM_F_DUMP, 1, 0, socket.AF_INET, 0)
        )
        while True:
            data = connection.recv(65536)
            found = found or any(added and one == address for added, one in address_changes(data))
            if any(kind in (NLMSG_DONE, NLMSG_ERROR) for kind, _ in _messages(data)):
                return found


def address_changes(data):
    """Yields (added, IPv4 address as 4 bytes) for each change of an address that a datagram tells of."""
    for kind, body in _messages(data):
        if kind in (RTM_NEWADDR, RTM_DELADDR):
            local = _find_attribute(body[8:], IFA_LOCAL)
            if local is not None:
                yield kind == RTM_NEWADDR, local


def _messages(data):
    """Yields (kind, what follows the header) for each message of a datagram."""
    offset = 0
    while offset + 16 <= len(data):
        length, kind = struct.unpack_from("=IH", data, offset)
        if length < 16 or offset + length > len(data):
            return
        yield kind, data[offset + 16 : offset + length]
        offset += (length + 3) & ~3


def _find_attribute(data, wanted):
    offset = 0
    while offset + 4 <= len(data):
        length, kind = struct.unpack_from("=HH", data, offset)
        if length < 4:
            return None
        if kind == wanted:
            return data[offset + 4 : offset + length]
        offset += (length + 3) & ~3
    return None
