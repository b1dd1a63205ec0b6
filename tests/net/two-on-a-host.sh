#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Several nodes on one host: each has its own port, and they elect like hosts do.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

lan 2
start 1 2
wait_leader 1 2
first=$leader
epoch=$(epoch_of "$first")

# The third node lives on host 1, under another name.
mkdir -p "$scratch/h3/state"
printf '[node]\nname = h3\n' >"$scratch/h3/conf"
ln -s h1 /run/netns/h3
start 3
wait_leader 1 2 3
expect_leader "$first"
expect_epoch "$epoch"
wait_known 1 2 3
ask 3 status --json | jq -e '.peers | map("\(.address) \(.port)") | unique | length == 3' >/dev/null

kill9 "$first"
wait_leader $((3 - first)) 3
