#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The disk with the state of a host fills up, or becomes read-only, just before the leader changes: the host says that it
# cannot save anything, no longer than that is so, and the others have a leader all the same. Its state directory is removed:
# what it saves next is in a new one.
# shellcheck source=tests/net/hostile.sh
. "${0%/*}/hostile.sh"

can_save() { # true|false: what host 2 says of itself
    { ask 2 status --json || [ $? = 3 ]; } | jq -e ".node.writable == $1" >/dev/null
}

# Something to save, for all; and if host 2 was to take over, who resigned may have to lead on.
hand_over() {
    ask "$leader" resign >/dev/null || [ $? = 6 ]
    wait_leader 1 2 3 >/dev/null
}

outage() { # BEGIN END: functions
    "$1"
    hand_over
    wait_until can_save false
    "$2"
    wait_until can_save true
}

fill() {
    cat /dev/zero >/mnt/full 2>/dev/null || :
}

empty() {
    rm /mnt/full
}

shut() {
    mount -o remount,ro /mnt
}

reopen() {
    mount -o remount,rw /mnt
}

removal() {
    rm -r /mnt/state
    hand_over
    wait_until test -s /mnt/state/state
    can_save true
}

lan 3
mount -t tmpfs -o mode=755,size=32k tmpfs /mnt
mkdir -m 750 /mnt/state
ln -s /mnt/state "$scratch/h2/state"
start_in_turn 1 2 3
suffer "state directory full, and a handover" outage fill empty
suffer "state directory read-only, and a handover" outage shut reopen
suffer "state directory removed, and a handover" removal
expect_failover
