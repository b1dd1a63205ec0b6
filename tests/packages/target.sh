#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# A service that is bound to eldest-leader.target, as the manual has it, runs on the leader and nowhere else, whatever happens
# to the leader: it is started when the role is gained, and has stopped before the next one begins. An address moves likewise.
# shellcheck source=tests/packages/lib.sh
. "${0%/*}/lib.sh"

follows() { # HOST: the worker is there, and nowhere else
    local i
    wait_until only_worker_is "$1"
    wait_until is "$1" eldest-leader.target active
    for i in 1 2 3; do
        [ "$i" = "$1" ] || ! is "$i" worker active || fail "the worker runs on host $i, too"
    done
    wait_until has_address "$1"
    expect_no_overlap
    say "the worker is on $1"
}

has_address() { # HOST: and no other one has it
    local i
    for i in 1 2 3; do
        if [[ $(on "$i" ip -oneline address show to 10.114.0.77) == *10.114.0.77* ]]; then
            [ "$i" = "$1" ] || return
        else
            [ "$i" != "$1" ] || return
        fi
    done
}

ends() { # how often a worker has ended
    grep -c " end " "$diary"
}

ended_again() { # since there were $before ends
    [ "$(ends)" -gt "$before" ]
}

hosts 3
install 1 2 3
wait_known 1 2 3
worker 1 2 3
for i in 1 2 3; do
    on $i sh -c 'echo 10.114.0.77/24 >/etc/eldest/virtual-address'
    service $i restart
    wait_leader 1 2 3
    wait_known 1 2 3
done
expect_leader 1
follows 1

# By hand it is not started elsewhere, nor is the target by that.
! on 2 systemctl start worker 2>/dev/null || fail "the worker was started where the leader is not"
is 2 eldest-leader.target inactive

on 1 eldest resign
wait_leader 1 2 3
follows "$leader"
service "$leader" restart
back "$leader"
follows "$leader"
kill_main "$leader" eldest
back "$leader"
follows "$leader"

# Hooks that are killed have a guard; all of them killed at once, systemd stops the target. The host leads on.
for kill in kill_main kill_all; do
    before=$(ends)
    $kill "$leader" eldest-hooks
    wait_until ended_again
    expect_leader "$leader"
    follows "$leader"
done

# It ends before the network does.
before=$leader
reboot "$leader"
back "$leader"
[ "$leader" != "$before" ]
follows "$leader"

service "$leader" stop
# shellcheck disable=SC2046 # numbers
wait_leader $(running)
follows "$leader"
