#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Every host is in two networks. Whatever happens to one way between leader and follower, the other one is taken: nobody
# doubts the leader, whose epoch stays. When it dies it is replaced once.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

keeps_its_leader() { # WHAT: for five seconds
    watch_for 5s 1 2 3
    expect_seen 'all(.leader.name == "h1")' 1 2 3
    expect_epoch "$epoch"
    say "$*: the leader stays"
}

undisturbed
lan 3
second_lan 1 2 3
auto
start_in_turn 1 2 3
for i in 1 2 3; do
    wait_until uses $i eth0 eth1
done
epoch=$(epoch_of 1)
[ "$(network 2 '(.nodes | length) == ([.nodes[].id] | unique | length)')" = true ] || fail "a node with several ways counts several times"

bridge -n sw link set dev p1 state 0
keeps_its_leader "the first way of the leader is silent"
bridge -n sw link set dev p1 state 3
ip -n sw link set q1 down
wait_until uses 1 eth0
keeps_its_leader "the second way of the leader has no carrier"
ip -n sw link set q1 up
wait_until uses 1 eth0 eth1
on 2 ip link set eth0 down
wait_until uses 2 eth1
keeps_its_leader "the first interface of a follower is down"
on 2 ip link set eth0 up
wait_until uses 2 eth0 eth1
bridge -n sw link set dev q2 state 0
bridge -n sw link set dev p3 state 0
wait_until hears_by 3 eth1 ipv4 unicast
keeps_its_leader "two followers have one way each, and not the same"
bridge -n sw link set dev q2 state 3
bridge -n sw link set dev p3 state 3
wait_known 1 2 3

begin_watch 2 3
kill9 1
until_leader 2 3
end_watch
[ "$(epoch_of 2)" = $((epoch + 1)) ] || fail "more than one leadership has begun"
