#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The link of a host goes down and comes up again, many times: in the first cluster that of a follower, in the second one
# that of the leader. The others keep one leader, and in the end all follow it. Who is cut off silently for long leads
# itself, and then the leader of the others takes a higher epoch; but from the third time on it waits ever longer.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

flap() { # DOWN UP SECONDS DURATION: down and up, so long each, for that time; then all are to agree
    local watching
    watch_for "$4" 1 2 3 4 &
    watching=$!
    while kill -0 "$watching" 2>/dev/null; do
        "$1" 5 "$leader"
        pause "$3"
        "$2" 5 "$leader"
        pause "$3"
    done
    wait "$watching"
    expect_seen 'all(.leader.name == "h1")' 1 2 3 4

    wait_leader 1 2 3 4 5
    wait_known 1 2 3 4 5
    [ "$leader" = 1 ]
    wait_leader 6 7 8 9 10
    wait_known 6 7 8 9 10
}

expect_rise() { # MOST MOST: of the epochs since the last time, in the first and the second cluster
    local now
    now=("$(epoch_of 1)" "$(epoch_of "$leader")")
    say "the epochs were ${epochs[*]} and are ${now[*]}"
    [ $((now[0] - epochs[0])) -le "$1" ]
    [ $((now[1] - epochs[1])) -le "$2" ]
    epochs=("${now[@]}")
}

undisturbed
lan 10
cluster two 6 7 8 9 10
start_in_turn 1 2 3 4 5
start_in_turn 6 7 8 9 10
epochs=("$(epoch_of 1)" "$(epoch_of 6)")

# The carrier goes too: the host knows, so that it does not lead. Only the first loss of a leader's carrier counts.
if thorough; then long=48s; else long=18s; fi
flap unplug plug 0.3 4s
expect_rise 0 2
flap unplug plug 3 6s
expect_rise 0 2

# The switch is silent. When the gaps swallow all that a host asks, two seconds make it lead itself even now. At eight times of
# three seconds the epochs would rise by 16 without the wait.
flap cut heal 0.3 4s
expect_rise 4 20
flap cut heal 3 $long
expect_rise 13 14
