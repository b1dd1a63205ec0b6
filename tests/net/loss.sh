#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Every fifth frame is lost for a while, in a cluster of ten hosts and in one of three on the same switch. A host may
# doubt its leader for a moment, but nobody else comes to lead; and a leader that dies then is replaced.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

lasting=20s
! thorough || lasting=60s
readonly ten=(1 2 3 4 5 6 7 8 9 10) three=(11 12 13)

undisturbed
lan 13
cluster three "${three[@]}"
start_in_turn "${ten[@]}"
start_in_turn "${three[@]}"
of_ten=$(epoch_of 1) of_three=$(epoch_of 11)

lose 20
watch_for $lasting "${ten[@]}" "${three[@]}"
expect_seen "all(.epoch == $of_ten)" "${ten[@]}"
expect_seen "all(.epoch == $of_three)" "${three[@]}"
expect_seen 'all(.leader.self)' 1 11
mend
wait_leader "${ten[@]}"
wait_leader "${three[@]}"
[ "$(epoch_of 1)" = "$of_ten" ]
[ "$(epoch_of 11)" = "$of_three" ]
wait_known "${ten[@]}"
wait_known "${three[@]}"

lose 20
cut 1
kill9 11
wait_leader 2 3 4 5 6 7 8 9 10
wait_leader 12 13
mend
wait_known 2 3 4 5 6 7 8 9 10
wait_known 12 13
