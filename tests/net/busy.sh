#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Four processes that never rest share the processors with the daemons. As long as the leader gets its turn within detect,
# it stays; when it dies under that load, it is replaced.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

readonly detect_ms=300

spin() { # SECONDS
    local end=$((SECONDS + $1))
    while [ $SECONDS -lt $end ]; do :; done
}

# What the scheduler made of it is measured: a leader that had to wait longer than detect is rightly replaced.
bears_the_load() { # HOST...
    local epoch
    epoch=$(epoch_of "$1")
    observe "$@"
    stamp true
    watch_for 15s "$@"
    wait_leader "$@"
    if [ "$(silence_of "$1" "$moment")" -lt $detect_ms ]; then
        expect_epoch "$epoch"
    else
        say "host $1 had no time to run for more than $detect_ms ms"
    fi
    expect_honest "$1"
}

lan 5
start_in_turn 1 2 3 4 5
for _ in 1 2 3 4; do
    spin 60 &
    spinners+=($!)
done
bears_the_load 1 2 3 4 5
kill9 "$leader"
rest=()
for i in 1 2 3 4 5; do
    [ "$i" = "$leader" ] || rest+=("$i")
done
wait_leader "${rest[@]}"
wait_known "${rest[@]}"
kill "${spinners[@]}" 2>/dev/null || :
wait_leader "${rest[@]}"
