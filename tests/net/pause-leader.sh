#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The leader's process gets no time to run. A pause shorter than detect changes nothing. In a longer one another host is
# elected: the paused one follows it when it wakes up, never takes the role back, and tells nobody that it still leads.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

readonly detect_ms=300

# What counts is how long the leader was silent in truth: a loaded machine may make more of the pause than was meant. Then
# nothing is promised, and it is tried again with whoever leads now.
short_pause() { # SECONDS HOST...
    local limit epoch paused=
    limit=$(deadline)
    until [ -n "$paused" ] && [ "$(silence_of "$paused" "$moment")" -lt $detect_ms ]; do
        [ $SECONDS -lt "$limit" ] || fail "no pause is as short as $1 s here"
        paused=$leader
        epoch=$(epoch_of "$paused")
        nap "$1" "$paused"
        wait_leader "${@:2}"
        wait_known "${@:2}"
    done
    expect_epoch "$epoch"
}

# It lasts for that time at least, and until another one leads.
long_pause() { # SECONDS HOST...
    local paused=$leader
    freeze "$paused"
    pause "$1"
    others_elect "$paused" "${@:2}"
    thaw "$paused"
    wakes_up_as_follower "$paused" "${@:2}"
}

# The whole host is away: nothing of what was said meanwhile waits for it in a queue.
suspend() { # HOST...
    local paused=$leader
    freeze "$paused"
    cut "$paused"
    others_elect "$paused" "$@"
    heal "$paused"
    thaw "$paused"
    wakes_up_as_follower "$paused" "$@"
}

others_elect() { # PAUSED HOST...
    local i rest=()
    for i in "${@:2}"; do
        [ "$i" = "$1" ] || rest+=("$i")
    done
    wait_leader "${rest[@]}"
    epoch=$(epoch_of "$leader")
}

wakes_up_as_follower() { # PAUSED HOST...
    wait_leader "${@:2}"
    expect_honest "$1"
    [ "$leader" != "$1" ] || fail "host $1 has taken the role back"
    wait_known "${@:2}"
    expect_epoch "$epoch"
}

lan 5
for hosts in "1 2 3" "1 2 3 4 5"; do
    # shellcheck disable=SC2086 # a list of hosts
    set -- $hosts
    start_in_turn "$@"
    observe "$@"
    short_pause 0.2 "$@"
    long_pause 1 "$@"
    if thorough; then
        long_pause 10 "$@"
        long_pause 0 "$@"
    fi
    suspend "$@"
    for i; do
        end "$i" KILL
    done
    forget "$@"
done
