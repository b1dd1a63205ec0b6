#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# alone.sh - one node: it finds nobody, leads itself, and says so in every form.
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

start alpha

# Each of these sees a node without leader or one that leads by now; then only one that leads.
expect 0 ask alpha wait --self --timeout 30s
[ -z "$output" ] || fail "wait printed: $output"

expect 0 ask alpha is-leader
[ -z "$output$errors" ] || fail "is-leader is not silent: $output $errors"

expect 0 ask alpha status
[[ ${output%%$'\n'*} == "Leader   alpha (127.0.0.1), this node, epoch "* ]] || fail "first line of status: $output"
has "Cluster  $cluster, 1 member"
[[ $output != *$'\033'* ]] || fail "colours without a terminal"

expect 0 ask alpha status --json
is .cluster "$cluster"
is .node.name alpha
is .node.state leader
is .node.priority 100
is .node.eligible true
is '.node.age | type' number
is '.node.birth | type' number
is .leader.name alpha
is .leader.self true
is .leader.address 127.0.0.1
is '.leader.port > 0' true
is '.leader.since | type' number
is '.leader.id == .node.id' true
is '.token == "\(.epoch).\(.leader.id)"' true
is '.node.id | test("^[0-9a-f]{32}$")' true
is .quorum.policy none
is .quorum.ok true
is .quorum.have 1
is .lease_ms null
is .timing.detect_ms 2000
is '.timing.heartbeat_ms > 0' true
is .peers_complete true
is '.peers | length' 1
is '.peers[0].self' true
is '.peers[0].state' leader
is '.peers[0].name' alpha
is .next null
[ "$(wc -l <<<"$output")" = 1 ] || fail "more than one line of JSON"
document=$output

expect 0 ask alpha -j leader
is .token "$(jq -r .token <<<"$document")"
is .peers null

expect 0 ask alpha leader
[ "$output" = "alpha 127.0.0.1" ] || fail "leader printed: $output"
expect 0 ask alpha leader -f '%n|%a|%p|%e|%i|%t|100%%'
[ "$output" = "$(jq -r '"\(.leader.name)|\(.leader.address)|\(.leader.port)|\(.epoch)|\(.leader.id)|\(.token)|100%"' \
    <<<"$document")" ] || fail "leader -f printed: $output"

expect 0 ask alpha peers
has alpha
has "$(jq -r .node.id <<<"$document")"

# Time limits end a watch with success, and a wait in vain with 5.
expect 0 ask alpha watch --for 50ms
has "this node, alpha (127.0.0.1), leads"
expect 0 ask alpha watch --for 50ms --json
is .event snapshot
is .leader.self true
is '.time | test("^[0-9-]{10}T[0-9:]{8}[.][0-9]{3}Z$")' true
is '.mono_ns | type' number
expect 5 ask alpha wait --not-self --timeout 50ms
expect 0 ask alpha wait
expect 0 ask alpha wait --json --self
is .leader.self true

# There is nobody to hand over to; the leader stays.
expect 6 ask alpha resign
expect 6 ask alpha resign --json
is .error.code nobody
expect 0 ask alpha is-leader

# Where standard output cannot be written, success is not claimed.
if [ -w /dev/full ]; then
    status=0
    ask alpha status >/dev/full 2>/dev/null || status=$?
    [ $status = 74 ] || fail "status $status with a full disk"
fi

end alpha TERM
[ "$ended" = 0 ] || fail "eldestd ended with $ended"
[ ! -e "$scratch/alpha/sock" ] || fail "the socket is left over"
expect 4 ask alpha status
