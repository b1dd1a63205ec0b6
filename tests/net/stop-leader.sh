#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The leader is stopped in order (SIGTERM): it hands over to the most senior of the others, again and again.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

lan 5
start_in_turn 1 2 3 4 5
epoch=$(epoch_of 1)

term 1
wait_leader 2 3 4 5
wait_known 2 3 4 5
expect_leader 2
[ "$(epoch_of 2)" -gt "$epoch" ]

term 2
wait_leader 3 4 5
wait_known 3 4 5
expect_leader 3

term 3
wait_leader 4 5
wait_known 4 5
expect_leader 4

term 4
wait_leader 5
expect_leader 5
