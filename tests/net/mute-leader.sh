#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The leader can receive but not send. The others elect the most senior of them, once. The mute one hears of it, and as
# nobody answers it, it no longer says that it leads; when it is heard again it follows.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

go_mute() { # HOST...: the others than host 1
    mute 1
    wait_leader "$@"
    wait_known "$@"
    [ "$leader" = 2 ]
    epoch=$(epoch_of 2)
    wait_until stands 1 "does not hear this node"
    watch_for 10s 1 "$@"
    expect_seen "all(.epoch == $epoch and .leader.name == \"h2\")" "$@"
    expect_seen 'all(.state == "idle")' 1
    wait_until stands 1 "does not hear this node"

    mend
    wait_leader 1 "$@"
    wait_known 1 "$@"
    expect_leader 2
    expect_epoch "$epoch"
}

undisturbed
lan 5
start_in_turn 1 2 3
go_mute 2 3
term 1 2 3

start_in_turn 1 2 3 4 5
go_mute 2 3 4 5
