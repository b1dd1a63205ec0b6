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

is_member() { # HOST INTERFACE GROUP
    on "$1" ip -o maddress show dev "$2" | grep -qw "$3"
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

say "its name is no text: its index stands for it"
index=$(network 3 '.interfaces[] | select(.used) | .index')
ip -n h3 link set lan0 down
ip -n h3 link set lan0 name $'l\xe4n'
ip -n h3 link set $'l\xe4n' up
ip -n h3 addr add 2001:db8::3/64 dev $'l\xe4n' nodad
wait_until uses 3 "$index"
wait_until follows 3
[[ $(address_of_leader 3) == fe80:*%$index ]] || fail "it names the leader by $(address_of_leader 3)"
ip -n h3 link set $'l\xe4n' down
ip -n h3 link set $'l\xe4n' name lan0
ip -n h3 link set lan0 up
ip -n h3 addr add 2001:db8::3/64 dev lan0 nodad

say "a second interface appears, and the first one goes"
second_lan 1 2 3
wait_until uses 3 eth1 lan0
wait_until uses 1 eth0 eth1
ip -n h3 link delete lan0
wait_until uses 3 eth1
wait_until follows 3
wait_known 1 2 3

say "an interface is made again with the same index, and so much happens meanwhile that the kernel cannot tell it"
index=$(network 3 '.interfaces[] | select(.name == "eth1") | .index')
mac=$(ip -n h3 -json link show eth1 | jq -r '.[].address')
on 3 sysctl -qw net.ipv6.conf.default.disable_ipv6=1 net.ipv6.conf.eth1.disable_ipv6=1
ip -n h3 link add busy0 type bridge
freeze 3
for ((i = 0; i < 1000; i++)); do
    printf 'link set busy0 mtu %d\n' $((1000 + i))
done | ip -n h3 -batch -
ip -n h3 link delete eth1
ip link add name eth1 index "$index" address "$mac" netns h3 type veth peer name q3 netns sw
ip -n sw link set q3 master br1 up
ip -n h3 addr add 10.115.0.3/24 dev eth1
ip -n h3 link set eth1 up
thaw 3
wait_until is_member 3 eth1 224.0.0.254
wait_until follows 3
wait_until hears_by 3 eth1 ipv4 multicast
wait_known 1 2 3
expect_leader 1
expect_epoch "$epoch"
