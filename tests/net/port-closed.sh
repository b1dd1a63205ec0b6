#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# ICMP says that the leader's port is closed. That is a reason to ask around, no more: while others reach the leader it stays,
# and when it is dead they find out by silence as without ICMP.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

refuse() { # FROM TO FAMILY...: whatever one sends to the other's daemon by these (ip, ip6) is answered by ICMP
    local mac family
    mac=$(ip -n "h$1" -json link show eth0 | jq -r '.[].address')
    for family in "${@:3}"; do
        on "$2" nft -f - <<END
add table $family refusals
add chain $family refusals input { type filter hook input priority 0; }
add rule $family refusals input ether saddr $mac udp dport 29418 reject
END
    done
    say "host $2 refuses what host $1 sends by ${*:3}"
}

counts() { # HOST FILTER: true for its counters
    ask "$1" counters --json | jq -e "$2" >/dev/null
}

# Which of two ways is the better one is a matter of how long their first answers took. From then on only that one answers.
find_ways() { # FROM TO: then $way is the family by which one asks the other, and $other is the other one
    read -r way other < <(network "$1" '.nodes[].paths | select(any(.address == "10.114.0.'"$2"'")) | sort_by(.unicast_ms)
        | select(length == 2 and .[0].unicast_ms != null and .[1].unicast_ms > .[0].unicast_ms + 3000)
        | map(if .address | contains(":") then "ip6" else "ip" end) | join(" ")')
}

lan 3
start_in_turn 1 2 3
epoch=$(epoch_of 1)
wait_until find_ways 3 1

refuse 3 1 "$way"
wait_until counts 3 '.unreachable > 0'
watch_for 5s 3
expect_seen 'all(.leader.name == "h1")' 3
[ "$other" = ip ] || [[ $(address_of_leader 3) == fe80:* ]] || fail "host 3 does not reach host 1 by IPv6"
suspected=$(ask 3 counters --json | jq .sent.suspect)

refuse 3 1 "$other"
wait_until counts 3 ".sent.suspect > $suspected"
wait_until counts 2 '.sent.vouch > 0'
wait_until stands 3 "unreachable from here"
expect_leader 1
expect_epoch "$epoch"
on 1 nft flush ruleset
wait_known 1 2 3

told=$(ask 2 counters --json | jq .unreachable)
kill9 1
wait_leader 2 3
expect_leader 2
counts 2 ".unreachable > $told" || fail "no ICMP told host 2 that the port is closed"
[ "$(ask 3 history --json | jq -r '.history[-2].ended_by')" = death ] || fail "ICMP was taken for a death certificate"
