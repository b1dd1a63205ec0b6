#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# A single host leads itself, and everything it says about that fits together.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

lan 1
start 1
wait_leader 1
expect_leader 1

ask 1 is-leader
[ "$(ask 1 leader -f '%n %a %p')" = "h1 10.114.0.1 29418" ]
ask 1 status --json | jq -e '
    .cluster == "default" and .node.name == "h1" and .node.state == "leader"
    and .leader.self and .leader.id == .node.id and .token == "\(.epoch).\(.node.id)"
    and (.peers | length) == 1 and .peers[0].self' >/dev/null

# Its next leadership has a higher number, whether it was stopped or killed.
epoch=$(epoch_of 1)
term 1
start 1
wait_leader 1
[ "$(epoch_of 1)" -gt "$epoch" ]
epoch=$(epoch_of 1)
kill9 1
start 1
wait_leader 1
[ "$(epoch_of 1)" -gt "$epoch" ]
