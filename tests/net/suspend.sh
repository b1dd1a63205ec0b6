#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# quorum = majority: a leader whose host was suspended, be it for a shorter time than its lease lasts, does not lead until
# its voters have answered it anew; nobody else was elected meanwhile, so it goes on under the same token.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

suspended_for() { # HOST MS: since its boot
    perl -e 'open(my $file, "+<", shift) or die $!; syswrite $file, pack("q", 1e6 * shift)' "$scratch/h$1/suspended" "$2"
}

start_with_clock() { # HOST
    perl -e 'print pack("q", 0)' >"$scratch/h$1/suspended"
    LD_PRELOAD=$builddir/tests/net/suspend.so ELDEST_TEST_SUSPENDED=$scratch/h$1/suspended \
        ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0 start "$1"
}

# How often it has led no more for want of a lease, and then led again, under the same epoch.
interruptions() { # HOST
    jq -s '[.[] | select(.event == "leader" or .event == "no-leader") | .event + " " + .reason + " " + (.epoch | tostring)]
        | [range(1; length) as $i | select(.[$i - 1] == "no-leader lease '"$epoch"'" and .[$i] == "leader lease '"$epoch"'")]
        | length' "$scratch/h$1/chronicle"
}

was_interrupted() { # HOST TIMES
    [ "$(interruptions "$1")" = "$2" ]
}

lan 3
for i in 1 2 3; do
    configure $i <<<$'[cluster]\nquorum = majority\nexpect = 3'
    start_with_clock $i
done
wait_leader 1 2 3
epoch=$(epoch_of "$leader")
observe 1 2 3

suspended_for "$leader" 50
wait_until was_interrupted "$leader" 1
say "host $leader was suspended for 50 ms, and leads again"
suspended_for "$leader" 3600000
wait_until was_interrupted "$leader" 2
say "host $leader was suspended for an hour, and nobody noticed"
expect_epoch "$epoch"
expect_honest "$leader"
