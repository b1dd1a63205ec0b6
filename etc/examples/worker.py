#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""worker.py [SOCKET] - does its work exactly while this node leads: it prints its token twice a second.

It is a holder of work on the control socket of eldestd, see eldest-protocol(7). A piece of work is done only when there is
nothing to read, since what was ordered may be over, and only as long as the lease lasts that was told last, if there is one.
With an order to work comes a descriptor, which is kept open until the work has stopped: by that the sentinel of a daemon that
was killed knows of it.
"""

import json
import os
import socket
import sys
import time

control = socket.socket(socket.AF_UNIX)
control.connect(sys.argv[1] if len(sys.argv) > 1 else "/run/eldest/default.sock")
control.sendall(b'{"command":"hold"}\n')
control.settimeout(0.5)
unread, pipes, order, until = b"", [], {"hold": "none"}, None
while True:
    try:
        data, descriptors, _, _ = socket.recv_fds(control, 65536, 8)
    except TimeoutError:
        if order["hold"] == "work" and (until is None or time.clock_gettime(time.CLOCK_BOOTTIME) * 1e6 < until):
            print(order["token"], flush=True)
        continue
    if not data:
        sys.exit("eldestd is gone, and with it the work")
    pipes += descriptors
    *lines, unread = (unread + data).split(b"\n")
    for line in map(json.loads, lines):
        if "error" in line:
            sys.exit(line["error"]["message"])
        if "hold" in line or "until_us" in line:
            until = line.get("until_us")
        order = line if "hold" in line else order
        if line.get("hold") == "stop":
            while pipes:
                os.close(pipes.pop())
            control.sendall(b'{"stopped":%d}\n' % order["order"])
