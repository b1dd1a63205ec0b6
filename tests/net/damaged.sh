#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Datagrams of each type, as their nodes sent them, with each of their bits changed, and cut off at each length. With a key
# none of them is believed; without one, many are, but nobody crashes and the cluster finds back.
# shellcheck source=tests/net/hostile.sh
. "${0%/*}/hostile.sh"

damages() {
    meet "each bit of each type of datagram changed" attack flip-each
    meet "each type of datagram, at each length" attack shorten
}

hostile_lan
besieged damages
