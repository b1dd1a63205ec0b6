#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Ten hosts begin in the same millisecond, as after a power cut of the whole rack: one leads, and all agree, again and again.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

readonly hosts=(1 2 3 4 5 6 7 8 9 10)

# Each daemon waits behind the same lock, and all go on when it is released.
launch_at_once() { # HOST...
    local i gate
    exec {gate}>"$scratch/gate"
    flock "$gate"
    for i; do
        mkdir -p "$scratch/h$i/state"
        (flock --shared "$scratch/gate" true; eldestd_on "$i") >>"$scratch/h$i/log" 2>&1 &
        pid[$i]=$!
    done
    wait_until all_wait $#
    flock --unlock "$gate"
    exec {gate}>&-
}

all_wait() { # PROCESSES
    [ "$(pgrep -cx flock)" = "$1" ]
}

lan ${#hosts[@]}
rounds=(1 2)
! thorough || rounds=(1 2 3 4 5 6)
for round in "${rounds[@]}"; do
    say "round $round"
    launch_at_once "${hosts[@]}"
    for i in "${hosts[@]}"; do
        wait_answer "$i"
    done
    wait_leader "${hosts[@]}"
    wait_known "${hosts[@]}"
    expect_leader "$leader"
    expect_epoch "$(epoch_of "$leader")"
    for i in "${hosts[@]}"; do
        end "$i" KILL
    done
    forget "${hosts[@]}"
done
