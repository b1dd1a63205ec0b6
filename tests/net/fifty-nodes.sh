#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Fifty hosts on one switch start together, lose their leader, and lose and get back half of the network.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

numbers() { # FIRST LAST
    seq -s ' ' "$1" "$2"
}

undisturbed
lan 50
launch $(numbers 1 50)
for i in $(numbers 1 50); do
    wait_answer "$i"
done
wait_leader $(numbers 1 50)
wait_known $(numbers 1 50)
say "all fifty know all fifty"
for i in $(numbers 1 50); do
    [ "$(ask "$i" counters --json | jq .events_lost)" = 0 ] || fail "host $i has lost events"
done

old=$leader
rest=()
for i in $(numbers 1 50); do
    [ "$i" = "$old" ] || rest+=("$i")
done
kill9 "$old"
wait_leader "${rest[@]}"
start "$old"
wait_leader $(numbers 1 50)

part "$(numbers 1 25)" "$(numbers 26 50)"
wait_leader $(numbers 1 25)
wait_leader $(numbers 26 50)
mend
wait_leader $(numbers 1 50)
wait_known $(numbers 1 50)
