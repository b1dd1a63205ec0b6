#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""client.py [SOCKET] - who leads, and each change of it: the control socket of eldestd, see eldest-protocol(7)."""

import json
import socket
import sys

control = socket.socket(socket.AF_UNIX)
control.connect(sys.argv[1] if len(sys.argv) > 1 else "/run/eldest/default.sock")
control.sendall(b'{"command":"watch"}\n')
for line in control.makefile(encoding="utf-8"):
    change = json.loads(line)
    if "error" in change:
        sys.exit(change["error"]["message"])
    print(change["event"], (change["leader"] or {}).get("name"), change["token"], flush=True)
