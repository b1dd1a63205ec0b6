#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# quorum = majority, and work under `eldest run` on every host that writes its token and the time into one file, every few
# milliseconds. Daemons are killed, stopped and frozen, hosts cut off, the network parted, leaders asked to resign, by
# chance. No two hosts have ever worked at the same time, and tokens have never gone back.
#
#     chaos.sh [HOSTS [SECONDS [FAULT...]]]     (3 hosts, 15 s, all kinds of faults; make soak: 3 and 5, half an hour each)
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

number=${1:-3} seconds=${2:-15}
diary=$scratch/diary
declare -A runner=()
RANDOM=${ELDEST_TEST_SEED:-$RANDOM}

# CLOCK_BOOTTIME is 7; all hosts here have the same.
# shellcheck disable=SC2016 # it is Perl
worker='use Time::HiRes qw(clock_gettime);
    my ($host, $diary) = @ARGV;
    open(my $file, ">>", $diary) or die $!;
    my $ended;
    $SIG{TERM} = sub { $ended = 1 };
    until ($ended) {
        syswrite($file, sprintf("%s %.0f %d %s\n", $host, 1e6 * clock_gettime(7), $$, $ENV{ELDEST_TOKEN}));
        select(undef, undef, undef, 0.003);
    }'

run_on() { # HOST
    "$builddir/eldest" -s "$scratch/h$1/sock" run -- perl -e "$worker" "$1" "$diary" 2>>"$scratch/h$1/runner" &
    runner[$1]=$!
}

# Who worked when, as the file has it: two at the same time, or a token that went back. How many pieces of work there were.
judge() {
    perl -ane '
        my ($host, $us, $process, $token) = @F;
        my $work = $works{"$host $process $token"} //= { host => $host, token => $token, from => $us };
        $work->{to} = $us;
        END {
            my ($before, $epoch);
            for my $work (sort { $a->{from} <=> $b->{from} } values %works) {
                my ($number, $id) = split /\./, $work->{token};
                printf "host %s worked from %d us on, host %s up to %d us\n", $work->{host}, $work->{from},
                    $before->{host}, $before->{to}
                    if $before && $work->{host} ne $before->{host} && $work->{from} <= $before->{to};
                printf "host %s worked with token %s after token %s of host %s\n", $work->{host}, $work->{token},
                    $before->{token}, $before->{host}
                    if $before && ($number < $epoch || ($number == $epoch && $work->{token} ne $before->{token}));
                $before = $work if !$before || $work->{to} > $before->{to};
                $epoch = $number if $number > $epoch;
            }
            printf STDERR "%d pieces of work, tokens up to %d\n", scalar keys %works, $epoch;
        }' "$diary"
}

# ------------------------------------------------------------------------------------------------------------- the faults

# Twice in three times whoever works, or did last.
any_host() {
    local last
    last=$(tail -n 1 "$diary")
    if [ $((RANDOM % 3)) = 0 ]; then echo $((RANDOM % number + 1)); else echo "${last%% *}"; fi
}

# Longer ones are rarer; when there is time, up to a minute.
a_while() {
    local most=3
    ! thorough || [ $((RANDOM % 20)) != 0 ] || most=60
    pause "$((RANDOM % most * (RANDOM % 2))).$((RANDOM % 10))"
}

kill_daemon() {
    kill9_main "$1"
    a_while
    start "$1"
}

kill_both() {
    kill9 "$1"
    a_while
    start "$1"
}

stop_daemon() {
    term "$1"
    a_while
    start "$1"
}

resign() {
    ask "$1" resign || [[ $? = [16] ]]
}

freeze_daemon() {
    freeze "$1"
    a_while
    thaw "$1"
}

cut_host() {
    cut "$1"
    a_while
    heal "$1"
}

# And somebody dies meanwhile.
cut_and_kill() {
    cut "$1"
    pause "0.$((RANDOM % 10))"
    kill_daemon "$(any_host)"
    heal "$1"
}

kill_client() { # the one that talks to eldestd; another one takes its place
    kill -KILL "${runner[$1]}"
    { wait "${runner[$1]}" || :; } 2>/dev/null
    run_on "$1"
}

kinds=(kill_daemon kill_both stop_daemon resign freeze_daemon cut_host cut_and_kill kill_client)
[ $# -le 2 ] || kinds=("${@:3}")

suffer() {
    local kind=${kinds[RANDOM % ${#kinds[@]}]} host
    host=$(any_host)
    say "$kind of host $host"
    "$kind" "$host" >/dev/null
    pause "0.$((RANDOM % 10))"
}

lan "$number"
: >"$diary"
for ((i = 1; i <= number; i++)); do
    configure "$i" <<<$'[cluster]\nquorum = majority\nexpect = '"$number"
done
mapfile -t all < <(seq "$number")
start "${all[@]}"
wait_leader "${all[@]}"
for i in "${all[@]}"; do
    run_on "$i"
done
works() {
    [[ "$(tail -n 1 "$diary")" == "$leader "* ]]
}
wait_until works

begun=$SECONDS
while [ $((SECONDS - begun)) -lt "$seconds" ]; do
    suffer
done
wait_leader "${all[@]}"
wait_until works
for i in "${all[@]}"; do
    kill -TERM "${runner[$i]}"
    { wait "${runner[$i]}" || :; } 2>/dev/null
done
judged=$(judge)
[ -z "$judged" ] || fail "$judged"
