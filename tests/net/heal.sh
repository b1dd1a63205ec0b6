#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# A leader that was cut off comes back, at once or after a long time: it follows the one that was elected meanwhile,
# although it is more senior.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

away() { # LEADER DURATION HOST...: the others, with the most senior of them first
    cut "$1"
    wait_leader "${@:3}"
    [ "$leader" = "$3" ]
    watch_for "$2" "${@:3}"
    heal "$1"
    wait_leader "$1" "${@:3}"
    wait_known "$1" "${@:3}"
    expect_leader "$3"
}

undisturbed
lan 5
start_in_turn 1 2 3
watch_for 1s 1 2 3 # and host 2 is told of host 3: in a cluster of two it would lead without a vote, thus not be followed yet
away 1 1ms 2 3
away 2 20s 1 3

start 4 5
wait_leader 1 4 5
wait_known 1 2 3 4 5
away 1 1ms 2 3 4 5
away 2 20s 1 3 4 5
