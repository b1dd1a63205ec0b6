#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Somebody on the LAN, who hears all of it, makes messages of the leader and of others, sends what they sent before, and
# poses as them. With a key the leader stays, whatever it is; without one it need not, but nobody crashes and the cluster
# finds back.
# shellcheck source=tests/net/hostile.sh
. "${0%/*}/hostile.sh"

forge() { # TYPE [STEP]: of the present leader, with its epoch or one above
    attack forge "$1" "$(leader_id)" $(($(epoch_of "$leader") + ${2:-0}))
}

forgeries() {
    meet "Leader, by the name of the leader" forge leader
    meet "Leader, with a higher epoch" forge leader 9
    meet "Resign of the leader" forge resign
    meet "Farewell of the leader" forge farewell
    meet "Suspect of the leader" forge suspect
    meet "epochs at which something ends" attack ceiling "$(epoch_of "$leader")"
    meet "epochs far beyond what the leader believes" attack climb "$(leader_id)" "$(epoch_of "$leader")" 4
    meet "all since the start again" attack replay 5
    meet "the same, with their Ethernet addresses" attack astray
    meet "noise from the leader's address, 30,000/s for 2 s" attack pose "$(leader_id)" 60000 30000
}

hostile_lan
besieged forgeries
