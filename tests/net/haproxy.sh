#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The example etc/examples/haproxy: a service runs on hosts 1 to 3; HAProxy on host 4, which has no eldestd, sends who comes to
# the one that leads, and follows it when that dies, resigns, is cut off, and when nobody leads.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"
for tool in haproxy curl; do
    type -P $tool >/dev/null || { echo "skipped: this test needs $tool"; exit 77; }
done

readonly example=${abs_top_srcdir:-$builddir/../..}/etc/examples/haproxy/haproxy.cfg

# A service that says on which host it is.
service_on() { # HOST
    # shellcheck disable=SC2016 # the script is Perl's
    on "$1" perl -MIO::Socket::INET -e '
        my $server = IO::Socket::INET->new(LocalPort => 8000, Listen => 5, ReuseAddr => 1) or die $!;
        while (my $client = $server->accept) {
            while (<$client>) { last if /^\r?$/ }
            print $client "HTTP/1.0 200 OK\r\n\r\nhost $ARGV[0]";
        }' "$1" &
}

balance_on() { # HOST
    sed 's/192\.0\.2\./10.114.0./' "$example" >"$scratch/h$1/haproxy.cfg"
    on "$1" haproxy -db -f "$scratch/h$1/haproxy.cfg" >"$scratch/h$1/haproxy" 2>&1 &
}

# One who comes several times is sent to the same.
served_by() { # HOST
    local n
    for n in 1 2 3 4 5 6; do
        [ "$(on 4 curl -s --max-time 2 "http://127.0.0.1:8001/$n")" = "host $1" ] || return
    done
}

served_by_leader() {
    wait_until served_by "$leader"
    say "clients come to host $leader"
}

served_by_nobody() {
    ! on 4 curl -s --max-time 2 http://127.0.0.1:8001/
}

lan 4
for i in 1 2 3; do
    configure "$i" <<<$'[http]\nlisten = 0.0.0.0:29480'
    service_on "$i"
done
balance_on 4
wait_until served_by_nobody
start_in_turn 1 2 3
expect_leader 1
leader=1
served_by_leader

kill9 1
wait_leader 2 3
served_by_leader
start 1
wait_known 1 2 3

ask "$leader" resign >/dev/null
wait_leader 1 2 3
served_by_leader

# Host 4 is on the side of those that see the leader no more.
wait_known 1 2 3
former=$leader others=(1 2 3)
unset "others[former - 1]"
cut "$former"
wait_leader "${others[@]}"
served_by_leader
heal "$former"
wait_leader 1 2 3
served_by_leader

# The services are all there, but nobody leads.
term 1 2 3
wait_until served_by_nobody
