#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The leader resigns and stays: the next most senior leads, and the one that resigned is the youngest from then on.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

lan 3
start_in_turn 1 2 3
ask 1 resign
wait_leader 1 2 3
expect_leader 2

wait_known 1 2 3
ask 2 resign
wait_leader 1 2 3
expect_leader 3

wait_known 1 2 3
ask 3 resign
wait_leader 1 2 3
expect_leader 1

# Only the leader can resign, and only if there is somebody to take it.
status=0
ask 2 resign || status=$?
[ $status = 1 ]
term 2 3
status=0
ask 1 resign || status=$?
[ $status = 6 ]
expect_leader 1
