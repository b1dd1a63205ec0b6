#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Hosts are switched on one after the other: the first leads, and goes on leading as the others come.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

lan 5
start 1
wait_leader 1
epoch=$(epoch_of 1)

for i in 2 3 4 5; do
    start "$i"
    wait_leader 1 "$i"
    expect_leader 1
done
expect_epoch "$epoch"

knows_all() { # HOST
    ask "$1" status --json | jq -e '[.peers[].name] | sort == ["h1", "h2", "h3", "h4", "h5"]' >/dev/null
}

for i in 1 2 3 4 5; do
    wait_until knows_all "$i"
done
