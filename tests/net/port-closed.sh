#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# ICMP says that the leader's port is closed. That is a reason to ask around, no more: while others reach the leader it stays,
# and when it is dead they find out by silence as without ICMP.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

refuse() { # FROM TO: whatever one sends to the other's daemon is answered by ICMP
    on "$2" nft -f - <<END
add table ip refusals
add chain ip refusals input { type filter hook input priority 0; }
add rule ip refusals input ip saddr 10.114.0.$1 udp dport 29418 reject with icmp type port-unreachable
END
    say "host $2 refuses what host $1 sends"
}

counts() { # HOST FILTER: true for its counters
    ask "$1" counters --json | jq -e "$2" >/dev/null
}

lan 3
start_in_turn 1 2 3
epoch=$(epoch_of 1)

refuse 3 1
wait_until counts 3 '.unreachable > 0 and .sent.suspect > 0'
wait_until counts 2 '.sent.vouch > 0'
wait_until stands 3 "unreachable from here"
expect_leader 1
expect_epoch "$epoch"
on 1 nft delete table ip refusals
wait_known 1 2 3

told=$(ask 2 counters --json | jq .unreachable)
kill9 1
wait_leader 2 3
expect_leader 2
counts 2 ".unreachable > $told" || fail "no ICMP told host 2 that the port is closed"
[ "$(ask 3 history --json | jq -r '.history[-2].ended_by')" = death ] || fail "ICMP was taken for a death certificate"
