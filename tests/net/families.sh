#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Hosts with both families of addresses, with one, and with nothing but link-local addresses are one cluster as long as each
# of them meets the leader; and so it is with the next one.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

undisturbed
lan 6
configure 3 <<<"[network]
families = ipv4"
configure 4 <<<"[network]
families = ipv6"
for i in 4 5 6; do
    ip -n h$i addr flush dev eth0 scope global
done
ip -n h6 addr add 169.254.7.6/16 dev eth0
start_in_turn 1 2 3 4 5 6
[ "$(address_of_leader 3)" = 10.114.0.1 ] || fail "host 3 names the leader by $(address_of_leader 3)"
for i in 4 5; do
    [[ $(address_of_leader $i) == fe80:*%eth0 ]] || fail "host $i names the leader by $(address_of_leader $i)"
done
hears_by 4 eth0 ipv6 multicast || fail "host 4 does not hear multicast by IPv6"
[ "$(network 4 .groups.ipv4)" = null ] || fail "host 4 uses IPv4"
[ "$(network 3 .groups.ipv6)" = null ] || fail "host 3 uses IPv6"

kill9 1
wait_leader 2 3 4 5 6
expect_leader 2
wait_known 2 3 4 5 6
[ "$(ask 5 counters --json | jq .send_failed)" = 0 ] || fail "host 5 sends by a family of which it has no address"
