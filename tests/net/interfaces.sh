#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# What becomes of interfaces while a daemon runs: they come late, go and come again as others, get other names and
# addresses. The node takes part by whatever is there.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

follows() { # HOST: the node there follows host 1
    [ "$(leader_of "$1")" = h1 ]
}

shows_address() { # HOST ADDRESS: host 1 reaches the host there
    ask 1 peers --json | jq -e --arg name "h$1" --arg address "$2" \
        '.peers[] | select(.name == $name) | .address == $address' >/dev/null
}

undisturbed
lan 3
auto
start_in_turn 1 2
epoch=$(epoch_of 1)

say "a host that has no interface when it starts"
ip -n h3 link set eth0 down
ip -n h3 link delete eth0
start 3
wait_until stands 3 "no usable network interface"
connect 3 eth0 p3 br0 10.114.0.3/24
wait_until follows 3

say "an interface that is deleted and made again has another index"
before=$(network 3 '.interfaces[] | select(.name == "eth0") | .index')
ip -n h3 link delete eth0
wait_until stands 3 "no usable network interface"
connect 3 eth0 p3 br0 10.114.0.3/24
wait_until follows 3
[ "$(network 3 '.interfaces[] | select(.name == "eth0") | .index')" != "$before" ] || fail "it is the same one"

say "it is renamed"
ip -n h3 link set eth0 down
ip -n h3 link set eth0 name lan0
ip -n h3 link set lan0 up
wait_until uses 3 lan0
wait_until follows 3

say "it gets another address"
on 3 sysctl -qw net.ipv4.conf.all.promote_secondaries=1
ip -n h3 addr add 10.114.0.33/24 dev lan0
ip -n h3 addr del 10.114.0.3/24 dev lan0
wait_until shows_address 3 10.114.0.33

say "it loses its IPv4 address, and IPv6 goes on"
ip -n h3 addr add 2001:db8::3/64 dev lan0 nodad
ip -n h3 addr del 10.114.0.33/24 dev lan0
wait_until hears_by 3 lan0 ipv6 unicast
watch_for 5s 3
expect_seen 'all(.leader.name == "h1")' 3
[[ $(address_of_leader 3) == fe80:* ]] || fail "it does not name the leader by an IPv6 address"

say "a second interface appears, and the first one goes"
second_lan 1 2 3
wait_until uses 3 eth1 lan0
wait_until uses 1 eth0 eth1
ip -n h3 link delete lan0
wait_until uses 3 eth1
wait_until follows 3
wait_known 1 2 3
expect_leader 1
expect_epoch "$epoch"
