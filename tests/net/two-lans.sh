#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Two networks, and one host in both. It follows one leader; the other network, which that one does not reach, has its own.
# Each keeps its leader, and the two do not chase each other's epochs.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

same_leader() { # HOST HOST
    [ "$(leader_of "$1")" = "$(leader_of "$2")" ] && [ "$(leader_of "$1")" != nobody ]
}

steady() { # both networks have had the same leaders, under the same epochs, for ten seconds
    local before
    before="$(leader_of 1) $(leader_of 4) $(epoch_of 1) $(epoch_of 4)"
    watch_for 10s 1 2 3 4 5
    [ "$before" = "$(leader_of 1) $(leader_of 4) $(epoch_of 1) $(epoch_of 4)" ] || fail "it was not quiet: $before"
    expect_seen 'all(.leader != null) and ([.[].leader.name] | unique | length) == 1' 1 2 3 4 5
}

undisturbed
lan 5
second_lan 3 4 5
for i in 4 5; do
    ip -n h$i link delete eth0
done
auto
start_in_turn 1 2
start 3
wait_leader 1 2 3
start 4 5
wait_leader 4 5
expect_leader_of_lan() { # HOST HOST...: the first leads all of them
    local i
    for i; do
        [ "$(leader_of "$i")" = "h$1" ] || fail "host $i names $(leader_of "$i"), not h$1"
    done
}
expect_leader_of_lan 1 2 3
steady
expect_leader_of_lan 1 2 3

say "the leader of the first network dies, and the host in both is next, or meets the other one"
kill9 1
wait_leader 3 4 5
wait_until same_leader 2 3
steady
