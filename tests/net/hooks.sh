#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Work of which there must be one at a time: `eldest hooks` on three hosts, through the faults of work.sh. The work of a host
# is what its hook has begun and not ended yet.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/net/work.sh
. "${0%/*}/work.sh"

# It takes its time to end, so that whoever does not wait for it is found out. A new token is new work.
# shellcheck disable=SC2016 # it is Perl
worker='#!/usr/bin/perl
    use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);
    my ($host, $diary, $working) = @ENV{"HOST", "DIARY", "WORKING"};
    sub note {
        open(my $file, ">>", $diary) or die $!;
        my $ns = 1e9 * clock_gettime(CLOCK_MONOTONIC);
        syswrite($file, sprintf("%s %s %.0f work-%s %s\n", $host, $_[0], $ns, $host, $_[1]));
    }
    if (my $token = readlink($working)) {
        select(undef, undef, undef, rand(0.2)) if $ENV{ELDEST_STATE} ne "leader";
        note("end", $token);
        unlink($working);
    }
    if ($ENV{ELDEST_STATE} eq "leader") {
        symlink($ENV{ELDEST_TOKEN}, $working) or die $!;
        note("begin", $ENV{ELDEST_TOKEN});
    }
'

run_on() { # HOST
    local directory=$scratch/h$1/hooks.d
    mkdir -p "$directory"
    [ -e "$directory/10-work" ] || printf '%s' "$worker" >"$directory/10-work"
    chmod 755 "$directory" "$directory/10-work"
    HOST=$1 DIARY=$diary WORKING=$scratch/h$1/working \
        "$builddir/eldest" -s "$scratch/h$1/sock" hooks "$directory" 2>>"$scratch/h$1/runner" &
    runner[$1]=$!
}

kill_guard() { # HOST: the process that stands by where the hooks were told that it leads
    pkill -KILL -x -P "${runner[$1]}" eldest-guard || :
}
kinds+=(kill_guard)

tell_story
