# shellcheck shell=bash disable=SC2034 # the scripts read what is set here
# SPDX-License-Identifier: ISC
#
# lib.sh - a LAN in a box, for tests that read like a diary of what happens to it.
#
# Sourcing this file moves the script into mount, network and process namespaces of its own: nothing that it does is seen
# from outside, any number of scripts may run at a time, and when it ends, whatever the reason, the kernel takes away
# every process and interface with it. It needs root, or a kernel that lets users create namespaces; else the test is skipped.
#
#     lan 5              a switch and the hosts h1 .. h5, with eth0 at 10.114.0.1 .. 5; nothing runs on them yet
#     start 1 2 3        eldestd on these hosts; returns when they answer on their control sockets
#     start_in_turn 1 2  each when those before it have a leader, so 1 is the oldest; until all know each other
#     wait_leader 1 2 3  until these all name the same leader and it is one of them; then $leader is its number
#     wait_known 1 2 3   until each of them lists all of them, and all know the same one to be next
#     expect_leader 1    all running nodes that are not cut off name host 1, now
#     kill9 2, term 2    end a daemon without or with notice; start 2 brings it back with its old state
#     forget 2           removes the state that a stopped node kept
#     cut 1, heal 1      the switch drops all frames of host 1, and no longer; its carrier stays up
#     wait_until CMD...  until the command succeeds; for what no change announces
#     ask 2 status       the client, talking to the daemon on host 2
#     configure 2 <<...  more lines for the configuration file of host 2
#     refused 1 78 TEXT  eldestd on host 1 ends at once, with this status and a message that has TEXT in it
#
# A test fails with its first failing command. At the end every daemon still running must stop with status 0.

set -euo pipefail

readonly builddir=${abs_top_builddir:-$PWD} patience=${ELDEST_TEST_PATIENCE:-30}

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

say() {
    echo "-- $*"
}

# The namespaces. PID 1 of the new process namespace is this script, started again.
enter_namespaces() {
    local isolate=(unshare --mount --net --pid --fork --kill-child --mount-proc)
    [ "$(id -u)" = 0 ] || isolate+=(--map-root-user)
    if ! "${isolate[@]}" mount -t tmpfs tmpfs /run; then
        echo "skipped: no network namespaces here; run it as root, or allow users to create namespaces"
        exit 77
    fi
    export ELDEST_ISOLATED=yes
    exec "${isolate[@]}" "$BASH" "$0" "$@"
}

for program in eldestd eldest; do
    [ -x "$builddir/$program" ] || fail "there is no $builddir/$program: run this in the build folder, or set abs_top_builddir"
done
for tool in bridge ip jq kill mount nsenter perl unshare; do
    type -P $tool >/dev/null || { echo "skipped: this test needs $tool"; exit 77; }
done
[ "${ELDEST_ISOLATED:-}" = yes ] || enter_namespaces "$@"

declare -A pid=() isolated=() view=() since=()
leader='' ended='' moment='' watches=()
scratch=$(mktemp -d "${TMPDIR:-/tmp}/eldest-net.XXXXXX")
mount -t tmpfs tmpfs /run
# Reading from it is how to pause without a process.
exec {silence}<> <(:)

pause() {
    read -r -t "$1" -u "$silence" || :
}

# $SECONDS counts from the start of the script.
deadline() {
    echo $((SECONDS + patience))
}

wait_until() { # COMMAND...
    local limit
    limit=$(deadline)
    until "$@"; do
        [ $SECONDS -lt "$limit" ] || fail "after $patience s still not true: $*"
        pause 0.02
    done
}

# ---------------------------------------------------------------------------------------------------------------- the LAN

lan() { # HOSTS
    local i
    ip netns add sw
    ip -n sw link add name br0 type bridge mcast_snooping 0
    ip -n sw link set br0 up
    for ((i = 1; i <= $1; i++)); do
        ip netns add "h$i"
        ip link add name eth0 netns "h$i" type veth peer name "p$i" netns sw
        ip -n sw -batch - <<END
link set p$i master br0
link set p$i up
END
        ip -n "h$i" -batch - <<END
addr add 10.114.0.$i/24 dev eth0
link set lo up
link set eth0 up
END
        mkdir -p "$scratch/h$i"
        printf '[node]\nname = h%d\n' "$i" >"$scratch/h$i/conf"
    done
}

on() { # HOST COMMAND...: run it there
    nsenter --net="/run/netns/h$1" -- "${@:2}"
}

cut() { # HOST...
    local i
    for i; do
        bridge -n sw link set dev "p$i" state 0
        isolated[$i]=yes
        say "host $i is cut off"
    done
}

heal() { # HOST...
    local i
    for i; do
        bridge -n sw link set dev "p$i" state 3
        unset "isolated[$i]"
        say "host $i is back on the switch"
    done
}

# ------------------------------------------------------------------------------------------------------------ the daemons

configure() { # HOST, lines on standard input
    cat >>"$scratch/h$1/conf"
}

eldestd_on() { # HOST [ARGUMENT...]: becomes the daemon, so call it in a subshell
    local home=$scratch/h$1
    exec nsenter --net="/run/netns/h$1" -- \
        "$builddir/eldestd" -f -c "$home/conf" -i eth0 -S "$home/state" -s "$home/sock" "${@:2}"
}

launch() { # HOST...: start, without waiting
    local i
    for i; do
        mkdir -p "$scratch/h$i/state"
        (eldestd_on "$i") >>"$scratch/h$i/log" 2>&1 &
        pid[$i]=$!
    done
}

start() { # HOST...
    local i
    launch "$@"
    for i; do
        wait_answer "$i"
    done
    say "started $*"
}

start_in_turn() { # HOST...
    local i
    for i; do
        start "$i"
        wait_leader 1 "$i"
    done
    wait_known "$@"
}

wait_answer() { # HOST: its daemon answers on the control socket
    wait_until answers_or_ended "$1"
    kill -0 "${pid[$1]}" 2>/dev/null || fail "eldestd on host $1 ended at its start"
}

answers_or_ended() { # HOST
    local status=0
    ask "$1" status >/dev/null 2>&1 || status=$?
    [ $status = 0 ] || [ $status = 3 ] || ! kill -0 "${pid[$1]}" 2>/dev/null
}

end() { # HOST SIGNAL: stamp it, send it and wait for the daemon; then $ended is its status
    ended=0
    # Bash would tell of the killed process.
    { stamp kill -s "$2" "${pid[$1]}" || :; wait "${pid[$1]}" || ended=$?; } 2>/dev/null
    unset "pid[$1]"
}

kill9() { # HOST...
    local i
    for i; do
        end "$i" KILL
        [ $ended = 137 ] || fail "eldestd on host $i had ended before, with status $ended"
        say "killed $i"
    done
}

term() { # HOST...
    local i
    for i; do
        end "$i" TERM
        [ $ended = 0 ] || fail "eldestd on host $i ended with status $ended after SIGTERM"
        say "stopped $i"
    done
}

forget() { # HOST...
    local i
    for i; do
        rm -rf "$scratch/h$i/state"
    done
}

# ---------------------------------------------------------------------------------------------------------- the questions

ask() { # HOST COMMAND...
    "$builddir/eldest" -s "$scratch/h$1/sock" "${@:2}"
}

leader_of() { # HOST: the name of its leader, or "nobody"
    ask "$1" leader -f %n || echo nobody
}

epoch_of() { # HOST
    ask "$1" status --json | jq .epoch
}

running() { # the hosts whose daemon runs and can be heard
    local i
    for i in "${!pid[@]}"; do
        [ -n "${isolated[$i]:-}" ] || echo "$i"
    done
}

expect_leader() { # HOST
    local i name
    for i in $(running); do
        name=$(leader_of "$i")
        [ "$name" = "h$1" ] || fail "host $i names $name as the leader, not h$1"
    done
    say "$1 leads"
}

expect_epoch() { # EPOCH: no other leadership has begun, for any running node
    local i epoch
    for i in $(running); do
        epoch=$(epoch_of "$i")
        [ "$epoch" = "$1" ] || fail "the epoch of host $i is $epoch, not $1"
    done
}

# wait_leader follows the changes on every given host and takes the first moment at which all of them name the same leader,
# that node among them and of the same opinion. It blocks in read; the deadline is for a test that fails. Its three parts
# are for those who want to know when each host had the news: see measure.sh.
wait_leader() { # HOST...
    begin_watch "$@"
    until_leader "$@"
    end_watch
    say "$leader leads $*"
}

begin_watch() { # HOST...
    local i fifo=$scratch/changes
    view=() since=() watches=()
    rm -f "$fifo"
    mkfifo "$fifo"
    exec {changes}<>"$fifo"
    for i; do
        "$builddir/eldest" -s "$scratch/h$i/sock" watch --json > >(opinions "$i" >"$fifo") 2>/dev/null &
        watches+=($!)
    done
}

opinions() { # HOST: lines of watch --json in, "HOST MONO_NS LEADER SELF" out
    exec jq --unbuffered -r --arg host "$1" '"\($host) \(.mono_ns) \(.leader.name // "nobody") \(.leader.self // false)"'
}

# Sets $leader, and since[HOST] to the time from which that host has named it: CLOCK_MONOTONIC in ns.
until_leader() { # HOST...
    local host mono_ns opinion limit
    limit=$(deadline)
    leader=$(common_leader "$@")
    while [ -z "$leader" ]; do
        [ $SECONDS -lt "$limit" ] || fail "hosts $* do not agree on a leader among them after $patience s"
        read -r -t 1 -u "$changes" host mono_ns opinion || continue
        [ "${view[$host]:-}" = "$opinion" ] || since[$host]=$mono_ns
        view[$host]=$opinion
        leader=$(common_leader "$@")
    done
}

common_leader() { # HOST...: its number, if there is one
    local i name=${view[$1]:-} among=
    name=${name% *}
    for i; do
        case ${view[$i]:-} in
            "h$i true") among=$i ;;
            "$name false") ;;
            *) return 0 ;;
        esac
    done
    [ "h$among" != "$name" ] || echo "$among"
}

end_watch() {
    kill "${watches[@]}" 2>/dev/null || :
    { wait "${watches[@]}" || :; } 2>/dev/null
    exec {changes}>&-
}

# A leader has just been elected and dies again: so soon the others need not know yet who comes next.
wait_known() { # HOST...
    wait_until all_known "$@"
}

all_known() { # HOST...
    local i what=()
    for i; do
        what+=("$(ask "$i" status --json | jq -c '[([.peers[].id] | sort), .next]')") || return
    done
    [ "$(printf '%s\n' "${what[@]}" | sort -u | jq '(.[0] | length) * (.[1] | length)')" = $(($# * 32)) ]
}

stamp() { # COMMAND...: run it; then $moment is CLOCK_MONOTONIC in ns just before it
    perl -MTime::HiRes=clock_gettime,CLOCK_MONOTONIC -e '
        open(my $file, ">", shift) or die $!;
        printf $file "%.0f\n", 1e9 * clock_gettime(CLOCK_MONOTONIC);
        close($file);
        exec @ARGV;' "$scratch/moment" "$@"
    read -r moment <"$scratch/moment"
}

refused() { # HOST STATUS TEXT [ARGUMENT...]
    local status=0 log=$scratch/h$1/refused
    mkdir -p "$scratch/h$1/state"
    (eldestd_on "$1" "${@:4}") >"$log" 2>&1 || status=$?
    cat "$log"
    [ "$status" = "$2" ] || fail "eldestd on host $1 ended with status $status, not $2"
    grep -qF -e "$3" "$log" || fail "the message does not say: $3"
}

# ---------------------------------------------------------------------------------------------------------------- the end

# Stops what still runs. A daemon that a sanitizer or an assertion ended shows here too, by its status.
finish() {
    local status=$? i
    trap - EXIT
    set +e
    for i in "${!pid[@]}"; do
        [ $status = 0 ] || break
        end "$i" TERM
        [ $ended = 0 ] || { echo "FAILED: eldestd on host $i ended with status $ended at the end"; status=1; }
    done
    [ $status = 0 ] || tell_logs
    rm -rf "$scratch"
    exit $status
}

tell_logs() {
    local log
    for log in "$scratch"/h*/log; do
        [ -s "$log" ] || continue
        echo "== the last lines of ${log#"$scratch/"}"
        tail -n 40 "$log"
    done
}

trap finish EXIT
trap 'exit 130' INT TERM HUP
