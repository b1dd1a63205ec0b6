# SPDX-License-Identifier: ISC
"""ucarp.py - CARP in user space: the scripts for becoming and no longer being master are one `ip addr` each."""
import lan
from peers.base import SIGUSR2, AddressPeer, send_signal


class Ucarp(AddressPeer):
    package = program = "ucarp"
    key = "ucarp"
    title = "ucarp, adverts every 1 s"
    settings = (
        "ucarp -i eth0 -s ADDRESS -v 77 -p secret -a VIP -u up.sh -d down.sh -z -b 1 -k 0 -r 3 (the defaults, "
        "the fastest: whole seconds)"
    )
    period = 1.0
    hold = 2.0
    rest = 2.5
    same_processes = True
    can_resign = True  # SIGUSR2 demotes the master for 3 s, see ucarp(8)

    def configure(self, host, hosts):
        for name, verb in (("up.sh", "add"), ("down.sh", "del")):
            host.write(name, f"#!/bin/sh\nexec ip addr {verb} {lan.VIP}/24 dev eth0\n", 0o755)

    def command(self, host):
        return [
            self.path(),
            "-i",
            "eth0",
            "-s",
            host.address,
            "-v",
            "77",
            "-p",
            "secret",
            "-a",
            lan.VIP,
            "-u",
            "/run/up.sh",
            "-d",
            "/run/down.sh",
            "-z",
            "-b",
            "1",
            "-k",
            "0",
            "-r",
            "3",
        ]

    def resign(self, host, main):
        return send_signal(main, SIGUSR2)
