# shellcheck shell=bash disable=SC2154 # the script has the variables of lib.sh
# SPDX-License-Identifier: ISC
#
# work.sh - work of which there must be one at a time, on three hosts that write down when they begin and when they end, while
# daemons are killed, stopped and frozen, leaders resign, hosts are paused and whoever holds the work is killed, by chance.
#
# The script that reads this file defines run_on HOST, which begins what holds the work there, sets runner[HOST] to its
# process, and has it append lines "HOST begin|end NANOSECONDS WORK TOKEN" to the diary.
#
# No two of them may overlap, except after these faults of the leader, of which its holders cannot know in time:
#
#   freeze   a daemon that stands still tells its holders nothing, while the others rightly elect another leader; its work
#            has to end within a second after it goes on
#
# A daemon that is killed, with or without its sentinel, is no such excuse: its holder sees the end of its socket at once, and
# this work takes 200 ms at most to end, while the others need detect, 600 ms here, to find out by themselves. The sentinel
# tells them sooner, but not before the work has ended.

diary=$scratch/diary
declare -A runner=()

# The hosts that work, as the diary has it. A host may do so twice for a moment when its `eldest run` was killed and another
# one is started at once.
workers() {
    awk '$2 == "begin" { works[$4] = $1 } $2 == "end" { delete works[$4] }
        END { for (process in works) printf "%s ", works[process] }' "$diary"
}

# Under its present token.
only_leader_works() {
    [ "$(workers)" = "$leader " ] &&
        [ "$(awk -v host="$leader" '$1 == host && $2 == "begin" { token = $5 } END { print token }' "$diary")" = \
            "$(ask "$leader" leader -f %t)" ]
}

works() { # HOST
    [[ " $(workers)" == *" $1 "* ]]
}

settle() {
    wait_leader 1 2 3 >/dev/null
    wait_until only_leader_works
}

# What the diary has from that line on: for how long, in us, two hosts worked at the same time, and how long after the end of
# one that began before there was another.
judge() { # LINE
    tail -n "+$1" "$diary" | perl -ane '
        my ($host, $what, $ns, $process) = @F;
        if ($what eq "begin") {
            $gap = $ns - $ended if !%works && $ended;
            $works{$process} = { host => $host, since => $ns };
        } elsif (my $work = delete $works{$process}) {
            for my $other (grep { $_->{host} ne $host } values %works) {
                my $from = $other->{since} > $work->{since} ? $other->{since} : $work->{since};
                $overlap = $ns - $from if $ns - $from > $overlap;
            }
            $ended = $ns;
        }
        END { printf "%d %d\n", $overlap / 1000, $gap / 1000 }'
}

now_ns() {
    stamp true
    echo "$moment"
}

# ------------------------------------------------------------------------------------------------------------- the faults

kill_daemon() { # HOST
    kill9_main "$1"
    start "$1"
}

kill_both() { # HOST
    kill9 "$1"
    start "$1"
}

is_held() { # HOST: eldestd knows who holds its work, or waits for it
    ask "$1" status --json | jq -e --argjson process "${runner[$1]}" 'any(.holders[]; .pid == $process)' >/dev/null
}

# The process that talks to eldestd; another one takes its place. `eldest hooks` waits for the end of the last work before it
# asks for eldestd, which has to be there then.
kill_client() { # HOST
    kill -KILL "${runner[$1]}"
    { wait "${runner[$1]}" || :; } 2>/dev/null
    run_on "$1"
    wait_until is_held "$1"
}

stop() { # HOST
    term "$1"
    pause "0.$((RANDOM % 10))"
    start "$1"
}

restart() { # HOST: without a pause
    term "$1"
    start "$1"
}

resign() { # HOST
    local status=0
    ask "$1" resign || status=$?
    [[ $status = [016] ]] # where the others are paused, nobody is there to take it
}

pause_for_a_while() { # HOST: for maintenance; nobody else may be there that could lead, or it is over before it lets go
    ask "$1" pause --for "$((RANDOM % 2 + 1))s" || [[ $? = [16] ]]
}

freeze_for_a_while() { # HOST
    freeze "$1"
    pause "$((RANDOM % 2)).$((RANDOM % 10))"
    thaw "$1"
    thawed=$(now_ns)
}

# Of a command that had to end when its daemon went on.
expect_soon_after_thaw() {
    local late
    late=$(tail -n "+$line" "$diary" | awk -v thawed="$thawed" '$2 == "end" && $3 > thawed + 1e9 { print $1 }')
    [ -z "$late" ] || fail "the work of host $late went on for more than a second after its daemon did"
}

kinds=(kill_daemon kill_both kill_client stop restart resign pause_for_a_while freeze_for_a_while)
declare -A count=() overlapped=() longest=() gaps=()

# Twice in three times it is the leader.
suffer() {
    local kind=${kinds[RANDOM % ${#kinds[@]}]} host=$((RANDOM % 3 + 1)) overlap gap line thawed
    [ $((RANDOM % 3)) = 0 ] || host=$leader
    line=$(sed -n "/^$leader begin/=" "$diary" | tail -n 1)
    thawed=0
    say "$kind of host $host, while $leader leads"
    "$kind" "$host" >/dev/null
    settle
    read -r overlap gap < <(judge "$line")
    [ $thawed = 0 ] || expect_soon_after_thaw
    count[$kind]=$((${count[$kind]:-0} + 1))
    [ "$gap" = 0 ] || gaps[$kind]+=" $gap"
    [ "$overlap" = 0 ] || overlapped[$kind]=$((${overlapped[$kind]:-0} + 1))
    [ "$overlap" -le "${longest[$kind]:-0}" ] || longest[$kind]=$overlap
    [ "$overlap" = 0 ] || [ "$kind" = freeze_for_a_while ] || {
        tail -n "+$line" "$diary"
        fail "two hosts worked at the same time, for $overlap us, after $kind of host $host"
    }
}

median() { # NUMBER...
    printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"
}

tell() {
    local kind
    printf '%-20s %6s %12s %14s %22s\n' fault times overlapped "longest (ms)" "median gap (ms)"
    for kind in "${kinds[@]}"; do
        # shellcheck disable=SC2086 # they are numbers
        printf '%-20s %6d %12d %14.1f %22.1f\n' "$kind" "${count[$kind]:-0}" "${overlapped[$kind]:-0}" \
            "$((${longest[$kind]:-0} / 100))e-1" "$(($(median ${gaps[$kind]:-0}) / 100))e-1"
    done
}

RANDOM=${ELDEST_TEST_SEED:-$RANDOM}
rounds=40
! thorough || rounds=200

tell_story() {
    local i n one others
    lan 3
    : >"$diary"
    for i in 1 2 3; do
        configure "$i" <<END
[timing]
detect = 600ms
END
    done
    start_in_turn 1 2 3
    for i in 1 2 3; do
        run_on "$i"
    done
    settle
    for ((n = 0; n < rounds; n++)); do
        suffer
    done
    tell

    # A leader that is cut off, while the others elect another one: each part has its work. When they meet again one part lets go
    # first, and the other goes on under a token above both.
    one=$leader
    cut "$one"
    read -r -a others <<<"$(echo 1 2 3 | tr -d "$one")"
    wait_leader "${others[@]}"
    wait_until works "$leader"
    works "$one" || fail "a leader that is alone has lost its work"
    heal "$one"
    settle
    say "$leader works alone"

    for i in 1 2 3; do
        kill -TERM "${runner[$i]}"
        { wait "${runner[$i]}" || :; } 2>/dev/null
    done
    [ -z "$(workers)" ] || fail "the work of hosts $(workers)runs on"
}
