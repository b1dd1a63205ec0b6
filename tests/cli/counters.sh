#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# counters.sh - what is sent to a node and not heeded is counted, each kind under its name, and told in the log once.
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

start alpha
expect 0 ask alpha wait --self --timeout 30s
expect 0 ask alpha counters --json
is .cluster "$cluster"
is '.uptime >= 0' true
is '.sent.leader > 0' true
is '.refused.own_echo > 0' true
is '.wakeups > 0' true
is '[.refused | to_entries[] | select(.key != "own_echo") | .value] | add' 0
is '[.ignored[]] | add' 0

# Every counter is in the manual.
for name in $(jq -r '. as $all | keys[] | if ($all[.] | type) == "object" then ., ($all[.] | keys[]) else . end' \
    <<<"$output"); do
    grep -qE "^(\.It Va|\.Va|\.It) .*\<$name\>" "${abs_top_srcdir:-${0%/*}/../..}/man/eldest.1" ||
        fail "the manual does not tell of $name"
done

# People see those that are not zero, or all.
lines() {
    wc -l <"$scratch/output"
}
all=$(jq '[.. | numbers] | length - 1' <<<"$output")
expect 0 ask alpha counters
has refused
[[ $output =~ sent\ +leader\ +[0-9]+ ]] || fail "no Leader was sent: $output"
[[ $output != *wrong_ttl* ]] || fail "a counter at zero is shown: $output"
[ "$(lines)" -lt "$all" ] || fail "all counters are shown"
expect 0 ask alpha counters --all
[[ $output =~ refused\ +wrong_ttl\ +0 ]] || fail "wrong_ttl is not shown: $output"
[ "$(lines)" = $((all + 2)) ] || fail "not $all counters: $output"
expect 0 ask alpha counters -a

command -v perl >/dev/null || skip "the rest of this test needs perl"

# Sends what its name says, TWICE, and prints the port that it came from. The header is that of eldest-protocol(7).
send_twice() { # WHAT
    perl -MIO::Socket::INET -MSocket=IPPROTO_IP,IP_TTL -e '
        my ($what, $port, $cluster, $id) = @ARGV;
        my ($seq, $base) = (0, int rand 2**40);
        my $socket = IO::Socket::INET->new(Proto => "udp", LocalAddr => "127.0.0.1", PeerAddr => "127.0.0.1:$port") or die $!;
        sub datagram {
            my %of = (seq => $seq, major => 1, type => 18, cluster => $cluster, sender => "ab" x 16, end => "", @_);
            return "ELDT" . pack("CCCCnC/aH32NQ>Q>Q>", $of{major}, 0, $of{type}, 0, 0, $of{cluster}, $of{sender}, 1, 7, $of{seq}, 9)
                . "\0" x 16 . $of{end} . "\0" x 16;
        }
        setsockopt($socket, IPPROTO_IP, IP_TTL, pack("i", $what eq "wrong_ttl" ? 64 : 255)) or die $!;
        for (1, 2) {
            $seq = $base + $_;
            my %datagrams = (
                foreign => "What is the time, please? I have no watch.",
                short => "ELDT\1",
                long => datagram(end => "\0" x 1200),
                version => datagram(major => 2),
                unknown_type => datagram(type => 99),
                range => datagram(sender => "00" x 16),
                tail => datagram(end => "\1\xff\xff"),
                other_cluster => datagram(cluster => "quite-another-one"),
                wrong_ttl => datagram(),
                challenge => datagram(),
                own_id => datagram(sender => $id),
            );
            defined $socket->send($datagrams{$what}) or die $!;
        }
        print $socket->sockport;' "$1" "$unicast" "$cluster" "$id"
}

counted() { # GROUP WHAT NUMBER
    [ "$(ask alpha counters --json | jq ".$1.$2")" = "$3" ]
}

lines_about() { # PORT
    grep -cF "127.0.0.1:$1 on lo:" "$scratch/alpha/log" || :
}

unicast=$(ask alpha leader -f %p)
id=$(ask alpha leader -f %i)
for what in foreign short long version unknown_type range tail other_cluster wrong_ttl; do
    from=$(send_twice $what)
    wait_until counted refused $what 2
    expected=1
    [ $what != other_cluster ] || expected=0 # several clusters on one LAN are nothing special
    [ "$(lines_about "$from")" = $expected ] || fail "$what from port $from: $(cat "$scratch/alpha/log")"
done
for what in challenge own_id; do
    from=$(send_twice $what)
    wait_until counted ignored $what 2
    [ "$(lines_about "$from")" = 1 ] || fail "$what from port $from: $(cat "$scratch/alpha/log")"
done

# Nothing was counted twice or as something else, and the node goes on as before.
expect 0 ask alpha counters --json
is '[.refused | to_entries[] | select(.key != "own_echo") | .value] | add' 18
is '[.ignored[]] | add' 4
is .received.challenge 4
expect 0 ask alpha wait --self --timeout 30s
expect 0 ask alpha counters
[[ $output =~ refused\ +wrong_ttl\ +2 ]] || fail "wrong_ttl is not shown: $output"
