#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Somebody on the LAN sends what members have asked their leader once more, or asks as a new one, in the name of a host
# that has nothing to do with them, so that the answers go there. That host gets no more bytes than it cost to send them:
# without a key too.
# shellcheck source=tests/net/hostile.sh
. "${0%/*}/hostile.sh"

readonly victim=6 times=500

# So an answer that tells all is three times as long as its question.
long_tags() {
    printf 'a%d=%s ' 1 "$(printf 'x%.0s' {1..90})" 2 "$(printf 'x%.0s' {1..90})"
}

count_what_arrives() {
    on $victim nft -f - <<EOF
table inet reflected {
    counter arrived { }
    chain input {
        type filter hook input priority 0
        ip daddr 10.114.0.$victim udp sport 29417-29433 counter name arrived drop
    }
}
EOF
}

arrived() { # packets|bytes
    on $victim nft --json list counter inet reflected arrived | jq ".nftables[].counter | select(.) | .$1"
}

reflect() { # TYPE [stranger [all]]: not to be answered by more than it was
    local sent before
    before=$(arrived bytes)
    attack reflect "$1" "10.114.0.$victim" $times "${@:2}"
    sent=$(cat "$scratch/sent")
    pause 0.5
    got=$(($(arrived bytes) - before))
    say "$*: $sent bytes were sent, $got arrived"
    [ $got -le "$sent" ] || fail "$1: who sends $sent bytes has $got bytes sent to another host"
}

lan 6
for i in 1 2 3 5; do
    configure $i <<EOF
[node]
tags = $(long_tags)
[network]
families = ipv4
EOF
done
count_what_arrives
record "$scratch/heard.none"
start_in_turn 1 2 3 5
wait_known 1 2 3 5
ask 2 status >/dev/null
end_record

reflect page
[ $got = 0 ] || fail "the member table was sent to a host that did not ask for it"
reflect heartbeat stranger
[ $got -gt 0 ] || fail "nothing was answered: this shows nothing"
reflect heartbeat stranger all
[ $got = 0 ] || fail "what is for one node was answered by all who got it"
for i in 1 2 3 5; do
    [ "$(ask $i counters --json | jq .refused.unmeant)" -ge $times ] || fail "host $i has not got it"
done
expect_leader 1
ask 2 status --json | jq -e '.members | length >= 4' >/dev/null || fail "a member that is there does not get the table"
