#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# What other hosts send and should not is counted under its reason, and changes nothing: garbage, another cluster, what
# crossed a router, what comes by an interface that is not used, and two leaders that meet.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

shout() { # HOST WHAT TTL TO: twice, to that address
    # shellcheck disable=SC2016 # the script is Perl's
    on "$1" perl -MIO::Socket::INET -MSocket=IPPROTO_IP,IP_TTL,IP_MULTICAST_TTL -e '
        my ($what, $ttl, $to) = @ARGV;
        my $socket = IO::Socket::INET->new(Proto => "udp", PeerAddr => $to) or die $!;
        setsockopt($socket, IPPROTO_IP, $_, pack("i", $ttl)) or die $! for IP_TTL, IP_MULTICAST_TTL;
        for (1, 2) { defined $socket->send($what) or die $!; }' "$2" "$3" "$4"
}

count() { # HOST NAME: of a counter, as jq finds it
    ask "$1" counters --json | jq ".$2"
}

reaches() { # HOST NAME NUMBER
    [ "$(count "$1" "$2")" -ge "$3" ]
}

lan 3
start_in_turn 1 2
epoch=$(epoch_of 1)
for host in 1 2; do
    ask $host counters --json | jq -e '.refused | [.foreign, .wrong_ttl, .other_cluster, .other_interface] | add == 0' \
        >/dev/null
done

# Host 3 is a stranger. What it shouts to the group, both hear.
on 3 ip route add 224.0.0.0/4 dev eth0
shout 3 "hello, is anybody there?" 255 224.0.0.254:29417
shout 3 "hello, is anybody there?" 64 224.0.0.254:29417
for host in 1 2; do
    wait_until reaches $host refused.foreign 2
    wait_until reaches $host refused.wrong_ttl 2
    grep -qF 10.114.0.3: "$scratch/h$host/log"
done

# Host 2 has another interface, which it does not use.
shout 2 "hello, is anybody there?" 255 127.0.0.1:29418
wait_until reaches 2 refused.other_interface 2

# A node of another cluster is heard, and heard only.
configure 3 <<'END'
[cluster]
name = others
END
start 3
wait_leader 3
wait_until reaches 1 refused.other_cluster 1
wait_until reaches 3 refused.other_cluster 1
[ "$(count 1 refused.foreign)" = 2 ]
expect_epoch_of_both() {
    [ "$(epoch_of 1) $(epoch_of 2) $(leader_of 1) $(leader_of 2)" = "$epoch $epoch h1 h1" ]
}
expect_epoch_of_both

# It joins theirs, but does not reach the leader: it leads alone, and host 2 hears another leader beside its own.
term 3
forget 3
printf '[node]\nname = h3\n' >"$scratch/h3/conf"
bridge -n sw link set dev p1 isolated on
bridge -n sw link set dev p3 isolated on
start 3
wait_leader 3
heartbeats=$(count 1 received.heartbeat)
wait_until reaches 2 ignored.other_leader 2
expect_epoch_of_both

# Of two leaders one wins that somebody has followed since the other began to lead: host 1, once it has heard host 2
# again. When they meet, host 3 has seen both of the leaderships.
wait_until reaches 1 received.heartbeat $((heartbeats + 1))
bridge -n sw link set dev p3 isolated off
wait_leader 1 2 3
expect_leader 1
ask 3 history --json | jq -e '.history | .[-2].leader.self and .[-2].ended_by == "merge" and .[-1].leader.name == "h1"
    and .[-1].began_by == "merge" and .[-1].present' >/dev/null
