#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# tag.sh - what a node tells of itself in words: configured, set at run time over that, seen on other nodes.
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

conf=$scratch/alpha/conf

sees() { # NAME WHOM TAGS: as a document
    ask "$1" status --json | jq -e --arg name "$2" --argjson tags "$3" \
        '.peers[] | select(.name == $name) | .tags == $tags' >/dev/null
}

sees_tags_of_leader() { # NAME TAGS
    [ "$(ask "$1" leader -f %T)" = "$2" ]
}

# Nobody has any, and nothing is said about them.
start alpha
expect 0 ask alpha wait --self --timeout ${patience}s
start beta
expect 0 ask beta wait --timeout ${patience}s
expect 0 ask alpha tag
[ -z "$output" ] || fail "tags out of nowhere: $output"
expect 0 ask alpha status --json
is '.node.tags | length' 0
is '.leader.tags | length' 0
expect 0 ask alpha peers
[[ $output != *TAGS* ]] || fail "a column for tags that nobody has: $output"
expect 0 ask alpha leader -f '[%T]'
[ "$output" = '[]' ] || fail "tags of the leader: $output"

# From the configuration, by a reload; they are told in the order of their keys.
sed -i 's/^name = alpha$/&\ntags = zone=a  role=db/' "$conf"
expect 0 ask alpha reload
has node.tags
expect 0 ask alpha tag
[ "$output" = $'role=db\nzone=a' ] || fail "not what is configured: $output"
wait_until sees_tags_of_leader beta "role=db zone=a"
expect 0 ask beta leader --json
is .leader.tags.role db
wait_until sees beta alpha '{"role": "db", "zone": "a"}'

# Over that at run time, on the leader and on a follower.
ask beta watch --json >"$scratch/watch" &
watch=$!
wait_until test -s "$scratch/watch"
expect 0 ask alpha tag zone=b rack=7/3
[ "$output" = $'rack=7/3\nrole=db\nzone=b' ] || fail "not what was set: $output"
expect 0 ask alpha tag --json
is .tags.zone b
is .configured.zone a
is .set.zone b
is '.set | length' 2
wait_until sees_tags_of_leader beta "rack=7/3 role=db zone=b"
leader_is_told() {
    jq -se 'any(.event == "leader" and .leader.tags.zone == "b")' "$scratch/watch" >/dev/null
}
wait_until leader_is_told
expect 0 ask beta tag mail=x@y.example
wait_until sees alpha beta '{"mail": "x@y.example"}'
expect 0 ask alpha peers
has TAGS
has "mail=x@y.example"
has "rack=7/3 role=db zone=b"
jq -se 'any(.event == "tags" and .node.tags.mail == "x@y.example")' "$scratch/watch" >/dev/null || fail "no word of it"
kill "$watch"

# They outlive the daemon, and a change of the configuration below them.
end alpha KILL
start alpha # with a configuration that has none
expect 0 ask alpha tag
[ "$output" = $'rack=7/3\nzone=b' ] || fail "not what was set before: $output"
sed -i 's/^name = alpha$/&\ntags = zone=c level=3 role=db/' "$conf"
expect 0 ask alpha reload
expect 0 ask alpha tag
[ "$output" = $'level=3\nrack=7/3\nrole=db\nzone=b' ] || fail "not what was set before: $output"

# What is taken back leaves what is configured.
expect 0 ask alpha tag zone= rack= unknown=
[ "$output" = $'level=3\nrole=db\nzone=c' ] || fail "not what is configured: $output"
expect 0 ask alpha tag --json
is '.set | length' 0

# What is no tag, and more than fit: nothing changes.
# shellcheck disable=SC2016 # nothing is to expand
for wrong in zone =b zone=a\ b 'zone=$x' zone=\" _a=b "$(printf '%033d' 0)=x" $'zone=\xc3\xa9'; do
    expect 64 ask alpha tag fine=1 "$wrong"
    complains "tag $wrong"
done
for wrong in '["zone"]' '["fine=1","zone=a b"]' '[7]' '[]' '"zone=a"' '{}' null "$(jq -nc '[range(33) | "k\(.)=v"]')"; do
    ask_raw "{\"command\":\"tag\",\"set\":$wrong}"
    is .error.code bad-request
done
expect 78 ask alpha tag k{1..14}=v
complains "16 tags"
expect 78 ask alpha tag "long=$(printf '%0240d' 0)"
complains "256 bytes"
expect 0 ask alpha tag
[ "$output" = $'level=3\nrole=db\nzone=c' ] || fail "something has changed: $output"
expect 0 ask alpha tag k{1..13}=v
[ "$(wc -l <<<"$output")" = 16 ] || fail "not 16: $output"
expect 0 ask alpha tag k{1..13}=

# A file that is wrong is told with its line, and changes nothing.
cp "$conf" "$scratch/right"
sed -i 's/^tags = .*/tags = zone=a zone=b/' "$conf"
expect 78 ask alpha reload
complains "$conf:5: [node] tags = zone=a zone=b: "
complains twice
sed -i 's/^tags = .*/tags = zone/' "$conf"
expect 78 ask alpha reload
complains "[node] tags = zone: without ="
complains KEY=VALUE
cp "$scratch/right" "$conf"
sed -i 's/^tags = .*/tags = none/' "$conf"
expect 0 ask alpha reload
expect 0 ask alpha tag
[ -z "$output" ] || fail "tags that are no more: $output"

# What is set goes before what is configured when there is no room for all.
expect 0 ask alpha tag k{1..16}=v
sed -i 's/^tags = .*/tags = zone=a/' "$conf"
expect 0 ask alpha reload
expect 0 ask alpha tag
[ "$(wc -l <<<"$output")" = 16 ] || fail "not 16: $output"
[[ $output != *zone* ]] || fail "a 17th tag: $output"
grep -qF "left out" "$scratch/alpha/log" || fail "the log does not say that one is left out"
