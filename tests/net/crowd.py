#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
#
# crowd.py - clients that keep a daemon busy, of its control socket or of HTTP, as somebody without rights on the host.
#
#   crowd.py slow PLACE SECONDS     50 of them, which send a byte a second each
#   crowd.py deaf PLACE SECONDS     50, which ask for far more than they read: nothing
#   crowd.py many PLACE SECONDS     1,000, which say nothing
#   crowd.py hasty PLACE SECONDS    who come, ask and go, as fast as they can
#
# PLACE is the path of a socket, or ADDRESS:PORT. Whoever is turned away comes again.

import os
import socket
import sys
import time

NOBODY = 65534
CONTROL = b'{"command":"status"}\n'
HTTP = b"GET /status HTTP/1.1\r\nHost: a\r\n\r\n"


def connect(place):
    """A client that never waits; None if there is no room for it."""
    try:
        if place.startswith("/"):
            client, name = socket.socket(socket.AF_UNIX), place
        else:
            client, name = socket.socket(), (place.rsplit(":", 1)[0], int(place.rsplit(":", 1)[1]))
        client.settimeout(0.2)
        client.connect(name)
        client.setblocking(False)
        return client
    except OSError:
        return None


def say(client, what):
    """Whether it is still there to say it, or has just too much to say."""
    try:
        client.send(what)
    except BlockingIOError:
        pass
    except OSError:
        client.close()
        return False
    return True


def stay(place, seconds, number, say_at, every_s):
    """As many as that, of which each says something again and again."""
    clients, end, turn = [], time.monotonic() + seconds, 0
    while time.monotonic() < end:
        clients = [client for client in clients if say(client, say_at(turn))]
        new = (connect(place) for _ in range(number - len(clients)))
        clients += [client for client in new if client]
        turn += 1
        time.sleep(every_s)


def slow(place, seconds, question):
    stay(place, seconds, 50, lambda turn: question[turn % (len(question) - 1) :][:1], 1)


def deaf(place, seconds, question):
    stay(place, seconds, 50, lambda turn: question * 20, 0.1)


def many(place, seconds, question):
    stay(place, seconds, 1000, lambda turn: b"", 0.5)


def hasty(place, seconds, question):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        client = connect(place)
        if client:
            say(client, question)
            client.close()


def main(kind, place, seconds):
    try:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    except OSError:
        pass  # where users are nobody but themselves
    question = CONTROL if place.startswith("/") else HTTP
    {"slow": slow, "deaf": deaf, "many": many, "hasty": hasty}[kind](place, float(seconds), question)


main(*sys.argv[1:])
