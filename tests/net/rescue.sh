#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Where multicast does not arrive, from the start on, the hosts find each other by broadcast; where that does not arrive
# either, by the addresses that one of them is told. Unicast is enough for all the rest.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

undisturbed
lan 6
no_multicast 1
no_multicast 2
no_multicast 3
start 1 2 3
wait_leader 1 2 3
hears_by "$((leader % 3 + 1))" eth0 ipv4 broadcast || hears_by "$((leader % 3 + 1))" eth0 ipv6 broadcast ||
    say "the broadcast came earlier"
epoch=$(epoch_of 1)
watch_for 5s 1 2 3
expect_epoch "$epoch"
old=$leader
kill9 "$old"
rest=()
for i in 1 2 3; do
    [ $i = "$old" ] || rest+=("$i")
done
wait_leader "${rest[@]}"
start "$old"
wait_leader 1 2 3
mend
term 1 2 3

say "not even broadcast, but addresses: 4 and 5 are told that of 6"
only_unicast
for i in 4 5; do
    configure $i <<<"[network]
peers = 10.114.0.6"
done
start 4 5 6
wait_leader 4 5 6
wait_known 4 5 6
mend
