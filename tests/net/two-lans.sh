#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Two networks, and one host in both. It follows one leader; the other network, which that one does not reach, has its own.
# Each keeps its leader, and the two do not chase each other's epochs.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

expect_leader_of_lan() { # HOST HOST...: the first leads all of them
    local i
    for i; do
        [ "$(leader_of "$i")" = "h$1" ] || fail "host $i names $(leader_of "$i"), not h$1"
    done
}

steady() { # HOST...: each has had one leader for ten seconds, under the same epoch; 2 and 4 stand for the networks
    local before
    before="$(leader_of 2) $(leader_of 4) $(epoch_of 2) $(epoch_of 4)"
    watch_for 10s "$@"
    [ "$before" = "$(leader_of 2) $(leader_of 4) $(epoch_of 2) $(epoch_of 4)" ] || fail "it was not quiet: $before"
    expect_seen 'all(.leader != null) and ([.[].leader.name] | unique | length) == 1' "$@"
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
expect_leader_of_lan 1 2 3
steady 1 2 3 4 5
expect_leader_of_lan 1 2 3

say "the leader of the first network dies; the host in both goes on with the next one"
kill9 1
wait_leader 2 3
wait_leader 4 5
steady 2 3 4 5

say "and when that one dies too, the host in both meets the other leader"
kill9 2
wait_leader 3 4 5
wait_known 3 4 5
watch_for 5s 3 4 5
expect_seen 'all(.leader != null) and ([.[].leader.name] | unique | length) == 1' 3 4 5
