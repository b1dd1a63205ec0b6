#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Thousands a second, for some seconds: Suspects of the leader by nodes that are not there, which all that hear one check;
# and what the nodes themselves have sent, again and again. With a key the leader stays; in any case it answers, and takes
# neither memory nor room in the log without bound.
# shellcheck source=tests/net/hostile.sh
. "${0%/*}/hostile.sh"

storms() {
    meet "Suspects of 50,000 nodes, 10,000/s" attack storm "$(leader_id)" "$(epoch_of "$leader")" 50000 10000
    meet "what the nodes sent, 30,000/s, 100 times" attack replay 100 30000
    meet "noise from the leader's address, 30,000/s for 5 s" attack pose "$(leader_id)" 150000 30000
}

hostile_lan
besieged storms
