#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# A job of cron on three hosts, which must run on one of them: "eldest is-leader && job", at the same moment everywhere.
# Where there is a leader it runs once; in the moment after the death of the leader at most once.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

# shellcheck disable=SC2016 # it is for another shell
readonly job='"$0" -s "$1" is-leader && echo "$2 $3" >>"$4"'

# What cron does on each host whose daemon was not killed just now, whether it runs or not.
tick() { # NUMBER
    local i crons=()
    for i in 1 2 3; do
        sh -c "$job" "$builddir/eldest" "$scratch/h$i/sock" "$1" "$i" "$scratch/jobs" 2>/dev/null &
        crons+=($!)
    done
    for i in "${crons[@]}"; do
        wait "$i" || :
    done
}

hosts_of() { # NUMBER: those that ran the job
    awk -v tick="$1" '$1 == tick { print $2 }' "$scratch/jobs" | xargs
}

expect_once() { # NUMBER
    [ "$(hosts_of "$1")" = "$leader" ] || fail "job $1 ran on \"$(hosts_of "$1")\", while host $leader leads"
}

expect_at_most_once() { # NUMBER
    [ "$(hosts_of "$1" | wc -w)" -le 1 ] || fail "job $1 ran on $(hosts_of "$1")"
}

hand_over() {
    ask "$leader" resign >/dev/null
}

restart() {
    term "$leader"
    start "$leader"
}

number=0
: >"$scratch/jobs"
lan 3
start_in_turn 1 2 3
for what in true hand_over restart true hand_over; do
    $what
    wait_leader 1 2 3
    tick $((++number))
    expect_once $number
done
for i in 1 2 3; do
    victim=$leader
    kill9_main "$victim"
    tick $((++number))
    expect_at_most_once $number
    start "$victim"
    wait_leader 1 2 3
    tick $((++number))
    expect_once $number
done
say "$number jobs, $(wc -l <"$scratch/jobs") runs"
