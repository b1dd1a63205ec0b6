#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Fifty hosts on one switch start together, lose their leader, and lose and get back half of the network.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

# Fifty watchers at a time are more than this machine needs.
agree() { # HOST...: all name the same leader, which is one of them
    local i names
    names=$(for i; do leader_of "$i" 2>/dev/null; done | sort -u)
    [[ $names == h* && $names != *$'\n'* && " $* " == *" ${names#h} "* ]]
}

mapfile -t all < <(seq 1 50)
left=("${all[@]:0:25}") right=("${all[@]:25}")
undisturbed
lan 50
launch "${all[@]}"
for i in "${all[@]}"; do
    wait_answer "$i"
done
wait_leader "${all[@]}"
wait_known "${all[@]}"
say "all fifty know all fifty"
for i in "${all[@]}"; do
    [ "$(ask "$i" counters --json | jq .events_lost)" = 0 ] || fail "host $i has lost events"
done

old=$leader
rest=()
for i in "${all[@]}"; do
    [ "$i" = "$old" ] || rest+=("$i")
done
kill9 "$old"
wait_until agree "${rest[@]}"
start "$old"
wait_until agree "${all[@]}"

part "${left[*]}" "${right[*]}"
wait_until agree "${left[@]}"
wait_until agree "${right[@]}"
mend
wait_until agree "${all[@]}"
wait_known "${all[@]}"
