#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The leader can send but not receive. The others hear it but get no answer, so they elect the most senior of them,
# once. The deaf one cannot know: it goes on leading by itself until it hears again, and then follows.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

go_deaf() { # HOST...: the others than host 1
    deafen 1
    wait_leader "$@"
    wait_known "$@"
    [ "$leader" = 2 ]
    epoch=$(epoch_of 2)
    watch_for 10s "$@"
    expect_seen "all(.epoch == $epoch and .leader.name == \"h2\")" "$@"

    mend
    wait_leader 1 "$@"
    wait_known 1 "$@"
    expect_leader 2
}

undisturbed
lan 5
start_in_turn 1 2 3
go_deaf 2 3
term 1 2 3

start_in_turn 1 2 3 4 5
go_deaf 2 3 4 5
