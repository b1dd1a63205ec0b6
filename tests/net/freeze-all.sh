#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# All hosts stand still at once, as virtual machines do whose host is suspended, and go on: the leader asks the others, they
# confirm it, and all is as before. Nobody is thought to have left, and nobody has taken epochs for nothing.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

readonly detect_ms=300 hosts=(1 2 3 4 5)

all_pause() { # SECONDS
    local before=$leader epoch
    epoch=$(epoch_of "$leader")
    freeze "${hosts[@]}"
    pause "$1"
    stamp true
    thaw "${hosts[@]}"
    wait_leader "${hosts[@]}"
    wait_known "${hosts[@]}"
    # On a loaded machine the leader may get its turn long after the others: then it is rightly replaced.
    if [ "$(silence_of "$before" "$moment")" -lt $detect_ms ]; then
        expect_leader "$before"
        expect_epoch "$epoch"
    else
        say "host $before went on more than $detect_ms ms late"
    fi
}

nobody_left() { # HOST
    local left
    left=$(jq -Rr 'fromjson? | select(.event == "peer-left") | .peer.name' "$scratch/h$1/chronicle")
    [ -z "$left" ] || fail "host $1 believes that these have left: $left"
}

lan 5
start_in_turn "${hosts[@]}"
observe "${hosts[@]}"
spans=(0.5 2 7)
! thorough || spans+=(0.3 0.4 0.6 1 20)
for seconds in "${spans[@]}"; do
    all_pause "$seconds"
    for i in "${hosts[@]}"; do
        expect_honest "$i"
        nobody_left "$i"
    done
done
