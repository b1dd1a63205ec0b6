#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# No multicast gets to one host or comes from it, as with a switch that filters it by mistake. Unicast goes on, so the
# cluster keeps its leader, replaces it when it dies, and finds newcomers.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

keep_leader() { # HOST...: the leader and the others
    local epoch
    epoch=$(epoch_of "$1")
    watch_for 10s "$@"
    expect_seen "all(.epoch == $epoch and .leader.name == \"h$1\")" "$@"
    expect_leader "$1"
    expect_epoch "$epoch"
}

undisturbed
lan 6
start_in_turn 1 2 3 4 5

# The youngest host.
no_multicast 5
keep_leader 1 2 3 4 5
kill9 1
wait_leader 2 3 4 5
expect_leader 2
mend
wait_known 2 3 4 5

# The next in line: it takes over without being heard.
no_multicast 3
keep_leader 2 3 4 5
cut 2
wait_leader 3 4 5
expect_leader 3

# The leader itself. A newcomer does not hear it, but the others tell it of the newcomer.
keep_leader 3 4 5
start 6
wait_leader 3 4 5 6
expect_leader 3
cut 3
wait_leader 4 5 6
expect_leader 4
mend
heal 3 2
wait_leader 2 3 4 5 6
