#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Wi-Fi: an access point keeps multicasts back until all may listen, while unicast goes its way. A leader is stopped and the
# next one killed: each is replaced once, and the multicasts that come when that is over disturb nobody. Nor do they take
# part: the third one dies when there are none.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

undisturbed
slow_lan 5
delay 1ms 4ms
slow_multicast 100ms 300ms
start 1 2 3 4 5
wait_leader 1 2 3 4 5
wait_known 1 2 3 4 5
epoch=$(epoch_of "$leader")

for replace in term kill9; do
    $replace "$leader"
    mapfile -t rest < <(running)
    wait_leader "${rest[@]}"
    epoch=$((epoch + 1))
    watch_for 500ms "${rest[@]}" # until those that were under way have come
    expect_seen "all(.epoch == $epoch and .leader.name == \"h$leader\")" "${rest[@]}"
    wait_known "${rest[@]}"
done
mend

for i in "${rest[@]}"; do
    no_multicast "$i"
done
kill9 "$leader"
mapfile -t rest < <(running)
wait_leader "${rest[@]}"
mend
