#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The node takes the first free port of its range; if all are taken it ends with status 69 and says so.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

hold_ports() { # HOST FIRST LAST: another program has these ports; say when
    # shellcheck disable=SC2016 # the script is Perl's
    on "$1" perl -MIO::Socket::INET -e '
        my ($first, $last) = @ARGV;
        my @held = map { IO::Socket::INET->new(Proto => "udp", LocalPort => $_) or die "$_: $!" } $first .. $last;
        $| = 1;
        print "held\n";
        sleep;' "$2" "$3"
}

lan 1
mkfifo "$scratch/held"
hold_ports 1 29418 29420 >"$scratch/held" &
read -r _ <"$scratch/held"
start 1
wait_leader 1
[ "$(ask 1 leader -f %p)" = 29421 ]
term 1

hold_ports 1 29421 29433 >"$scratch/held" &
read -r _ <"$scratch/held"
refused 1 69 29418
refused 1 69 29433
