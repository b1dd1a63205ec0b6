#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# measure.sh - how long the cluster is without a leader, in the cases that matter.
#
#     measure.sh [-d DETECT] [-u] [REPETITIONS] [NODES...]      10 repetitions with 3 and 5 nodes, if nothing is said
#
# -d DETECT is how long a silent leader is tolerated; with -u the daemons run before all other processes.
#
# Times are from CLOCK_MONOTONIC just before the cause (a process is started, killed or asked, a switch port is closed or
# opened, parts of the network meet; one exec lies between) to the change as the daemons date it in `eldest watch --json`: when
# one of them leads and no other one does, and when the last of the living hosts follows it. Build without sanitizers; keep the
# machine idle.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

say() {
    :
}

detect=
before_others=false
while getopts d:u option; do
    case $option in
        d) detect=$OPTARG ;;
        u) before_others=true ;;
        *) fail "usage: measure.sh [-d DETECT] [-u] [REPETITIONS] [NODES...]" ;;
    esac
done
shift $((OPTIND - 1))
repetitions=${1:-10}
if [ $# -gt 1 ]; then sizes=("${@:2}"); else sizes=(3 5); fi

hosts=() # of the cluster being measured
rest=() # of these, the ones that go on

record() { # CASE HOST...: the living hosts have come to $leader
    local i alone=${since[$leader]} last=0
    for i in "${@:2}"; do
        [ "${since[$i]}" -le "$last" ] || last=${since[$i]}
        [ "${quit[$i]:-0}" -le "$alone" ] || alone=${quit[$i]}
    done
    echo $(((alone - moment) / 1000)) >>"$scratch/$1.leads"
    echo $(((last - moment) / 1000)) >>"$scratch/$1.all"
}

others_than() { # HOST: sets $rest
    local i
    rest=()
    for i in "${hosts[@]}"; do
        [ "$i" = "$1" ] || rest+=("$i")
    done
}

cold_start() {
    local i
    for i in "${hosts[@]}"; do
        forget "$i"
    done
    stamp true
    launch "${hosts[@]}"
    for i in "${hosts[@]}"; do
        wait_answer "$i"
    done
    begin_watch "${hosts[@]}"
    until_leader "${hosts[@]}"
    record cold "${hosts[@]}"
    end_watch
}

heard_all() { # HOST...: the leader lists these and nobody else, and has heard each of them lately
    ask "$leader" status --json | jq -e ".peers | length == $# and all(.self or .last_seen_ms < 5000)" >/dev/null
}

# Begins to watch a cluster at rest, whose leader is in $leader.
settle() {
    begin_watch "${hosts[@]}"
    until_leader "${hosts[@]}"
    wait_until heard_all "${hosts[@]}"
    others_than "$leader"
}

# As a loss of power: nobody is left to say farewell.
kill_all_of_leader() {
    local old=$leader
    settle
    end_both "$old"
    until_leader "${rest[@]}"
    record silence "${rest[@]}"
    end_watch
    start "$old"
}

kill_leader() {
    local old=$leader
    settle
    end "$old" KILL
    until_leader "${rest[@]}"
    record kill "${rest[@]}"
    end_watch
    start "$old"
}

stop_leader() {
    local old=$leader
    settle
    end "$old" TERM
    until_leader "${rest[@]}"
    record stop "${rest[@]}"
    end_watch
    start "$old"
}

cut_leader() {
    local old=$leader
    settle
    stamp bridge -n sw link set dev "p$old" state 0
    until_leader "${rest[@]}"
    record cut "${rest[@]}"
    end_watch
    leader_returns "$old"
}

leader_returns() { # HOST: it was cut off, and the others have forgotten it
    wait_until heard_all "${rest[@]}"
    begin_watch "${hosts[@]}"
    until_leader "$1"
    until_leader "${rest[@]}"
    stamp bridge -n sw link set dev "p$1" state 3
    until_leader "${hosts[@]}"
    record back "${hosts[@]}"
    end_watch
}

halves_meet() {
    local half=$(((${#hosts[@]} + 1) / 2))
    local left=("${hosts[@]:0:half}") right=("${hosts[@]:half}")
    part "${left[*]}" "${right[*]}"
    wait_leader "${left[@]}"
    wait_until heard_all "${left[@]}"
    wait_leader "${right[@]}"
    wait_until heard_all "${right[@]}"
    begin_watch "${hosts[@]}"
    until_leader "${left[@]}"
    until_leader "${right[@]}"
    mend
    until_leader "${hosts[@]}"
    record meet "${hosts[@]}"
    end_watch
}

resign_leader() {
    local old=$leader
    settle
    stamp "$builddir/eldest" -s "$scratch/h$old/sock" resign >/dev/null
    until_leader "${rest[@]}"
    until_leader "${hosts[@]}"
    record resign "${rest[@]}"
    end_watch
}

row() { # CASE TITLE
    local what
    printf '%-34s' "$2"
    for what in leads all; do
        sort -n "$scratch/$1.$what" | awk '
            { us[NR] = $1 }
            END { printf " %9.1f %8.1f %8.1f", us[int((NR + 1) / 2)] / 1000, us[1] / 1000, us[NR] / 1000 }'
    done
    echo
}

most=$(printf '%s\n' "${sizes[@]}" | sort -n | tail -n 1)
lan "$most"
for ((host = 1; host <= most; host++)); do
    [ -z "$detect" ] || printf '[timing]\ndetect = %s\n' "$detect" | configure "$host"
done
if $before_others; then undisturbed; fi
printf '%-34s %27s %27s\n' "ms, $repetitions repetitions${detect:+, detect $detect}" "one leader leads" "all follow it"
printf '%-34s %9s %8s %8s %9s %8s %8s\n' "" median least most median least most
for size in "${sizes[@]}"; do
    mapfile -t hosts < <(seq "$size")
    rm -f "$scratch"/*.leads "$scratch"/*.all
    for ((turn = 1; turn <= repetitions; turn++)); do
        cold_start
        for fault in kill_all_of_leader kill_leader cut_leader stop_leader resign_leader halves_meet; do
            $fault
            wait_leader "${hosts[@]}"
        done
        for i in "${hosts[@]}"; do
            end "$i" KILL
        done
    done
    row cold "$size nodes: cold start"
    row silence "$size nodes: killed with sentinel"
    row kill "$size nodes: leader killed (SIGKILL)"
    row cut "$size nodes: leader cut off silently"
    row back "$size nodes: cut leader comes back"
    row meet "$size nodes: halves meet"
    row stop "$size nodes: leader stopped (SIGTERM)"
    row resign "$size nodes: leader resigns"
done
