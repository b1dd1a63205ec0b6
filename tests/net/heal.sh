#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# A leader that was cut off comes back to a cluster that has elected another one: it follows. Two parts with followers
# settle between them which leader remains.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

lan 5
start_in_turn 1 2 3 4 5

cut 1
wait_leader 2 3 4 5
wait_known 2 3 4 5
expect_leader 2
heal 1
wait_leader 1 2 3 4 5
expect_leader 2

# The network falls into the parts 1, 2, 3 and 4, 5.
bridge_ports() { # MASTER HOST...
    local i
    ip -n sw link show "$1" >/dev/null 2>&1 || ip -n sw link add name "$1" up type bridge mcast_snooping 0
    for i in "${@:2}"; do
        ip -n sw link set "p$i" master "$1"
    done
}
wait_known 1 2 3 4 5
bridge_ports br1 4 5
wait_leader 4 5
wait_known 4 5
wait_leader 1 2 3
[ "$leader" = 2 ]
wait_known 1 2 3
bridge_ports br0 4 5
wait_leader 1 2 3 4 5
expect_leader 2
