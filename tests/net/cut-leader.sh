#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The switch silently stops forwarding for the leader: the others elect the most senior of them.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

lan 5
start_in_turn 1 2 3 4 5

cut 1
wait_leader 2 3 4 5
wait_known 2 3 4 5
expect_leader 2

cut 2
wait_leader 3 4 5
wait_known 3 4 5
expect_leader 3

# Two are left; each of them leads its own part.
cut 3
wait_leader 4 5
wait_known 4 5
expect_leader 4
cut 4
wait_leader 5
