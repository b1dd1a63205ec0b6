#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# demo.sh - what eldest does, to look at: five hosts elect a leader, lose it, and are handed over. See ./setup demo.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

say() {
    :
}

if [ -t 1 ]; then bold=$'\e[1m' plain=$'\e[0m'; else bold='' plain=''; fi

tell() {
    printf '\n%s%s%s\n' "$bold" "$*" "$plain"
}

took() { # HOST...: how long after $moment each of them had the news: the first and the last of them
    local i ms times=()
    for i; do
        ms=$(((since[$i] - moment) / 100000))
        times+=("$ms")
    done
    mapfile -t times < <(printf '%s\n' "${times[@]}" | sort -n)
    printf 'h%d leads, after %d.%d ms; all of them know after %d.%d ms.\n' "$leader" \
        $((times[0] / 10)) $((times[0] % 10)) $((times[-1] / 10)) $((times[-1] % 10))
}

show() { # HOST COMMAND...
    printf '\n%s$ eldest %s%s   (on h%d)\n\n' "$bold" "${*:2}" "$plain" "$1"
    ask "$@"
}

tell "Five hosts on one switch, in network namespaces of this machine. Each starts eldestd; nothing is configured."
lan 5
stamp true
launch 1 2 3 4 5
for i in 1 2 3 4 5; do wait_answer "$i"; done
begin_watch 1 2 3 4 5
until_leader 1 2 3 4 5
took 1 2 3 4 5

others=()
for i in 1 2 3 4 5; do [ "$i" = "$leader" ] || others+=("$i"); done
knows() { # HOST MEMBERS
    ask "$1" status --json | jq -e ".members == $2 and (.peers | length) == $2" >/dev/null
}
wait_until knows "${others[0]}" 5
show "${others[0]}" status

tell "The leader is killed: kill -KILL of eldestd on h$leader. Its sentinel tells the others."
first=$leader
end "$leader" KILL
until_leader "${others[@]}"
took "${others[@]}"
wait_until knows "${others[0]}" 4
show "${others[0]}" status

tell "The new leader steps down: eldest resign on h$leader."
stamp "$builddir/eldest" -s "$scratch/h$leader/sock" resign
resigned=$leader
rest=()
for i in "${others[@]}"; do [ "$i" = "$resigned" ] || rest+=("$i"); done
until_leader "${rest[@]}"
until_leader "${others[@]}"
took "${others[@]}"
end_watch

tell "h$first comes back. Nobody makes way for it."
start "$first"
wait_leader 1 2 3 4 5
show "$first" leader

for i in 1 2 3 4 5; do term "$i"; done
tell "That was it: stopped and cleaned up. eldest(1) and eldestd(8) tell the rest."
