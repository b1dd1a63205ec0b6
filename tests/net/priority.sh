#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# A higher priority wins an election, but does not displace a leader that sits.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

lan 3
configure 3 <<END
priority = 200
END
start_in_turn 1 2 3
expect_leader 1

kill9 1
wait_leader 2 3
expect_leader 3
