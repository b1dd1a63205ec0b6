#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The network falls into parts, which meet again all at the same instant. Each part has a leader of its own meanwhile;
# then the most senior of these that have followers leads all, with an epoch above all of theirs.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

apart() { # "HOST..."...: the parts, in each of which the hosts come by age; sets $highest
    local hosts epoch
    highest=0
    part "$@"
    for hosts; do
        # shellcheck disable=SC2086 # a list of hosts
        wait_leader $hosts
        [ "$leader" = "${hosts%% *}" ]
        # shellcheck disable=SC2086
        wait_known $hosts
        epoch=$(epoch_of "$leader")
        [ "$epoch" -le "$highest" ] || highest=$epoch
    done
}

meet() { # HOST...
    mend
    wait_leader "$@"
    wait_known "$@"
    expect_leader "$leader"
    [ "$(epoch_of "$leader")" -gt "$highest" ]
}

undisturbed
lan 10
start_in_turn 1 2 3 4 5
apart "1 2" "3 4 5"
meet 1 2 3 4 5
expect_leader 1

for i in 6 7 8 9 10; do
    start "$i"
    wait_leader 1 "$i"
done
wait_known 1 2 3 4 5 6 7 8 9 10
apart "1 2 3 4 5" "6 7 8 9 10"
meet 1 2 3 4 5 6 7 8 9 10
expect_leader 1

apart "1 2 3 4" "5 6 7" "8 9 10"
meet 1 2 3 4 5 6 7 8 9 10
expect_leader 1

# Each of the hosts alone: any of them may remain, as none has followers.
apart 1 2 3 4 5 6 7 8 9 10
meet 1 2 3 4 5 6 7 8 9 10
