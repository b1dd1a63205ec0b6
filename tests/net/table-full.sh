#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# More nodes than the leader's table holds: one follows unlisted, and says so, until there is room for it.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

hosts=({1..18})

is_unlisted() { # HOST: it follows, but the leader has given it no birth
    ask "$1" status --json | jq -e '.leader.name == "h1" and .node.birth == null' >/dev/null
}

is_listed() { # HOST
    ask "$1" status --json | jq -e '.leader.name == "h1" and .node.birth != null' >/dev/null
}

lists() { # HOST NAME
    ask "$1" status --json | jq -e --arg name "$2" '.peers | any(.name == $name)' >/dev/null
}

# Sets $left_out if the leader lists 16 others, and the one that it does not list follows.
table_is_full() {
    local names
    names=$(ask 1 status --json | jq -r '[.peers[].name] | select(length == 17) | .[]') || return
    left_out=$(printf 'h%d\n' "${hosts[@]}" | grep -vxF "$names" | tr -d h) || return
    [ "$(wc -w <<<"$left_out")" = 1 ] && is_unlisted "$left_out"
}

lan 18
for i in "${hosts[@]}"; do
    configure "$i" <<<$'[cluster]\nmembers_max = 16\n[timing]\ndetect = 1s'
done
start 1
wait_leader 1
ask 1 watch --json >"$scratch/watch" &
wait_until test -s "$scratch/watch"
start "${hosts[@]:1}"
wait_leader "${hosts[@]}"
expect_leader 1
wait_until table_is_full
say "$left_out is not listed"
jq -se '[.[] | select(.event == "table-full")] | length == 1' "$scratch/watch" >/dev/null

# The leader knows of it all the same.
knows_all() { # HOST
    ask "$1" status --json | jq -e '.members == 18 and .peers_complete == false' >/dev/null
}
wait_until knows_all 1
ask 1 status | grep 'has no room for' >/dev/null

# It knows its leader like the others, and that it does not know them all.
status=0
ask "$left_out" is-leader || status=$?
[ $status = 1 ]
wait_until knows_all "$left_out"
ask "$left_out" peers | grep 'Not complete' >/dev/null

# A place becomes free.
leaver=$((left_out == 2 ? 3 : 2))
term "$leaver"
wait_until lists 1 "h$left_out"
wait_until is_listed "$left_out"
lists_all() {
    ask 1 status --json | jq -e '.members == 17 and .peers_complete' >/dev/null
}
wait_until lists_all
expect_leader 1
