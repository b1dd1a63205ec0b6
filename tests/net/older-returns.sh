#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The oldest host dies and comes back: the leader elected meanwhile stays, and the returned host is the youngest.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

lan 3
start_in_turn 1 2 3
kill9 1
wait_leader 2 3
expect_leader 2
epoch=$(epoch_of 2)

start 1
wait_leader 1 2 3
expect_leader 2
expect_epoch "$epoch"

# Of hosts 1 and 3 the latter is older now.
wait_known 1 2 3
term 2
wait_leader 1 3
expect_leader 3
