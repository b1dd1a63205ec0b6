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
#     second_lan 1 2     another switch, to which these hosts are connected by eth1, at 10.115.0.1 .. 2
#     auto               daemons started from now on choose their interfaces themselves; else it is eth0
#     start 1 2 3        eldestd on these hosts; returns when they answer on their control sockets
#     start_in_turn 1 2  each when those before it have a leader, so 1 is the oldest; until all know each other
#     cluster two 3 4    these hosts, not started yet, are another cluster, by that name
#     wait_leader 1 2 3  until these all name the same leader and it is one of them; then $leader is its number
#     wait_known 1 2 3   until each of them lists all of them and nobody else, and all know the same one to be next
#     expect_leader 1    all running nodes that are not cut off name host 1, now
#     kill9 2, term 2    end a daemon without notice (and its sentinel with it), or with; start 2 brings it back with its old state
#     kill9_main 2       end a daemon without notice, but not its sentinel
#     forget 2           removes the state that a stopped node kept
#     cut 1, heal 1      the switch drops all frames of host 1, and no longer; its carrier stays up
#     wait_until CMD...  until the command succeeds; for what no change announces
#     ask 2 status       the client, talking to the daemon on host 2
#     configure 2 <<...  more lines for the configuration file of host 2
#     give_key 1 2 3     these hosts, not started yet, share a key; with $ELDEST_TEST_KEYED, all do,
#                        and if that is "encrypt", they encrypt
#     expect_answered    no running node has kept an answer to itself since it started, as too long for its question (SEC-4)
#     refused 1 78 TEXT  eldestd on host 1 ends at once, with this status and a message that has TEXT in it
#
# What can be wrong with the network:
#
#     undisturbed        daemons started from now on run before all other processes: only the network is to hold them up
#     block 5 1          the switch drops what host 5 sends to host 1, but not what host 1 sends to host 5
#     mute 1, deafen 1   it drops all that host 1 sends; all that is sent to host 1
#     part "1 2" "3 4 5" it passes frames only within each of these parts
#     lose 20            it drops 20 % of all frames, by chance
#     no_multicast 1     it drops the multicasts of host 1, and those to it
#     only_unicast       it drops all multicasts and broadcasts; not on a slow LAN
#     mend               ends all these faults at the same instant; each of them must have cost a frame by then
#     unplug 1, plug 1   takes out the cable of host 1, which sees its carrier go; and puts it in again
#     slow_lan 5         instead of lan 5: the switch is a program (lossy_switch.c), which can do all that and the following
#     delay 5ms 20ms     every frame takes a time between these; so some overtake others
#     slow_multicast 100ms 300ms     the same for multicasts and broadcasts only, as on Wi-Fi
#     reorder 30 1ms 9ms of 100 frames 30 take that long, and those behind overtake them
#     duplicate 30       of 100 frames 30 come twice
#     burst 2 50ms 200ms 2 of 100 frames begin a time of that length in which nothing passes from their sender to their receiver
#     count_frames       of a slow LAN; then ${counts[overtaken]} and so on is how many there were: see lossy_switch.c
#
#     watch_for 60s 1 2  lets that time pass, while each of these hosts writes down what it sees
#     expect_seen F 1 2  the jq filter F holds for the list of what each of them saw
#     stands 5 TEXT      what host 5 says of how it stands to its leader has TEXT in it
#
# When processes get no time to run:
#
#     freeze 1 2         the daemons stop where they are, all at once (SIGSTOP); what they are sent waits for them
#     thaw 1 2           they go on (SIGCONT), all at once
#     nap 0.2 1          both, with so many seconds between
#     observe 1 2 3      from now on: keep what `watch` says on these hosts, and ask each all the time who leads
#     expect_honest 1    nobody who asked host 1 after another host led was told that host 1 leads
#     silence_of 1 NS    the longest time, in ms, in which host 1 answered nobody, since then (CLOCK_MONOTONIC in ns)
#
#     thorough           whether there is time for more than is needed every day
#
# A test fails with its first failing command. At the end every daemon still running must stop with status 0.

set -euo pipefail
export ELDEST_INHIBITOR='' # logind is that of the host

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
for tool in bridge ip jq kill mount nft nsenter perl pgrep unshare; do
    type -P $tool >/dev/null || { echo "skipped: this test needs $tool"; exit 77; }
done
[ "${ELDEST_ISOLATED:-}" = yes ] || enter_namespaces "$@"

choice=(-i eth0)
declare -A pid=() isolated=() frozen=() view=() since=() quit=()
declare -A counts=()
leader='' ended='' moment='' watches=() precedence=() observers=() slow=false answered=''
scratch=$(mktemp -d "${TMPDIR:-/tmp}/eldest-net.XXXXXX")
mount -t tmpfs tmpfs /run
# Reading from it is how to pause without a process.
exec {silence}<> <(:)

# Some tests repeat or wait more when there is time: ./setup test --all.
thorough() {
    [ -n "${ELDEST_TEST_THOROUGH:-}" ]
}

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
        furnish "$i"
    done
}

furnish() { # HOST: it has an interface
    ip -n "h$1" -batch - <<END
addr add 10.114.0.$1/24 dev eth0
link set lo up
link set eth0 up
END
    mkdir -p "$scratch/h$1"
    printf '[node]\nname = h%d\n' "$1" >"$scratch/h$1/conf"
    [ -z "${ELDEST_TEST_KEYED:-}" ] || give_key "$1"
}

give_key() { # HOST...
    local i
    [ -e "$scratch/key" ] || "$builddir/eldest" keygen -o "$scratch/key" >/dev/null
    for i; do
        install -m 600 "$scratch/key" "$scratch/h$i/key"
        sed -i "1i [cluster]\nkey_file = $scratch/h$i/key" "$scratch/h$i/conf" # what a test adds is of [node]
        [ "${ELDEST_TEST_KEYED:-}" != encrypt ] || sed -i '2a encrypt = yes' "$scratch/h$i/conf"
    done
}

# The same chances in each run, if $ELDEST_TEST_SEED is; but not the same frames.
slow_lan() { # HOSTS
    local i seed=${ELDEST_TEST_SEED:-$RANDOM} netns=() ahead=()
    [ -w /dev/net/tun ] || { echo "skipped: this test needs /dev/net/tun, and the right to use it"; exit 77; }
    for ((i = 1; i <= $1; i++)); do
        ip netns add "h$i"
        netns+=("/run/netns/h$i")
    done
    # Before all daemons: the network waits for no processor.
    ! chrt --fifo 2 true 2>/dev/null || ahead=(chrt --fifo 2)
    coproc lossy { exec "${ahead[@]}" "$builddir/tests/net/lossy_switch" eth0 "$seed" "${netns[@]}"; }
    slow=true
    read_answer "the start"
    for ((i = 1; i <= $1; i++)); do
        furnish "$i"
    done
    say "the switch rolls dice with seed $seed"
}

# Several orders take effect between the same two frames. $answered is the time at which it was done, $counts what was told.
order() { # "WORD..."...: to the lossy switch, which has obeyed when this returns
    local line
    kill -0 "${lossy_PID:-}" 2>/dev/null || fail "the lossy switch has ended"
    printf '%s\n' "$@" >&"${lossy[1]}"
    counts=()
    for line; do
        read_answer "$line"
    done
}

read_answer() { # TO-WHAT
    local word rest
    while read -r -t "$patience" word rest <&"${lossy[0]}"; do
        case $word in
            ok) answered=$rest; return ;;
            error) fail "the lossy switch does not take \"$1\": $rest" ;;
            *) counts[$word]=$((${counts[$word]:-0} + rest)) ;;
        esac
    done
    fail "the lossy switch does not answer: $1"
}

count_frames() {
    order counts
}

# The ports of the second switch are q1, q2 and so on.
second_lan() { # HOST...
    local i
    ip -n sw link add name br1 type bridge mcast_snooping 0
    ip -n sw link set br1 up
    for i; do
        connect "$i" eth1 "q$i" br1 "10.115.0.$i/24"
    done
}

connect() { # HOST INTERFACE PORT BRIDGE [ADDRESS]
    ip link add name "$2" netns "h$1" type veth peer name "$3" netns sw
    ip -n sw link set "$3" master "$4" up
    [ -z "${5:-}" ] || ip -n "h$1" addr add "$5" dev "$2"
    ip -n "h$1" link set "$2" up
}

auto() {
    choice=()
}

on() { # HOST COMMAND...: run it there
    nsenter --net="/run/netns/h$1" -- "${@:2}"
}

switch_port() { # HOST off|on
    local -rA states=([off]=0 [on]=3)
    if $slow; then order "port $1 $2"; else bridge -n sw link set dev "p$1" state "${states[$2]}"; fi
}

cut() { # HOST...
    local i
    for i; do
        switch_port "$i" off
        isolated[$i]=yes
        say "host $i is cut off"
    done
}

heal() { # HOST...
    local i
    for i; do
        switch_port "$i" on
        unset "isolated[$i]"
        say "host $i is back on the switch"
    done
}

# ---------------------------------------------------------------------------------------------- the faults of the network

on_switch() { # COMMAND...
    nsenter --net=/run/netns/sw -- "$@"
}

# A leader that gets no time to run for longer than detect is rightly replaced, and a busy machine does that to it.
undisturbed() {
    precedence=(chrt --fifo 1)
    "${precedence[@]}" true 2>/dev/null || precedence=()
}

# A fault is told in the words of the lossy switch: see faults.h. On the bridge it is a rule of a table that is there as long
# as there are any. What each costs is counted by the name of the function that asks for it.
fault() { # "WORD..."...: what the switch does from now on
    local name=${FUNCNAME[1]}
    if $slow; then order "${@/#/add $name }"; else bridge_rules "$name" "$@"; fi
}

bridge_rules() { # NAME "WORD..."...
    local fault rule
    {
        echo 'add table bridge faults'
        echo 'add chain bridge faults forward { type filter hook forward priority 0; }'
        echo "add counter bridge faults $1"
        for fault in "${@:2}"; do
            # shellcheck disable=SC2086 # these are words
            rule=$(bridge_rule $fault) || exit
            echo "add rule bridge faults forward $rule counter name $1 drop"
        done
    } | on_switch nft -f - || fail "the switch does not take the rules: ${*:2}"
}

bridge_rule() { # WORD...
    local rule=() ports
    while [ $# -gt 0 ]; do
        ports="{ p${2:-}"
        ports="${ports//,/, p} }"
        case $1 in
            from) rule+=("iifname $ports"); shift ;;
            to) rule+=("oifname $ports"); shift ;;
            leaving) rule+=("iifname $ports oifname != $ports"); shift ;;
            multicast) rule+=("meta pkttype multicast") ;;
            broadcast) rule+=("meta pkttype broadcast ether type ip") ;; # ARP has to go on
            lose) rule+=("numgen random mod 100 < $2"); shift ;;
            cut) ;;
            *) fail "only a slow LAN can do that: $1" ;;
        esac
        shift
    done
    echo "${rule[*]}"
}

block() { # FROM TO
    fault "from $1 to $2 cut"
    say "what host $1 sends does not reach host $2"
}

mute() { # HOST
    fault "from $1 cut"
    say "host $1 cannot send"
}

deafen() { # HOST
    fault "to $1 cut"
    say "host $1 cannot receive"
}

part() { # "HOST..."...
    local hosts faults=()
    for hosts; do
        faults+=("leaving ${hosts// /,} cut")
    done
    fault "${faults[@]}"
    say "the network is in parts: $(printf '%s | ' "${@:1:$#-1}")${*: -1}"
}

lose() { # PERCENT
    fault "lose $1"
    say "of 100 frames $1 are lost"
}

only_unicast() {
    fault "multicast cut" "broadcast cut"
    say "neither multicast nor broadcast gets anywhere"
}

no_multicast() { # HOST
    fault "multicast from $1 cut" "multicast to $1 cut"
    say "multicast neither comes from host $1 nor gets there"
}

delay() { # MIN MAX
    fault "delay $1 $2"
    say "each frame takes between $1 and $2"
}

slow_multicast() { # MIN MAX
    fault "multicast broadcast delay $1 $2"
    say "each multicast takes between $1 and $2"
}

reorder() { # PERCENT MIN MAX
    fault "reorder $1 $2 $3"
    say "of 100 frames $1 are held back for $2 to $3"
}

duplicate() { # PERCENT
    fault "duplicate $1"
    say "of 100 frames $1 come twice"
}

burst() { # PERCENT MIN MAX
    fault "burst $1 $2 $3"
    say "of 100 frames $1 are the first of a path to be lost for $2 to $3"
}

# Afterwards $moment is the time just before. A fault that costs nothing would make a test that cannot fail.
mend() {
    if $slow; then mend_slow_lan; else mend_bridge; fi
    say "the switch has no faults any more"
}

mend_bridge() {
    on_switch nft list counters table bridge faults >"$scratch/dropped"
    ! grep -B 1 "packets 0 " "$scratch/dropped" || fail "the switch has dropped nothing of these"
    stamp nsenter --net=/run/netns/sw -- nft delete table bridge faults
}

mend_slow_lan() {
    local name costs=()
    count_frames
    for name in "${!counts[@]}"; do
        case $name in
            passed | overtaken | refused) ;;
            overflow) [ "${counts[$name]}" = 0 ] || fail "the switch could not hold ${counts[$name]} frames" ;;
            *) costs+=("$name ${counts[$name]}"); [ "${counts[$name]}" != 0 ] || fail "no frame was met by: $name" ;;
        esac
    done
    [ ${#costs[@]} -gt 0 ] || fail "the switch has no faults"
    say "frames met: $(printf '%s, ' "${costs[@]}")while ${counts[passed]} passed, ${counts[overtaken]} of them overtaken"
    order mend
    moment=$answered
}

cable() { # HOST out|in
    local -rA states=([out]=down [in]=up)
    if $slow; then order "plug $1 $2"; else ip -n sw link set "p$1" "${states[$2]}"; fi
}

unplug() { # HOST...
    local i
    for i; do
        cable "$i" out
        isolated[$i]=yes
        say "host $i is unplugged"
    done
}

plug() { # HOST...
    local i
    for i; do
        cable "$i" in
        unset "isolated[$i]"
        say "host $i is plugged in"
    done
}

# ------------------------------------------------------------------------------------------------------------ the daemons

configure() { # HOST, lines on standard input
    cat >>"$scratch/h$1/conf"
}

cluster() { # NAME HOST...
    local i
    for i in "${@:2}"; do
        configure "$i" <<END
[cluster]
name = $1
END
    done
}

eldestd_on() { # HOST [ARGUMENT...]: becomes the daemon, so call it in a subshell
    local home=$scratch/h$1
    exec "${precedence[@]}" nsenter --net="/run/netns/h$1" -- \
        "$builddir/eldestd" -f -c "$home/conf" "${choice[@]}" -S "$home/state" -s "$home/sock" "${@:2}"
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
        wait_leader "$1" "$i"
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

end() { # HOST SIGNAL [PID...]: stamp it, send it, to these too, and wait for the daemon; then $ended is its status
    ended=0
    # Bash would tell of the killed process.
    { stamp kill -s "$2" "${pid[$1]}" "${@:3}" || :; wait "${pid[$1]}" || ended=$?; } 2>/dev/null
    unset "pid[$1]"
}

sentinel_of() { # HOST
    pgrep -x -P "${pid[$1]}" eldest-sentinel || fail "host $1 has no sentinel"
}

# A sentinel that stands still neither speaks nor is replaced between the two deaths.
end_both() { # HOST: kill its daemon and the sentinel
    local sentinel
    sentinel=$(sentinel_of "$1")
    kill -s STOP "$sentinel"
    wait_until stands_still "$sentinel"
    end "$1" KILL "$sentinel"
}

expect_killed() { # HOST: it has just been ended, by SIGKILL
    [ $ended = 137 ] || fail "eldestd on host $1 had ended before, with status $ended"
}

kill9() { # HOST...
    local i
    for i; do
        end_both "$i"
        expect_killed "$i"
        say "killed $i"
    done
}

kill9_main() { # HOST...
    local i
    for i; do
        end "$i" KILL
        expect_killed "$i"
        say "killed $i, but not its sentinel"
    done
}

gone() { # PID
    ! kill -0 "$1" 2>/dev/null
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

# What the daemon says of its network; there is no verb for that.
network() { # HOST [FILTER]: through jq
    perl -MIO::Socket::UNIX -e '
        my $socket = IO::Socket::UNIX->new(Peer => shift) or die $!;
        print $socket qq({"command":"network"}\n);
        print scalar <$socket>;' "$scratch/h$1/sock" | jq -r "${2:-.}"
}

uses() { # HOST INTERFACE...: exactly these
    [ "$(network "$1" '[.interfaces[] | select(.used) | .name] | sort | join(" ")')" = "${*:2}" ]
}

# By address: an interface of the cluster, with both channels.
hears_by() { # HOST INTERFACE FAMILY CHANNEL: within the last three seconds
    network "$1" ".interfaces[] | select(.name == \"$2\") | .$3.heard.$4 | .ago_ms != null and .ago_ms < 3000" |
        grep -qx true
}

address_of_leader() { # HOST
    ask "$1" leader -f %a
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
        [ -n "${isolated[$i]:-}${frozen[$i]:-}" ] || echo "$i"
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

expect_answered() {
    local i withheld
    for i in $(running); do
        withheld=$(ask "$i" counters --json | jq '[.. | .withheld? // empty] | add')
        [ "$withheld" = 0 ] || fail "host $i has withheld $withheld answers"
    done
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
    view=() since=() quit=() watches=()
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

# Sets $leader, since[HOST] to the time from which that host has named it, and quit[HOST], if that host led, to the time from
# which it has not: CLOCK_MONOTONIC in ns.
until_leader() { # HOST...
    local host mono_ns opinion limit
    limit=$(deadline)
    leader=$(common_leader "$@")
    while [ -z "$leader" ]; do
        [ $SECONDS -lt "$limit" ] || fail "hosts $* name no leader together after $patience s, but $(views "$@")"
        read -r -t 1 -u "$changes" host mono_ns opinion || continue
        [ "${view[$host]:-}" != "$opinion" ] || continue
        [[ ${view[$host]:-} != *true ]] || quit[$host]=$mono_ns
        since[$host]=$mono_ns
        view[$host]=$opinion
        leader=$(common_leader "$@")
    done
}

views() { # HOST...: for people
    local i
    for i; do
        printf '%s: %s, ' "$i" "${view[$i]:-unknown}"
    done
}

common_leader() { # HOST...: its number, if there is one
    local i name=${view[$1]:-} among=
    name=${name% *}
    for i; do
        case ${view[$i]:-} in
            "$name true") among=$i ;;
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

watch_for() { # DURATION HOST...
    local i watch watches=()
    for i in "${@:2}"; do
        ask "$i" watch --json --for "$1" >"$scratch/h$i/seen" &
        watches+=($!)
    done
    for watch in "${watches[@]}"; do
        wait "$watch"
    done
    say "$1 have passed for ${*:2}"
}

expect_seen() { # FILTER HOST...
    local i
    for i in "${@:2}"; do
        jq -e -s "length > 0 and ($1)" "$scratch/h$i/seen" >/dev/null && continue
        cat "$scratch/h$i/seen"
        fail "of what host $i saw this is not true: $1"
    done
}

stands() { # HOST TEXT
    { ask "$1" status --json || [ $? = 3 ]; } | jq -e --arg text "$2" '.node.standing | contains($text)' >/dev/null
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
    [ "$(printf '%s\n' "${what[@]}" | sort -u | jq "(.[0] | length) == $# and (.[1] != null or $# == 1)")" = true ]
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

# --------------------------------------------------------------------------------------------------------------- the pauses

freeze() { # HOST...
    local i
    signal STOP "$@"
    for i; do
        frozen[$i]=yes
        wait_until stands_still "${pid[$i]}"
    done
    say "$* stand still"
}

thaw() { # HOST...
    local i
    signal CONT "$@"
    for i; do
        unset "frozen[$i]"
    done
    say "$* go on"
}

signal() { # SIGNAL HOST...
    local i pids=()
    for i in "${@:2}"; do
        pids+=("${pid[$i]}")
    done
    kill -s "$1" "${pids[@]}"
}

# One process does it all, since starting another one takes its time too. $moment is the time just before.
nap() { # SECONDS HOST
    # shellcheck disable=SC2016 # the script is Perl's
    stamp perl -e 'my ($s, $pid) = @ARGV; kill STOP => $pid; select undef, undef, undef, $s; kill CONT => $pid' \
        "$1" "${pid[$2]}"
    say "$2 stood still for $1 s"
}

stands_still() { # PROCESS
    grep -q '^State:[[:space:]]*T' "/proc/$1/status"
}

observe() { # HOST...
    local i home
    kill "${observers[@]}" 2>/dev/null || :
    observers=()
    rm -f "$scratch"/h*/chronicle "$scratch"/h*/answers
    for i; do
        home=$scratch/h$i
        "$builddir/eldest" -s "$home/sock" watch --json >"$home/chronicle" 2>/dev/null &
        observers+=($!)
        perl "${BASH_SOURCE[0]%/*}/poll.pl" "$home/sock" >"$home/answers" &
        observers+=($!)
        wait_until [ -s "$home/chronicle" ]
        wait_until [ -s "$home/answers" ]
    done
}

leaderships_beside() { # HOST: "MONO_NS EPOCH" of each moment at which another host was seen to lead
    local home
    for home in "$scratch"/h*; do
        [ "$home" = "$scratch/h$1" ] || [ ! -s "$home/chronicle" ] ||
            jq -Rr 'fromjson? | select(.leader.self // false) | "\(.mono_ns) \(.epoch)"' "$home/chronicle"
    done
}

# An answer on its way is excused: its question was asked before. So is a host that leads again later.
expect_honest() { # HOST
    local lies
    lies=$(leaderships_beside "$1" | awk '
        NR == FNR { if (!($2 in from) || $1 < from[$2]) from[$2] = $1; next }
        $3 == "self" { for (epoch in from) if (epoch + 0 > $4 + 0 && from[epoch] + 0 < $1 + 0) { print; break } }
        ' - "$scratch/h$1/answers" | head -n 5)
    [ -z "$lies" ] || fail "host $1 says that it leads (asked, answered, who, epoch):"$'\n'"$lies"
}

silence_of() { # HOST NS
    wait_until answered_since "$1" "$2"
    awk -v from="$2" '
        BEGIN { last = from }
        $2 > from { if ($2 - last > longest) longest = $2 - last; last = $2 }
        END { printf "%d\n", longest / 1000000 }' "$scratch/h$1/answers"
}

answered_since() { # HOST NS
    tail -n 1 "$scratch/h$1/answers" | awk -v from="$2" '$1 <= from { exit 1 }'
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
    [ $status != 0 ] || ! $slow || end_slow_lan || { echo "FAILED: the lossy switch ended with status $?"; status=1; }
    [ $status = 0 ] || tell_logs
    rm -rf "$scratch"
    exit $status
}

end_slow_lan() {
    local process=${lossy_PID:-}
    [ -n "$process" ] || return 1
    eval "exec ${lossy[1]}>&-"
    wait "$process"
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
