#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Every host has three interfaces in one network, and addresses of both families, so each is heard by eighteen ways: more than
# are remembered. The followers are told all the same what their leader knows of them, and the older one of them is next.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

lan 3
auto
for i in 1 2 3; do
    connect $i eth1 r$i br0 10.114.0.10$i/24
    connect $i eth2 s$i br0 10.114.0.20$i/24
done
start_in_turn 1 2 3
for i in 1 2 3; do
    wait_until uses $i eth0 eth1 eth2
done
wait_known 1 2 3
expect_leader 1
expect_epoch 1

kill9 1
wait_leader 2 3
expect_leader 2
