#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Work of which there must be one at a time: `eldest run` on three hosts, through the faults of work.sh.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/net/work.sh
. "${0%/*}/work.sh"

# It has nothing to do, and takes its time to end when it is asked to, so that whoever does not wait for it is found out.
# shellcheck disable=SC2016 # it is Perl
worker='use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);
    my ($host, $diary) = @ARGV;
    open(my $file, ">>", $diary) or die $!;
    sub note {
        my $ns = 1e9 * clock_gettime(CLOCK_MONOTONIC);
        syswrite($file, sprintf("%s %s %.0f %d %s\n", $host, $_[0], $ns, $$, $ENV{ELDEST_TOKEN}));
    }
    $SIG{TERM} = sub { select(undef, undef, undef, rand(0.2)); note("end"); exit 0 };
    note("begin");
    sleep 1000 while 1;'

run_on() { # HOST
    "$builddir/eldest" -s "$scratch/h$1/sock" run -- perl -e "$worker" "$1" "$diary" 2>>"$scratch/h$1/runner" &
    runner[$1]=$!
}

tell_story
