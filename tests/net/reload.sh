#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Configurations that change while the daemons run: the others see it, the leader's timing rules, and a leader that may
# not lead any more hands over as if it resigned.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

edit() { # HOST SED-SCRIPT
    sed -i "$2" "$scratch/h$1/conf"
}

hup() { # HOST
    kill -HUP "${pid[$1]}"
}

sees() { # HOST NAME PRIORITY: a member is listed with both
    ask "$1" status --json |
        jq -e --arg name "$2" --argjson priority "$3" '.peers | any(.name == $name and .priority == $priority)' >/dev/null
}

calls_leader() { # HOST NAME
    [ "$(leader_of "$1")" = "$2" ]
}

is_ruled_by() { # HOST DETECT
    ask "$1" status --json | jq -e --argjson detect "$2" '.timing.detect_ms == $detect' >/dev/null
}

lan 3
for i in 1 2 3; do
    configure $i <<<'priority = 100'
done
start_in_turn 1 2 3
expect_leader 1
epoch=$(epoch_of 1)

# Name and priority of a follower, by signal and by command.
edit 3 's/^name = .*/name = third/; s/^priority = .*/priority = 90/'
hup 3
for i in 1 2 3; do
    wait_until sees $i third 90
done
edit 3 's/^name = .*/name = h3/; s/^priority = .*/priority = 100/'
ask 3 reload
for i in 1 2 3; do
    wait_until sees $i h3 100
done

# The name of the leader.
edit 1 's/^name = .*/name = first/'
hup 1
for i in 1 2 3; do
    wait_until calls_leader $i first
done
edit 1 's/^name = .*/name = h1/'
ask 1 reload
for i in 1 2 3; do
    wait_until calls_leader $i h1
done

# A wrong file changes nothing, neither here nor there.
edit 1 's/^name = .*/name = never/; $ a colour = red'
status=0
ask 1 reload || status=$?
[ $status = 78 ]
hup 1
status=0
ask 1 reload --json >"$scratch/refused" || status=$?
[ $status = 78 ]
jq -e '.error.mistakes | any(contains("colour = red"))' "$scratch/refused" >/dev/null
edit 1 's/^name = .*/name = h1/; /^colour/ d'
ask 1 reload --json | jq -e '.changed == [] and .restart == []' >/dev/null
expect_leader 1

# The leader's timing rules; a follower's own does not.
configure 1 <<<$'[timing]\ndetect = 2s'
configure 2 <<<$'[timing]\ndetect = 3s'
ask 2 reload
hup 1
for i in 1 2 3; do
    wait_until is_ruled_by $i 2000
done
edit 1 's/^detect = .*/detect = 1s/'
ask 1 reload
for i in 1 2 3; do
    wait_until is_ruled_by $i 1000
done
expect_leader 1
expect_epoch "$epoch"

# Not eligible any more: it hands over at once, so nobody has to find out that it is silent.
wait_known 1 2 3
ask 3 watch --json >"$scratch/watch" &
wait_until test -s "$scratch/watch"
configure 1 <<<$'[node]\neligible = no'
ask 1 reload
wait_leader 1 2 3
expect_leader 2
follows_second() {
    jq -se 'any(.event == "leader" and .leader.name == "h2")' "$scratch/watch" >/dev/null
}
wait_until follows_second
jq -se 'any(.event == "suspected") | not' "$scratch/watch" >/dev/null || fail "the leader was suspected"
jq -se 'any(.event == "no-leader" and .reason == "resign")' "$scratch/watch" >/dev/null || fail "it did not resign"
for i in 2 3; do
    wait_until is_ruled_by $i 3000
done

# It does not come back, even if nobody else is left, before it may.
term 2 3
status=0
ask 1 wait --timeout 1s || status=$?
[ $status = 5 ]
edit 1 's/^eligible = .*/eligible = yes/'
hup 1
wait_leader 1
expect_leader 1
