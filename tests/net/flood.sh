#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# A host on the LAN sends 100,000 datagrams a second, for some seconds: garbage; thousands of nodes that are not there, which
# tell that they are; and which register with the leader. With a key the leader stays; in any case nobody crashes or takes
# memory without bound, and when it ends the cluster is as it was.
# shellcheck source=tests/net/hostile.sh
. "${0%/*}/hostile.sh"

readonly everybody=224.0.0.254 number=500000 rate=100000

flood() { # WHAT ADDRESS
    on 4 "$builddir/tests/net/flood" "$1" eth0 "$2" $number $rate >"$scratch/sent"
}

floods() {
    meet "garbage to all, 100,000/s for 5 s" flood garbage $everybody
    meet "Announces of 10,000 nodes, 100,000/s for 5 s" flood announce $everybody
    meet "Heartbeats of 10,000 nodes to all, 100,000/s for 5 s" flood heartbeat $everybody
    meet "garbage to the leader, 100,000/s for 5 s" flood garbage "10.114.0.$leader"
    meet "registrations of 10,000 nodes, 100,000/s for 5 s" flood heartbeat "10.114.0.$leader"
}

hostile_lan
besieged floods
