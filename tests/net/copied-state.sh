#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# A machine is copied while it leads, and the copy dies before anybody has heard it. Its state names it as the leader, but its
# sentinel does not say farewell for a leadership that this start has not begun.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

has_sent() { # HOST
    ask "$1" counters --json | jq -e '.sent | add > 0' >/dev/null
}

lan 3
start_in_turn 1 2
epoch=$(epoch_of 1)

cp -r "$scratch/h1/state" "$scratch/h3/state"
unplug 3
start 3
mute 3
plug 3
wait_until has_sent 3
freeze 3
[ "$(grep -c ' leads with ' "$scratch/h3/log")" = 0 ] || fail "the copy stood still too late"
sentinel=$(sentinel_of 3)
mend
kill9_main 3
unset 'frozen[3]'
wait_until gone "$sentinel"
[ "$(ask 2 counters --json | jq .received.farewell)" = 0 ] || fail "the copy said farewell"
expect_leader 1
expect_epoch "$epoch"
