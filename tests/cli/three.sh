#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# three.sh - three nodes: all name the same leader, who hands over when asked to and when stopped.
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

nodes=(alpha beta gamma)
start "${nodes[@]}"
find_leader "${nodes[@]}"

all_listed() { # NAME: its table shows all three
    [ "$(ask "$1" status --json | jq -c '[.peers[].name] | sort')" = '["alpha","beta","gamma"]' ]
}
for name in "${nodes[@]}"; do
    expect 0 ask "$name" leader
    [ "$output" = "$leader 127.0.0.1" ] || fail "$name says: $output"
    wait_until all_listed "$name"
    expect 0 ask "$name" status --json
    is '.peers[0].name' "$leader"
    is '.peers[0].state' leader
    is '[.peers[] | select(.self)] | length' 1
    is '.next == .peers[1].id' true
done

# Each tells of the losses that it sees: a follower towards the leader, who hears of the second heartbeat on.
sees_losses() { # NAME FILTER
    ask "$1" status --json | jq -e "[.peers[] | select($2) | .loss] | length > 0 and all(type == \"number\")" >/dev/null
}
wait_until sees_losses "$leader" '.self | not'
wait_until sees_losses "$other" '.state == "leader"'
expect 0 ask "$other" peers
has LOSS

# What a node sees of the network, of which `eldest doctor` asks it.
ask_raw '{"command":"network"}'
is '.interfaces[] | select(.used) | .name' lo
is '.interfaces[] | select(.used) | .ipv4 | .address, .joined' $'127.0.0.1\ntrue'
is '.interfaces[] | select(.used) | .ipv4.heard.multicast.count > 0' true
is '.nodes | length > 0' true
is '[.nodes[].paths[] | .interface, .address] | unique' "$(jq . <<<'["127.0.0.1","lo"]')"
is '.strangers | length' 0

expect 0 ask "$leader" is-leader
expect 1 ask "$other" is-leader
expect 1 ask "$other" resign
expect 0 ask "$other" wait --not-self

# Two watch, and one waits for its turn.
next=$(ask "$leader" status --json | jq -r '.peers[1].name')
ask "$next" watch >"$scratch/text" &
text=$!
ask "$next" watch --json >"$scratch/json" &
json=$!
ask "$next" wait --self --timeout 30s &
turn=$!
wait_until test -s "$scratch/text"
wait_until test -s "$scratch/json"

expect 0 ask "$leader" resign
has "$next (127.0.0.1)"
wait $turn || fail "wait --self ended with $?"
expect 0 ask "$next" is-leader
expect 1 ask "$leader" is-leader
expect 0 ask "$leader" status --json
is .leader.name "$next"
expect 0 ask "$leader" status
has "$leader, idle, following, age " # which begins anew, while the daemon stays up

# The watchers saw it, line by line, while it happened.
leads_in_json() {
    jq -se 'any(.event == "leader" and .leader.self)' "$scratch/json" >/dev/null
}
leads_in_text() {
    grep -qE "^[0-9:]{8}\.[0-9]{3} +\+[0-9.]+ ?m?s  \*  this node, $next \(127.0.0.1\), leads now, epoch [0-9]+" "$scratch/text"
}
wait_until leads_in_json
wait_until leads_in_text
jq -se '[.[].seq] as $seq | $seq == [range($seq[0]; $seq[0] + ($seq | length))]' "$scratch/json" >/dev/null ||
    fail "sequence numbers: $(cat "$scratch/json")"
jq -se '[.[].mono_ns] as $times | $times == ($times | sort)' "$scratch/json" >/dev/null || fail "mono_ns goes back"

# The daemon stops: its watchers are told that there is no leader, then that there is no daemon.
end "$next" TERM
[ "$ended" = 0 ] || fail "eldestd ended with $ended"
status=0
wait $text || status=$?
[ $status = 4 ] || fail "watch ended with $status"
status=0
wait $json || status=$?
[ $status = 4 ] || fail "watch --json ended with $status"

survivors=()
for name in alpha beta gamma; do
    [ "$name" = "$next" ] || survivors+=("$name")
done
find_leader "${survivors[@]}"
[ "$leader" != "$next" ] || fail "$next still leads"
