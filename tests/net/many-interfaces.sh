#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# A host with 24 interfaces, more than one socket may join a group on; its only neighbour is at the last one. And a host
# with guests: what leads to them only is left alone, whatever it is called.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

reason_of() { # HOST INTERFACE
    network "$1" ".interfaces[] | select(.name == \"$2\") | .reason"
}

joined_on() { # HOST: how many interfaces, as the kernel says, by IPv4 and IPv6
    echo "$(on "$1" grep -c FE0000E0 /proc/net/igmp)" \
        "$(on "$1" grep -c ff020000000000000000000000000114 /proc/net/igmp6)"
}

has_link_local() { # HOST INTERFACE
    [ -n "$(on "$1" ip -oneline -6 address show dev "$2" scope link -tentative)" ]
}

uses_all() {
    [ "$(network 1 '[.interfaces[] | select(.used and .ipv4.joined and .ipv6.joined)] | length')" = 25 ]
}

lan 4
auto
for ((i = 1; i <= 24; i++)); do
    ip -n sw link add name "bx$i" type bridge mcast_snooping 0
    ip -n sw link set "bx$i" up
    connect 1 "x$i" "x$i" "bx$i" "10.116.$i.1/24"
done
connect 2 x24 y24 bx24 10.116.24.2/24
ip -n h2 link delete eth0
start 1
wait_until uses_all
[ "$(joined_on 1)" = "25 25" ] || fail "joined on $(joined_on 1) interfaces, not 25 by each family"
start 2
wait_leader 1 2
expect_leader 1
term 1 2

say "a host with containers and virtual machines"
ip -n h3 -batch - <<END
link add docker0 type bridge
link set docker0 up
addr add 172.17.0.1/16 dev docker0
link add virbr0 type bridge
link set virbr0 up
addr add 192.168.122.1/24 dev virbr0
link add v1 type veth peer name c1
link set v1 master docker0 up
link set c1 up
tuntap add dev vm1 mode tap
link set vm1 master virbr0 up
tuntap add dev tun0 mode tun
link set tun0 up
addr add 10.8.0.1/24 dev tun0
link add br0 type bridge mcast_snooping 0
link set br0 up
link add real0 link eth0 type macvlan mode passthru
link set real0 master br0
link set real0 up
addr flush dev eth0
addr add 10.114.0.3/24 dev br0
link add v2 type veth peer name c2
link set v2 master br0 up
link set c2 up
link add v3 type veth peer name c3
link set v3 master docker0 up
link set c3 up
addr add fd00:114::3/64 dev c3 nodad preferred_lft 0
END
wait_until has_link_local 3 c3
start 3
wait_until uses 3 br0 c3 # by its link-local address: the other one is deprecated
ip -n h3 link delete c3
wait_until uses 3 br0
for one in "docker0 is a bridge for guests" "virbr0 is a bridge for guests" "v1 is a port" "real0 is a port" "v2 is a port" \
    "c1 is the half of a veth" "tun0 is a point-to-point" "lo is the loopback"; do
    [[ $(reason_of 3 "${one%% *}") == "${one#* }"* ]] || fail "${one%% *}: $(reason_of 3 "${one%% *}")"
done
start 4
wait_leader 3 4

say "by name everything is used, and ! leaves out"
term 3
configure 3 <<<"[network]
interfaces = auto docker* !br0"
start 3
wait_until uses 3 docker0
[[ $(reason_of 3 br0) == "is excluded" ]] || fail "br0: $(reason_of 3 br0)"
