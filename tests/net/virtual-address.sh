#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The hook 90-virtual-address: the leader has the address, one host at a time, and the neighbours know where it is without
# asking. Host 4 is such a neighbour, and runs no eldestd.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"


readonly ipv4=10.114.0.100 ipv6=fd00:114::100
PATH=$builddir:$PATH # eldest-claim
declare -A hooks=()

hooks_on() { # HOST
    nsenter --net="/run/netns/h$1" -- "$builddir/eldest" -s "$scratch/h$1/sock" hooks "$scratch/h$1/hooks.d" \
        2>>"$scratch/h$1/log" &
    hooks[$1]=$!
}

end_hooks() { # HOST SIGNAL
    { kill -s "$2" "${hooks[$1]}"; wait "${hooks[$1]}" || :; } 2>/dev/null
}

# Every address that comes and goes there, with the time.
diary_of() { # HOST
    nsenter --net="/run/netns/h$1" -- stdbuf -oL ip -tshort -oneline monitor address >"$scratch/h$1/addresses" &
}

has() { # HOST ADDRESS
    [ -n "$(on "$1" ip -oneline address show to "$2")" ]
}

mac_of() { # HOST
    on "$1" ip -oneline link show eth0 | sed 's/^.* link.ether \([^ ]*\).*$/\1/'
}

# Where host 4 would send what is for that address.
known_at() { # ADDRESS
    on 4 ip neighbour show "$1" dev eth0 | sed -n 's/^.* lladdr \([^ ]*\).*$/\1/p'
}

holds_alone() { # HOST
    local host address
    for address in $ipv4 $ipv6; do
        for host in 1 2 3; do
            if [ "$host" = "$1" ]; then has "$host" "$address"; else ! has "$host" "$address"; fi || return
        done
    done
}

known_to_the_neighbour() { # HOST
    [ "$(known_at $ipv4) $(known_at $ipv6)" = "$(mac_of "$1") $(mac_of "$1")" ]
}

nobody_holds() {
    ! has 1 $ipv4 && ! has 2 $ipv4 && ! has 3 $ipv4
}

# As "HOST TIME +|-", in the order of time.
expect_one_at_a_time() {
    for i in 1 2 3; do
        sed -n "/inet $ipv4/s/^\[[^T]*T\([^]]*\)\] *\(Deleted\)\?.*$/\1 $i \2/p" "$scratch/h$i/addresses"
    done | sort | awk '
        $3 == "Deleted" && held == $2 { held = 0 }
        $3 != "Deleted" && held && held != $2 { print "hosts", held, "and", $2, "at", $1; bad = 1 }
        $3 != "Deleted" { held = $2; changes++ }
        END { exit bad || changes < 4 }' || fail "the address was nowhere, or in two places"
}

# The address may move to another host that forwards without ceasing to be a router's.
is_router() { # ADDRESS: as the neighbour knows it
    on 4 ip neighbour show "$1" dev eth0 | grep -qw router
}

lan 4
on 4 ip address add fd00:114::4/64 dev eth0 nodad
for i in 1 2 3; do
    mkdir -p "$scratch/h$i/hooks.d"
    cp "$builddir/etc/hooks.d/90-virtual-address" "$scratch/h$i/hooks.d"
    printf '%s\n%s\n%s' '# what the leader has besides' $ipv4/24 "$ipv6/64 eth0" >"$scratch/h$i/virtual-address"
    on "$i" sysctl -qw net.ipv6.conf.eth0.forwarding=1
    diary_of "$i"
done
start_in_turn 1 2 3
for i in 1 2 3; do
    hooks_on "$i"
done
wait_until holds_alone 1

# It asks for them once, and never again.
for address in $ipv4 "[$ipv6]"; do
    # shellcheck disable=SC2016 # the script is Perl's
    on 4 perl -MIO::Socket::IP -e '
        IO::Socket::IP->new(Proto => "udp", PeerHost => $ARGV[0], PeerPort => 9)->send("x") or die $!' "$address"
done
wait_until known_to_the_neighbour 1

# The daemon is killed.
kill9_main 1
wait_leader 2 3
wait_until holds_alone "$leader"
wait_until known_to_the_neighbour "$leader"
is_router $ipv6 || fail "the address is no router's any more"
start 1
wait_known 1 2 3

# It hands over.
before=$leader
ask "$before" resign >/dev/null
wait_leader 1 2 3
[ "$leader" != "$before" ]
wait_until holds_alone "$leader"
wait_until known_to_the_neighbour "$leader"

# Who runs the hooks is killed: the address goes with it. It comes back with the next one, and goes in the end.
end_hooks "$leader" KILL
wait_until nobody_holds
hooks_on "$leader"
wait_until holds_alone "$leader"
wait_until known_to_the_neighbour "$leader"
expect_one_at_a_time

# Wherever it is, and with whatever prefix, it goes; and it is in one place only.
printf '%s\n' "$ipv4/25 eth0" "$ipv6/64 eth0" >"$scratch/h$leader/virtual-address"
on "$leader" ip link add spare type veth peer name spare-peer
on "$leader" ip address add "$ipv6/64" dev spare
end_hooks "$leader" TERM
nobody_holds
! has "$leader" $ipv6 || fail "$ipv6 is left"
on "$leader" ip address add "$ipv6/64" dev spare
hooks_on "$leader"
wait_until holds_alone "$leader"
is_once_at() { # HOST
    [ "$(on "$1" ip -oneline address show to $ipv6 | awk '{ print $2 }')" = eth0 ]
}
wait_until is_once_at "$leader"
for i in 1 2 3; do
    end_hooks "$i" TERM
done
nobody_holds
