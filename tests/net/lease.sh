#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# quorum = majority: work ends before that of the next leader begins, though the leader's daemon is killed, its host is cut off,
# or it stands still; and nobody leads before a lease is over that somebody was told of.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

diary=$scratch/diary
: >"$diary"

# Writes down, every few milliseconds: CLOCK_MONOTONIC in ns, the epoch, the host.
cat >"$scratch/work" <<'PERL'
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);
my ($diary, $host) = @ARGV;
open(my $file, ">>", $diary) or die $!;
my ($epoch) = split /\./, $ENV{ELDEST_TOKEN};
for (;;) {
    syswrite $file, sprintf("%.0f %d %d\n", 1e9 * clock_gettime(CLOCK_MONOTONIC), $epoch, $host);
    select undef, undef, undef, 0.005;
}
PERL

run_on() { # HOST
    "$builddir/eldest" -s "$scratch/h$1/sock" run -- perl "$scratch/work" "$diary" "$1" 2>/dev/null &
}

# The present leader, of these hosts, works under its present epoch.
leads_and_works() { # HOST...
    wait_leader "$@"
    wait_until works "$(epoch_of "$leader")" "$leader"
}

works() { # EPOCH HOST
    grep -q " $1 $2\$" "$diary"
}

# When the work of that epoch began.
began() { # EPOCH
    awk -v epoch="$1" '$2 == epoch && (!first || $1 < first) { first = $1 } END { printf "%.0f\n", first }' "$diary"
}

others() { # HOST: besides that one
    local i
    for i in 1 2 3; do
        [ $i = "$1" ] || echo $i
    done
}

# The next leader has begun after the lease was over that the present one told just now.
expect_lease_kept() { # COMMAND...: ends the leadership of $leader
    local former=$leader lease told
    stamp "$builddir/eldest" -s "$scratch/h$leader/sock" leader --json >"$scratch/answer"
    told=$moment
    lease=$(jq .lease_ms "$scratch/answer")
    [ "$lease" -gt 0 ]
    "$@" "$former"
    # shellcheck disable=SC2046 # a list
    leads_and_works $(others "$former")
    [ "$(began "$(epoch_of "$leader")")" -ge $((told + lease * 1000000)) ] ||
        fail "the work of host $leader began within the lease of host $former"
}

lan 3
for i in 1 2 3; do
    configure $i <<<$'[cluster]\nquorum = majority\nexpect = 3'
done
start 1 2 3
for i in 1 2 3; do
    run_on $i
done
leads_and_works 1 2 3
say "host $leader works"

gone=$leader
kill9_main "$gone"
# shellcheck disable=SC2046 # a list
leads_and_works $(others "$gone")
[ "$(ask "$leader" history --json | jq -r '.history[-2].ended_by')" = farewell ] || fail "no farewell was heard"
start "$gone"
leads_and_works 1 2 3

gone=$leader
cut "$gone"
# shellcheck disable=SC2046 # a list
leads_and_works $(others "$gone")
heal "$gone"
leads_and_works 1 2 3

gone=$leader
freeze "$gone"
# shellcheck disable=SC2046 # a list
leads_and_works $(others "$gone")
thaw "$gone"
leads_and_works 1 2 3

resigns() { # HOST
    ask "$1" resign
}
expect_lease_kept resigns
say "a handover waits for a lease that was told"
gone=$leader
expect_lease_kept kill9_main
say "so does a farewell"
start "$gone"
leads_and_works 1 2 3

# When a hook fails that was to stop the work, nobody knows whether it has stopped: nothing is given away, promises last.
mkdir "$scratch/hooks.d"
cat >"$scratch/hooks.d/fails" <<END
#!/bin/sh
case \$ELDEST_EVENT in
    lost | stop) exit 1 ;;
esac
touch $scratch/led
END
chmod 755 "$scratch/hooks.d/fails"
gone=$leader
"$builddir/eldest" -s "$scratch/h$gone/sock" hooks "$scratch/hooks.d" 2>/dev/null &
wait_until test -e "$scratch/led"
pause 2 # a lease that was told is over then
stamp true
killed=$moment
kill9_main "$gone"
# shellcheck disable=SC2046 # a list
leads_and_works $(others "$gone")
took=$((($(began "$(epoch_of "$leader")") - killed) / 1000000))
[ $took -ge 300 ] || fail "the leadership was given away within $took ms, though a hook had failed"
say "a promise lasts, when a hook has failed: $took ms"

sort -n "$diary" | awk '$2 < epoch || ($2 == epoch && $3 != host) { print; bad = 1 } { epoch = $2; host = $3 } END { exit bad }' ||
    fail "work of a leader after that of a later one"
say "$(awk '!seen[$2]++' "$diary" | wc -l) leaderships worked, one after the other"
