#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# lease.sh - work that has a lease ends with it, by the clock of whoever does it: though the daemon says nothing, and though
# one of the processes stands still that should end it.
#
# The test is the daemon. The command does not heed SIGTERM, and --grace is a minute: it would last longer than anybody waits
# here, but for the lease.
# shellcheck source=tests/cli/lib.sh disable=SC2016 # what is in single quotes is the command's
. "${0%/*}/lib.sh"

none='{"hold":"none","order":0,"limit_ms":10000,"state":"idle","epoch":1,"token":null,"leader":null}'
stop='{"hold":"stop","order":1,"limit_ms":10000,"state":"idle","epoch":1,"token":null,"leader":null}'
work='"hold":"work","order":1,"limit_ms":10000,"state":"leader","epoch":7,"token":"7.a","leader":{"self":true}'

lease() { # MS [MARGIN-MS]: of so long from now
    local up
    read -r up _ </proc/uptime
    echo '"lease_ms":'"$1"',"until_us":'$((${up/./} * 10000 + $1 * 1000))',"stop_margin_ms":'"${2:-0}"
}

work() { # MS [MARGIN-MS]
    say "{$work,$(lease "$@")}"
}

renew() { # MS [MARGIN-MS]
    say "{$(lease "$@")}"
}

pass() { # SECONDS: of a lease
    read -r -t "$1" -u "$silence" || :
}

run() { # TRAP: of a command that gets SIGTERM
    listen
    background run --grace 1m -- bash -c 'trap "'"$1"'" TERM; echo "begin $ELDEST_TOKEN" >>"$DIARY"; echo $$ >"$DIARY.pid"
        while :; do sleep 0.02; done'
    say "$none"
    wait_until heard hold
}

run_stubborn() {
    run 'echo term >>$DIARY'
}

# A lease that is short is given when the command has begun, so that it does not end before on a busy host; the margin is for
# the line that SIGTERM makes it write.
run_for() { # MS
    run_stubborn
    work 100000
    begins 1
    renew "$1" 500
}

begins() { # with that line of the diary
    wait_until told "$1"
    wait_until written "$diary.pid"
}

command_ended() {
    process_ended "$diary.pid" && ! runner_gone
}

ends_with_lease() {
    wait_until command_ended
    rm "$diary.pid"
}

quit() { # with the status of the command, if that is not gone yet for eldest run; the daemon ends with its client
    kill -TERM "$runner"
    wait_until runner_gone
    wait "${pid[alpha]}"
    unset "pid[alpha]"
}

# The daemon falls silent: the command is asked to end, and ended. It begins again when the lease is renewed. Only an order to
# stop is answered, and work that is stopping has no more time than the lease.
run_for 100
ends_with_lease
shows "begin 7.a" term
wait_until logged "lease"
! heard stopped || fail "an order that is in force was taken for one to stop: $(cat "$scratch/heard")"
renew 100000
begins 3
say "$stop"
wait_until told 4
renew 300
wait_until heard '{"stopped":1}'
command_ended || fail "it said that the command has stopped, which goes on"
shows "begin 7.a" term "begin 7.a" term
quit

# Renewals keep it running, and the last one ends it.
run_for 3000
for _ in $(seq 17); do
    renew 3000 500
    pass 0.2
done
shows "begin 7.a"
! process_ended "$diary.pid" || fail "the command has ended in spite of its lease"
ends_with_lease
quit

# The margin is for the end.
run 'sleep 0.3; echo finished >>$DIARY; exit 0'
work 100000
begins 1
renew 100 60000
ends_with_lease
shows "begin 7.a" finished
quit

# eldest run stands still; then it reads of a longer lease.
run_stubborn
work 3000 500
begins 1
kill -STOP "$runner"
wait_until process_ended "$diary.pid"
rm "$diary.pid"
kill -CONT "$runner"
renew 100000
begins 3
shows "begin 7.a" term "begin 7.a"
renew 1
ends_with_lease
quit

# The keeper stands still: eldest run makes it go on.
run_stubborn
work 3000 500
begins 1
keeper=$(pgrep -x -P "$runner" eldest-keeper)
kill -STOP "$keeper"
ends_with_lease
quit

# Nobody begins what is over when it is read.
run_stubborn
kill -STOP "$runner"
work 50
renew 100
pass 0.2
kill -CONT "$runner"
renew 100000
begins 1
shows "begin 7.a"
renew 1
ends_with_lease
quit

# Hooks are told that it is over, and told again when it is not.
mkdir "$dir"
hook 10-note 'echo "$ELDEST_EVENT $ELDEST_STATE $ELDEST_TOKEN" >>"$DIARY"'
listen
background hooks "$dir"
say "$none"
shows "start idle "
work 100000
shows "start idle " "gained leader 7.a"
renew 100
shows "start idle " "gained leader 7.a" "lost idle "
! heard stopped || fail "an order that is in force was taken for one to stop: $(cat "$scratch/heard")"
renew 100000
wait_until told 4
say "$stop"
wait_until heard '{"stopped":1}'
shows "start idle " "gained leader 7.a" "lost idle " "gained leader 7.a" "lost idle "

# They stand still: their guard ends them, and tells the hooks.
: >"$diary"
work 3000
shows "gained leader 7.a"
wait_until has_guard
kill -STOP "$runner"
ends_with 137
shows "gained leader 7.a" "lost idle "
