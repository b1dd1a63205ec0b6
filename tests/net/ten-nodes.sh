#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Ten hosts find their leader; when it dies the next in age leads. Everybody lists the same members.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

expect_same_list() { # HOST...: each of them, asked for its peers, names all of them and nobody else
    local i names
    names=$(printf '"h%d"\n' "$@" | jq -c -s sort)
    for i; do
        wait_until lists "$i" "$names"
    done
    say "$# hosts list the same $# members"
}

lists() { # HOST NAMES
    [ "$(ask "$1" peers --json | jq -c '[.peers[].name] | sort')" = "$2" ]
}

lan 10
start_in_turn 1 2 3 4 5 6 7 8 9 10
expect_leader 1
expect_same_list 1 2 3 4 5 6 7 8 9 10
epoch=$(epoch_of 1)

kill9 1
wait_leader 2 3 4 5 6 7 8 9 10
expect_leader 2
[ "$(epoch_of 2)" -gt "$epoch" ]
expect_same_list 2 3 4 5 6 7 8 9 10

start 1
wait_leader 1 2 3 4 5 6 7 8 9 10
expect_leader 2
expect_same_list 1 2 3 4 5 6 7 8 9 10
expect_answered
