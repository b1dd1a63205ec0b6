#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The leader's process dies without a word: the most senior of the others takes over, again and again.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

lan 5
start_in_turn 1 2 3 4 5
epoch=$(epoch_of 1)

kill9 1
wait_leader 2 3 4 5
wait_known 2 3 4 5
expect_leader 2
[ "$(epoch_of 2)" -gt "$epoch" ]

kill9 2
wait_leader 3 4 5
wait_known 3 4 5
expect_leader 3

kill9 3
wait_leader 4 5
wait_known 4 5
expect_leader 4

kill9 4
wait_leader 5
expect_leader 5
