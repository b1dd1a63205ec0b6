#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The leader is paused: the next most senior leads, the paused one follows and stays out, through a restart of its daemon
# and the death of the leader, until it is resumed.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

is_out() { # HOST: as all others see it
    local i
    for i in $(running); do
        [ "$(ask "$i" status --json | jq -r ".peers[] | select(.name == \"h$1\") | .paused, .eligible" | xargs)" = \
            "true false" ] || return
    done
}

is_back() { # HOST: as the leader sees it
    [ "$(ask 3 status --json | jq -r ".peers[] | select(.name == \"h$1\") | .paused, .eligible" | xargs)" = "false true" ]
}

lan 3
start_in_turn 1 2 3
ask 1 pause --for 10m
wait_leader 1 2 3
expect_leader 2
wait_until is_out 1

# It is none of those who could take over, though it is there.
ask 2 status --json | jq -e '(.peers | length) == 3 and (.next as $next | .peers[] | select(.id == $next) | .name == "h3")' \
    >/dev/null

kill9 1
start 1
wait_leader 1 2 3
ask 1 status --json | jq -e '.node.paused and .node.paused_for > 500 and .node.paused_for < 600' >/dev/null
wait_until is_out 1
wait_known 1 2 3
kill9 2
wait_leader 1 3
expect_leader 3

# Nobody else is there, so it does not go; nor is the other one made leader.
status=0
ask 3 pause || status=$?
[ $status = 6 ]
expect_leader 3

ask 1 resume
wait_until is_back 1
ask 3 pause
wait_leader 1 3
expect_leader 1
