#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Between the leader and one follower nothing passes, first in the one direction, then in the other: others vouch for
# the leader, so nobody else leads. The follower says how it stands, and when the link is whole again all is well.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

bear() { # FOLLOWER HOST...: what the network has is borne, by that follower of host 1 in this cluster
    wait_until stands "$1" unreachable
    watch_for 10s "${@:2}"
    expect_seen "all(.epoch == $epoch and .leader.name == \"h1\")" "${@:2}"
    wait_until stands "$1" unreachable
    status=0
    ask "$1" is-leader || status=$?
    [ $status = 1 ]

    mend
    wait_until stands "$1" following
    wait_known "${@:2}"
    expect_leader 1
    expect_epoch "$epoch"
}

undisturbed
lan 5
start_in_turn 1 2 3
epoch=$(epoch_of 1)

block 3 1
bear 3 1 2 3
block 1 3
bear 3 1 2 3

start 4 5
wait_leader 1 4 5
wait_known 1 2 3 4 5
block 2 1
bear 2 1 2 3 4 5
block 1 2
bear 2 1 2 3 4 5
