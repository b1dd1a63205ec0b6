#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Followers get no time to run: one or all of them, shortly or so long that they are not members any more, in peace and in
# the middle of the leader's death. When they wake up they follow whoever leads; their pause starts no leadership.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

# After all have gone on: the leader is this one, and still in the same epoch.
expect_as_before() { # LEADER EPOCH HOST...
    wait_leader "${@:3}"
    wait_known "${@:3}"
    expect_leader "$1"
    expect_epoch "$2"
}

followers_pause() { # SECONDS HOST...
    freeze "${@:2}"
    pause "$1"
    thaw "${@:2}"
    expect_as_before "$leader" "$epoch" "${hosts[@]}"
}

# The leader dies. Some moment later these stand still, whatever they are doing then, until others have elected one of them.
die_and_pause() { # SECONDS HOST...
    local i dead=$leader rest=() living=()
    kill9 "$dead"
    pause "$1"
    freeze "${@:2}"
    for i in "${hosts[@]}"; do
        [ "$i" = "$dead" ] || living+=("$i")
        [ "$i" = "$dead" ] || [ -n "${frozen[$i]:-}" ] || rest+=("$i")
    done
    wait_leader "${rest[@]}"
    epoch=$(epoch_of "$leader")
    thaw "${@:2}"
    expect_as_before "$leader" "$epoch" "${living[@]}"
    start "$dead"
    expect_as_before "$leader" "$epoch" "${hosts[@]}"
}

# The last one to stand still has lost everybody, and is about to lead alone. When it wakes up the time for that is over, but
# the others are back.
last_one_pauses() { # LAST
    local others
    mapfile -t others < <(printf '%s\n' "${hosts[@]}" | grep -vx "$1")
    freeze "${others[@]}"
    wait_until is_isolated "$1"
    freeze "$1"
    thaw "${others[@]}"
    pause 3
    thaw "$1"
    expect_as_before "$leader" "$epoch" "${hosts[@]}"
}

is_isolated() { # HOST
    { ask "$1" leader --json 2>/dev/null || :; } | jq -e '.node.standing == "isolated"' >/dev/null
}

next_in_line() {
    ask "$leader" status --json | jq -r '.next as $next | .peers[] | select(.id == $next) | .name[1:]'
}

lan 5
hosts=(1 2 3)
start_in_turn "${hosts[@]}"
epoch=$(epoch_of 1)
followers_pause 0.2 2
followers_pause 1 2
followers_pause 1 2 3
followers_pause 10 2 3
last_one_pauses 3
die_and_pause 0 2
die_and_pause 1 "$(next_in_line)"

start 4 5
hosts=(1 2 3 4 5)
wait_leader "${hosts[@]}"
wait_known "${hosts[@]}"
moments_s=(0.2)
! thorough || moments_s=(0 0.2 0.4)
for moment_s in "${moments_s[@]}"; do
    die_and_pause "$moment_s" "$(next_in_line)"
done
followers_pause 0.2 "$(next_in_line)"
mapfile -t followers < <(printf '%s\n' "${hosts[@]}" | grep -vx "$leader")
followers_pause 1 "${followers[@]:0:2}"
! thorough || followers_pause 10 "${followers[@]}"
