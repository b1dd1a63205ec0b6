#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Who sees that its own cable is out knows more than silence tells: a leader says so before the others can have another
# one, and a follower accuses nobody.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

knows_nobody_to_lead() { # HOST
    [ "$(leader_of "$1")" = nobody ]
}

suspicions() { # HOST: that it has told the others
    ask "$1" counters --json | jq .sent.suspect
}

lan 3
start_in_turn 1 2 3
epoch=$(epoch_of 1)

unplug 3
wait_until knows_nobody_to_lead 3
watch_for 3s 1 2
plug 3
wait_known 1 2 3
expect_leader 1
expect_epoch "$epoch"
[ "$(suspicions 3)" = 0 ] || fail "host 3 blamed its leader"

begin_watch 1 2 3
until_leader 1 2 3
unplug 1
until_leader 2 3
[ "${quit[1]:-$((since[2] + 1))}" -lt "${since[2]}" ] || fail "host 1 did not know before host 2 led"
end_watch
expect_leader 2
plug 1
wait_known 1 2 3
expect_leader 2
