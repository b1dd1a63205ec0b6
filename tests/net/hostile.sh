# shellcheck shell=bash disable=SC2034 # the scripts read what is set here
# SPDX-License-Identifier: ISC
#
# hostile.sh - for tests in which somebody attacks a cluster of three: what that costs it, and whether it is borne.
#
#     hostile_lan        four hosts, which speak IPv4 only, since the attacker hears that; nothing runs on them yet
#     besieged BODY...   runs BODY with hosts 1, 2 and 3 at rest, first without a key, then with one; host 1 leads. Host 4 is
#                        the attacker, who has heard all that the three sent since their start: in it each of the others
#                        led, one resigned and one died. $keyed is "key" or "none"
#     attack VERB...     attacker.py on host 4, out of its interface, with what was recorded
#     endure NAME CMD..  runs CMD, an attack, and prints what it cost: the leader stays, and all is well in the end
#     suffer NAME CMD..  the same for an attack that may replace the leader; the next one is on who leads then
#     meet NAME CMD...   endures it with a key, suffers it without
#     $leader            the number of the host that leads, $(leader_id) its node id and $(epoch_of $leader) its epoch
#
# In any case nobody may crash, memory and log stay within bounds, and the cluster must find back. What is printed is a row
# of a table, which is written to $ELDEST_TOLLS too: attack; key; changes of the leader; ms of the processor that a daemon took
# for each second, KiB that it grew, lines that it logged, of whichever had most of it; ms until all was well.
#
# Sourced instead of lib.sh.

# shellcheck source=tests/net/lib.sh
. "${BASH_SOURCE[0]%/*}/lib.sh"

# A daemon remembers 16,384 nodes, which take 13 MiB once all of these places were needed.
readonly here=${BASH_SOURCE[0]%/*} growth_max=15360 lines_max=200
keyed=none
export ASAN_OPTIONS=quarantine_size_mb=1 # what is freed is free

type -P python3 >/dev/null || { echo "skipped: this test needs python3"; exit 77; }

has_keys() {
    "$builddir/eldest" keygen -o "$scratch/tried" >/dev/null
    "$builddir/eldestd" --check -c <(printf '[cluster]\nkey_file = %s\n' "$scratch/tried") >"$scratch/told" 2>&1 ||
        ! grep -q libsodium "$scratch/told"
}

leader_id() {
    ask "$leader" status --json | jq -r .node.id
}

# ------------------------------------------------------------------------------------------------------------ the attacker

record() { # FILE: what any host sends from now on
    nsenter --net=/run/netns/sw python3 "$here/attacker.py" record "$1" >"$scratch/recorded" &
    recorder=$!
    wait_until test -e "$1"
}

end_record() {
    kill "$recorder"
    wait_until test -s "$scratch/recorded"
}

attack() { # VERB [ARGUMENT...]
    on 4 python3 "$here/attacker.py" "$1" "$scratch/heard.$keyed" eth0 "${@:2}" >"$scratch/sent"
}

# -------------------------------------------------------------------------------------------------------------- the cluster

hostile_lan() {
    local i
    lan 4
    for i in 1 2 3; do
        configure $i <<<$'[network]\nfamilies = ipv4\n[timing]\nalone = 1s'
    done
}

# So each type of message was there.
lead_in_turn() {
    start_in_turn 3 2 1
    ask 3 resign >/dev/null
    wait_leader 1 2 3
    expect_leader 2
    wait_known 1 2 3
    kill9_main 2
    wait_leader 1 3
    [ "$leader" = 1 ] || ask 3 resign >/dev/null # host 1 was first in line, but this machine too busy for it
    wait_leader 1 3
    expect_leader 1
    start 2
    wait_leader 1 2 3
    wait_known 1 2 3
}

siege() { # BODY...
    record "$scratch/heard.$keyed"
    lead_in_turn
    end_record
    "$@"
    expect_failover
    forget 1 2 3
}

# They have suffered nothing that lasts.
expect_failover() {
    local i rest=()
    for i in 1 2 3; do
        [ "$i" = "$leader" ] || rest+=("$i")
    done
    kill9 "$leader"
    wait_leader "${rest[@]}"
    term "${rest[@]}"
}

besieged() { # BODY...
    siege "$@"
    has_keys || { echo "skipped the rest: eldestd is built without libsodium"; return; }
    give_key 1 2 3
    keyed=key
    siege "$@"
}

# ---------------------------------------------------------------------------------------------------------------- the toll

tell_toll() { # NAME CHANGES CPU MEMORY LINES RECOVERED
    printf '| %-52s | %-4s | %7s | %8s | %8s | %6s | %8s |\n' "$1" "$keyed" "${@:2}" |
        tee -a "${ELDEST_TOLLS:-/dev/null}"
}

take_toll() { # NAME CMD...: sets $changes
    local cpu memory told recovered daemons=() i process
    for i in 1 2 3; do
        daemons+=("$scratch/h$i:${pid[$i]}")
    done
    coproc toll { exec python3 "$here/toll.py" "${daemons[@]}"; }
    process=$!
    read -r -t $((2 * patience)) -u "${toll[0]}" || fail "before $1"
    "${@:2}"
    echo >&"${toll[1]}"
    read -r -t $((2 * patience)) -u "${toll[0]}" changes cpu memory told recovered || fail "$1 is not overcome"
    wait "$process" || :
    tell_toll "$1" "$changes" "$cpu" "$memory" "$told" "$recovered"
    [ "$memory" -lt $growth_max ] || fail "$1: a daemon grew by $memory KiB"
    [ "$told" -lt $lines_max ] || fail "$1: a daemon logged $told lines"
}

endure() { # NAME CMD...
    take_toll "$@"
    [ "$changes" = 0 ] || fail "$1: the leader has changed $changes times"
}

suffer() { # NAME CMD...
    take_toll "$@"
    wait_leader 1 2 3 >/dev/null
}

meet() { # NAME CMD...
    if [ $keyed = key ]; then endure "$@"; else suffer "$@"; fi
}
