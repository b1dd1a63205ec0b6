#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Whoever reads the leader's log stops doing so, while all log everything and somebody sends what is worth a line: the leader
# leads on, and says how many lines were lost when there is room for them again. The others' logs grow within bounds.
# shellcheck source=tests/net/hostile.sh
. "${0%/*}/hostile.sh"

provoke() {
    attack ceiling "$(epoch_of "$leader")"
    attack replay 20
    attack storm "$(leader_id)" "$(epoch_of "$leader")" 6000 6000
    on 4 "$builddir/tests/net/flood" garbage eth0 224.0.0.254 20000 20000 >/dev/null
}

read_log() {
    dd if="$scratch/h1/log" bs=4096 iflag=nonblock >>"$scratch/read" 2>/dev/null || :
    ask 1 reload >/dev/null
}

tells_what_was_lost() {
    read_log
    grep -qE '^eldestd: [0-9]+ messages were lost' "$scratch/read"
}

provocation() {
    meet "what is worth a line, to a log that nobody reads" provoke
    wait_until tells_what_was_lost
    dd if=/dev/zero of="$scratch/h1/log" bs=4096 oflag=nonblock 2>/dev/null || :
}

hostile_lan
for i in 1 2 3; do
    configure $i <<<$'[log]\nlevel = debug'
done
mkfifo "$scratch/h1/log"
exec {log}<>"$scratch/h1/log"
dd if=/dev/zero of="$scratch/h1/log" bs=4096 oflag=nonblock 2>/dev/null || :
besieged provocation
