#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# quorum = majority: three of three found the cluster, two elect a leader, and one alone has none and says why. Whoever is cut off
# leads no more before another one does. A seat is taken away, and a spare steps in.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

lan 4
for i in 1 2 3 4; do
    configure $i <<<$'[cluster]\nquorum = majority\nexpect = 3'
done

quorum() { # HOST FILTER: of what it says of its votes
    ask "$1" status --json | jq -r ".quorum | $2" || true
}

says_why() { # HOST TEXT
    [[ "$(quorum "$1" .why)" == *"$2"* ]]
}

has_seats() { # HOST NUMBER
    [ "$(quorum "$1" '.roster.seats | length')" = "$2" ]
}

leads_by_lease() { # HOST
    [ "$(ask "$1" status --json | jq '.lease_ms > 0 and .leader.self')" = true ]
}

id_of() { # HOST
    ask "$1" status --json | jq -r .node.id
}

# Two of three do not found a cluster, three do.
start 1 2
wait_until says_why 1 '3 nodes found the cluster, heard 2'
start 3
wait_leader 1 2 3
first=$leader
wait_until leads_by_lease "$first"
say "host $first leads"
start 4
wait_leader 1 2 3 4
stands 4 'without a seat'

# The leader is cut off: it leads no more when another one begins to.
observe 1 2 3
cut "$first"
others=()
for i in 1 2 3; do
    [ $i = "$first" ] || others+=("$i")
done
wait_leader "${others[@]}"
second=$leader
say "host $second leads"
wait_until says_why "$first" '2 of 3 needed, heard 1'
expect_honest "$first"

# Nor does anybody when the second one is gone as well: one of three is no majority.
kill9 "$second"
for i in "${others[@]}"; do
    [ "$i" = "$second" ] || third=$i
done
wait_until says_why "$third" '2 of 3 needed'
[ "$(ask "$third" is-leader; echo $?)" = 3 ]
heal "$first"
wait_leader "$first" "$third"
say "host $leader leads"
epoch=$(epoch_of "$leader")
start "$second"
wait_leader 1 2 3
expect_epoch "$epoch"

# Handed over it is at once, and the token goes up.
before=$leader
ask "$before" resign
wait_leader 1 2 3
[ "$leader" != "$before" ]
[ "$(epoch_of "$leader")" -gt "$epoch" ]

# A seat is taken away, the spare steps in, and with its vote the cluster goes on.
for i in 1 2 3; do
    [ "$i" = "$leader" ] || retired=$i
done
id=$(id_of "$retired")
term "$retired"
settled() {
    ask "$leader" retire "$id"
}
wait_until settled
is_seated() {
    [ "$(quorum 4 .seat)" = true ]
}
wait_until is_seated
wait_until has_seats "$leader" 3
say "host 4 has the seat of host $retired"
gone=$leader
kill9 "$gone"
left=()
for i in 1 2 3 4; do
    [ "$i" = "$gone" ] || [ "$i" = "$retired" ] || left+=("$i")
done
wait_leader "${left[@]}"
say "host $leader leads"
expect_answered
