#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# A network on which frames take their time, overtake each other and come twice. Nothing fails, so the leader stays: no
# answer from long ago is taken for one of now. Nor does it matter that one of the others is not heard by it. When it dies it
# is replaced, once.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

waver() {
    delay 2ms 10ms
    reorder 30 20ms 150ms
    duplicate 30
}

undisturbed
slow_lan 5
waver
start 1 2 3 4 5
wait_leader 1 2 3 4 5
wait_known 1 2 3 4 5
old=$leader
epoch=$(epoch_of "$old")
watch_for 2s 1 2 3 4 5
expect_seen "all(.epoch == $epoch and .leader.name == \"h$old\")" 1 2 3 4 5

unheard=$((old % 5 + 1))
block "$unheard" "$old"
wait_until stands "$unheard" unreachable
expect_leader "$old"
expect_epoch "$epoch"
count_frames
[ "${counts[overtaken]}" -gt 0 ]
mend
wait_until stands "$unheard" following
wait_known 1 2 3 4 5
expect_leader "$old"
expect_epoch "$epoch"

waver
kill9 "$old"
mapfile -t rest < <(running)
wait_leader "${rest[@]}"
mend
expect_leader "$leader"
expect_epoch $((epoch + 1))
