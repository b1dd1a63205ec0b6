#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The leader is paused: the next most senior leads, the paused one follows and stays out, through a restart of its daemon
# and the death of the leader, until it is resumed. What a node tells of itself is known to all, wherever it changes.
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

sees_tags() { # HOST WHOM TAGS
    ask "$1" status --json | jq -e --arg name "h$2" --argjson tags "$3" \
        '.peers[] | select(.name == $name) | .tags == $tags' >/dev/null
}

lan 3
configure 1 <<<'tags = role=db zone=a'
start_in_turn 1 2 3
ask 2 tag zone=b
for i in 1 2 3; do
    wait_until sees_tags $i 1 '{"role": "db", "zone": "a"}'
    wait_until sees_tags $i 2 '{"zone": "b"}'
done
ask 1 tag zone=c
ask 2 tag zone=
for i in 1 2 3; do
    wait_until sees_tags $i 1 '{"role": "db", "zone": "c"}'
    wait_until sees_tags $i 2 '{}'
    [ "$(ask $i leader -f %T)" = "role=db zone=c" ]
done
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
