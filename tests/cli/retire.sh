#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# retire.sh - three hosts with quorum = majority: who has a seat is shown, and the leader takes one away by the name of its
# node or by some digits of its id, but no other one and not its own; a spare takes the free one.
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

configured '[cluster]'
configured 'quorum = majority'
configured 'expect = 3'
start alpha beta gamma
find_leader alpha beta gamma
id_of() { # NAME
    ask "$1" status --json | jq -r .node.id
}
seats() { # NAME: who has one, as that node shows it
    ask "$1" retire | awk '{ print $2 }' | sort | tr '\n' ' '
}
have_seats() { # NAME SEAT...
    [ "$(seats "$1")" = "$(printf '%s ' "${@:2}")" ]
}
for name in alpha beta gamma; do
    wait_until have_seats "$name" alpha beta gamma
done
expect 0 ask "$other" retire
has "$(id_of "$other")  $other  this node"
expect 0 ask "$other" retire --json
is '.quorum.roster.seats | length' 3

# Who does not lead cannot, nor can anybody be retired who has no seat, or not by that word.
expect 1 ask "$other" retire "$other"
complains "leader"
expect 6 ask "$leader" retire delta
complains "delta: no seat"
expect 6 ask "$leader" retire ''
expect 6 ask "$leader" retire "$leader"
complains "own seat"
expect 64 ask "$leader" retire "$other" "$leader"
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
    expect 77 setpriv --reuid 65534 --regid 65534 --clear-groups "$builddir/eldest" -s "$scratch/$leader/sock" retire "$other"
fi
for name in alpha beta gamma; do
    have_seats "$name" alpha beta gamma || fail "a seat is gone: $(seats "$name")"
done

# A host has gone for good. The one that is left with the leader is needed, and cannot be retired in its place; nor can it
# be later, as long as a seat is free.
id=$(id_of "$other")
expect 0 ask "$leader" status
end "$other" KILL
has_left() { # NAME
    ! ask "$leader" status --json | jq -e --arg name "$1" '.peers[] | select(.name == $name)' >/dev/null
}
wait_until has_left "$other"
for name in alpha beta gamma; do
    [ "$name" = "$leader" ] || [ "$name" = "$other" ] || needed=$name
done
expect 6 ask "$leader" retire "$needed"
complains "too few to lead"
expect 0 ask "$leader" retire "${id:0:16}" # its name is known to who knew it, its id to all; half of the digits will do
has "Retired: $id. 2 seats are left"
expect 6 ask "$leader" retire "$needed"
complains "a seat is free"

# The one that comes in its place is a spare, and takes the free seat.
start delta
mapfile -t wanted < <(printf '%s\n' "$leader" "$needed" delta | sort)
for name in "$leader" "$needed" delta; do
    wait_until have_seats "$name" "${wanted[@]}"
done
expect 6 ask "$leader" retire "$id"

# Where there are none.
more=''
start single
expect 1 ask single retire
complains "quorum = none"
expect 1 ask single retire beta
complains "quorum = none"
