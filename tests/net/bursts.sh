#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Of ten frames three are lost by chance, and on some paths all of them for a while. The leader stays; when it dies,
# one other host leads.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

undisturbed
slow_lan 5
start 1 2 3 4 5
wait_leader 1 2 3 4 5
wait_known 1 2 3 4 5
old=$leader
epoch=$(epoch_of "$old")

burst 10 20ms 100ms
lose 30
watch_for 2s 1 2 3 4 5
expect_seen "all(.epoch == $epoch)" 1 2 3 4 5
expect_seen 'all(.leader.self)' "$old"

kill9 "$old"
mapfile -t rest < <(running)
wait_leader "${rest[@]}"
mend
wait_leader "${rest[@]}"
