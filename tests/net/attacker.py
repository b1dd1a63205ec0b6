#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
#
# attacker.py - somebody on the LAN who has no key: records what passes, sends it again, and makes datagrams of its own.
#
#   attacker.py record FILE              every frame of eldest that enters the network namespace, until it is ended
#   attacker.py replay FILE INTERFACE [TIMES [RATE]]
#                                        all of FILE out of INTERFACE, so often, RATE frames a second; as it was, but
#                                        for the address of the card
#   attacker.py forge FILE INTERFACE TYPE NODE [EPOCH]
#                                        a Leader, Resign, Farewell or Suspect of the node with that id, made of what
#                                        FILE has of it; 20 times
#   attacker.py flip FILE INTERFACE      all of FILE, each with one bit changed somewhere in its datagram
#
# A file has, for each frame, its length in 2 bytes and the frame. Prints how many frames it wrote or sent.

import random
import signal
import socket
import struct
import sys
import time

PORTS = range(29417, 29434)
ETHERNET, IPV4, UDP, MAC = 14, 20, 8, 16
HEADER = 47  # of a datagram, without the name of the cluster
LEADER, SUSPECT, RESIGN, FAREWELL = 4, 8, 10, 11
EVERYBODY = "224.0.0.254"


def datagram_of(frame):
    """The datagram in a frame, or None if it is not one of eldest by IPv4."""
    if frame[12:14] != b"\x08\x00" or frame[14] != 0x45 or frame[23] != socket.IPPROTO_UDP:
        return None
    to = struct.unpack(">H", frame[36:38])[0]
    return frame[ETHERNET + IPV4 + UDP :] if to in PORTS else None


def listen():
    return socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))


def record(path):
    heard, count = listen(), 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(print(count)))
    with open(path, "wb", buffering=0) as file:
        while True:
            frame, (_, _, kind, _, _) = heard.recvfrom(2048)
            if kind != socket.PACKET_OUTGOING and datagram_of(frame):
                file.write(struct.pack(">H", len(frame)) + frame)
                count += 1


def read(path):
    frames, at = [], 0
    with open(path, "rb") as file:
        content = file.read()
    while at + 2 <= len(content):
        length = struct.unpack_from(">H", content, at)[0]
        if at + 2 + length <= len(content):
            frames.append(content[at + 2 : at + 2 + length])
        at += 2 + length
    return frames


def send(frames, interface, rate=20000):
    """From the address of this card: the switch goes on finding the others."""
    out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    out.bind((interface, 0))
    own, begin = out.getsockname()[4], time.monotonic()
    for number, frame in enumerate(frames):
        ahead = number / rate - (time.monotonic() - begin)
        if ahead > 0:
            time.sleep(ahead)
        out.send(frame[:6] + own + frame[12:])
    print(len(frames))


def checksum(head):
    total = sum(struct.unpack(f">{len(head) // 2}H", head))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def multicast(like, datagram):
    """A frame to everybody with that datagram, from the sender of another frame. UDP needs no checksum in IPv4."""
    source, to = like[26:30], socket.inet_aton(EVERYBODY)
    port = like[34:36]
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, IPV4 + UDP + len(datagram), 0, 0, 255, socket.IPPROTO_UDP, 0, source, to)
    head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
    ethernet = bytes.fromhex("01005e0000fe") + like[6:12] + b"\x08\x00"
    return ethernet + head + port + struct.pack(">HHH", PORTS[0], UDP + len(datagram), 0) + datagram


def latest_of(frames, node):
    """The last frame of that node."""
    for frame in reversed(frames):
        datagram = datagram_of(frame)
        if datagram and datagram[11 + datagram[10] : 27 + datagram[10]] == node:
            return frame, datagram
    sys.exit("nothing of that node was recorded")


def key_of(node):
    return struct.pack(">HQq", 100, 1, 0) + node


def forged(frames, kind, node, epoch, seq):
    frame, datagram = latest_of(frames, node)
    head = datagram[: HEADER + datagram[10]]
    head = head[:6] + bytes([kind, 0]) + head[8:-8] + struct.pack(">Q", seq)
    token = struct.pack(">Q", epoch) + node
    bodies = {
        LEADER: struct.pack(">Q", epoch) + key_of(node) + struct.pack(">QIqII", 10**12, 1, 10**6, 9, 1) + bytes(32),
        SUSPECT: token + struct.pack(">QI", seq, 1000),
        RESIGN: struct.pack(">Q", epoch) + bytes(16) + struct.pack(">q", 0) + b"\x01",
        FAREWELL: token + b"\x01",
    }
    mac = bytes(MAC) if head[8:10] == b"\0\0" else random.randbytes(MAC)
    return multicast(frame, head + bodies[kind] + mac)


def forge(path, interface, kind, node, epoch="1"):
    kinds = {"leader": LEADER, "suspect": SUSPECT, "resign": RESIGN, "farewell": FAREWELL}
    frames, seq = read(path), random.getrandbits(62)
    send([forged(frames, kinds[kind], bytes.fromhex(node), int(epoch), seq + i) for i in range(20)], interface, 1000)


def flip(path, interface):
    """The checksum is taken out, or the kernel would see it."""
    frames = []
    for frame in read(path):
        changed = bytearray(frame)
        bit = random.randrange(8 * (ETHERNET + IPV4 + UDP), 8 * (ETHERNET + IPV4 + UDP + len(datagram_of(frame))))
        changed[bit // 8] ^= 1 << bit % 8
        changed[40:42] = b"\0\0"
        frames.append(bytes(changed))
    send(frames, interface)


def replay(path, interface, times="1", rate="20000"):
    send(read(path) * int(times), interface, int(rate))


if __name__ == "__main__":
    {"record": record, "replay": replay, "forge": forge, "flip": flip}[sys.argv[1]](*sys.argv[2:])
