#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# metrics.sh - the metrics of three nodes are well-formed, say the same as status and counters do, and count a handover.
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

for program in curl python3; do
    command -v $program >/dev/null || skip "this test needs $program"
done

nodes=(alpha beta gamma)
for name in "${nodes[@]}"; do
    more="[http]"$'\n'"listen = $scratch/$name.http"
    launch "$name"
done
for name in "${nodes[@]}"; do
    wait_until answers_or_ended "$name"
done
find_leader "${nodes[@]}"

scrape() { # NAME: then $output is what it says, as JSON
    curl -sSf --max-time $patience --unix-socket "$scratch/$1.http" -D "$scratch/headers" -o "$scratch/metrics" \
        http://node/metrics
    output=$(python3 "${0%/*}/scrape.py" <"$scratch/metrics") || fail "$(cat "$scratch/metrics")"
}

says() { # METRIC LABELS VALUE
    is ".$1[\"$2\"]" "$3"
}

members_met() { # NAME
    scrape "$1"
    [ "$(jq '.eldest_members[""]' <<<"$output")" = 3 ]
}

same_as_status() { # NAME: what the metrics said, and what status says
    local status self
    status=$(ask "$1" status --json)
    self=$(jq -r .node.id <<<"$status")
    says eldest_node_info "cluster=$cluster,id=$self,name=$1" 1
    says eldest_leader_info "id=$(jq -r .leader.id <<<"$status"),name=$leader" 1
    says eldest_leader_known '' 1
    says eldest_epoch '' "$(jq .epoch <<<"$status")"
    says eldest_state "state=$(jq -r .node.state <<<"$status")" 1
    is '[.eldest_state[], .eldest_standing[]] | add' 2
    is '.eldest_eligible[""] - .eldest_paused[""]' 1
    is "(.eldest_age_seconds[\"\"] - $(jq .node.age <<<"$status")) | . > -60 and . < 60" true
    is "(.process_start_time_seconds[\"\"] - now) | . > -3600 and . <= 1" true
    is '.process_resident_memory_bytes[""] > 1e5 and .process_open_fds[""] > 5 and .eldest_interfaces[""] == 1' true
}

for name in "${nodes[@]}"; do
    wait_until members_met "$name"
    same_as_status "$name"
    if [ "$name" = "$leader" ]; then
        says eldest_leading '' 1
        says eldest_standing standing=leading 1
        is '.eldest_peer_last_seen_seconds | length' 2
    else
        says eldest_leading '' 0
        says eldest_standing standing=following 1
        is '.eldest_peer_round_trip_seconds | keys | join(" ")' \
            "$(ask "$name" leader -f "id=%i,name=%n")"
    fi
done

tr -d '\r' <"$scratch/headers" | grep -qix 'content-type: text/plain; version=0.0.4; charset=utf-8' ||
    fail "$(cat "$scratch/headers")"

# Each counter is there with all its kinds, and no less than it was before and no more than after.
before=$(ask "$leader" counters --json)
scrape "$leader"
after=$(ask "$leader" counters --json)
# shellcheck disable=SC2016 # the script is that of jq
expect 0 jq -n --argjson before "$before" --argjson after "$after" --argjson metrics "$output" '
    def kinds: if type == "object" then with_entries(.key |= "=" + .) else {"": .} end;
    [$before | del(.cluster, .uptime) | keys[] | . as $name
        | ($metrics["eldest_\($name)_total"] // {} | with_entries(.key |= sub("^[a-z]+="; "="))) as $told
        | ($before[$name] | kinds) as $low | ($after[$name] | kinds) as $high
        | select(($told | keys) != ($low | keys) or any($low | keys[]; $told[.] < $low[.] or $told[.] > $high[.]))]'
[ "$output" = "[]" ] || fail "not the same as counters: $output"

# A handover, as the one who goes and the one who comes see it.
next=$(ask "$leader" status --json | jq -r '.peers[1].name')
scrape "$next"
led=$(jq '.eldest_state_changes_total["state=leader"]' <<<"$output")
expect 0 ask "$leader" resign
scrape "$leader"
says eldest_leading '' 0
says eldest_leader_losses_total reason=resign 1
scrape "$next"
says eldest_leading '' 1
says eldest_leader_losses_total reason=resign 1
says eldest_leader_changes_total reason=resign 1
says eldest_state_changes_total state=leader $((led + 1))
is '.eldest_elections_total[""] >= 1' true

expect 0 ask "$next" pause --force
scrape "$next"
says eldest_paused '' 1
says eldest_eligible '' 0
