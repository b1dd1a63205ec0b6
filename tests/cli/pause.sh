#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# pause.sh - a node that is paused follows and does not lead, until its time is over or it is resumed, whatever is started anew
# meanwhile; a leader hands over first, and if nobody is there to take it, is not paused unless that is insisted on.
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

leads() { # NAME
    ask "$1" is-leader
}

is_paused() { # NAME
    { ask "$1" leader --json || [ $? = 3 ]; } | jq -e .node.paused >/dev/null
}

is_not_paused() { # NAME
    ! is_paused "$1"
}

sees_two() { # NAME
    [ "$(ask "$1" status --json | jq '.peers | length')" = 2 ]
}

watched() { # FILTER
    jq -se "$1" "$scratch/watch" >/dev/null
}

start alpha
expect 0 ask alpha wait --self --timeout ${patience}s
expect 0 ask alpha status --json
is .node.paused false
is .node.paused_for null
expect 0 ask alpha resume
has "not paused"
expect 0 ask alpha resume --json
is .resumed false

# Nobody else is there to lead.
expect 6 ask alpha pause
complains --force
expect 6 ask alpha pause --for 1h --json
is .error.code nobody
expect 0 ask alpha is-leader
expect 0 ask alpha status --json
is .node.paused false

# It hands over, and says to whom and for how long.
start beta
expect 0 ask beta wait --timeout ${patience}s
wait_until sees_two alpha
wait_until sees_two beta
ask alpha watch --json >"$scratch/watch" &
watch=$!
wait_until test -s "$scratch/watch"
expect 0 ask alpha pause --for 1h
has "Handed over to beta"
has "1h"
expect 0 ask beta is-leader
expect 1 ask alpha is-leader
expect 0 ask alpha status
has "paused for "
expect 0 ask alpha status --json
is .node.paused true
is '.node.paused_for > 3000 and .node.paused_for <= 3600' true
is .node.eligible false
is '.peers[] | select(.self) | .eligible' false
alpha_is_out() {
    [ "$(ask beta status --json | jq '.peers | map(select(.name == "alpha" and .paused and (.eligible | not))) | length')" = 1 ]
}
wait_until alpha_is_out
expect 0 ask beta peers
has paused
wait_until watched 'any(.event == "paused" and .node.paused and .node.paused_for > 3000 and .leader.name == "beta")'
expect 6 ask beta pause
expect 0 ask beta is-leader

# It says so to whoever looks for what is wrong, without calling it wrong.
status=0
ask alpha doctor --json >"$scratch/doctor" || status=$?
jq -e '.findings | any(.code == "paused" and .severity == "note")' "$scratch/doctor" >/dev/null || fail "the doctor says nothing"

# Another pause takes the place of the first. It outlives the daemon, however that ends, and is counted on meanwhile.
kill "$watch"
expect 0 ask alpha pause --for 30m --json
is .paused true
is .handed_over false
is '.paused_for > 1700 and .paused_for <= 1800' true
end alpha KILL
start alpha
expect 0 ask alpha wait --timeout ${patience}s
expect 0 ask alpha status --json
is .node.paused true
is '.node.paused_for > 1600 and .node.paused_for < 1800' true
grep -qF "still paused" "$scratch/alpha/log" || fail "the log does not say that it is still paused"

# It does not lead even if nobody else does.
end beta TERM
expect 5 ask alpha wait --timeout 2s
expect 3 ask alpha is-leader
expect 3 ask alpha status
has paused

# The end, by hand.
expect 0 ask alpha resume
has "may lead again"
expect 0 ask alpha wait --self --timeout ${patience}s
end alpha TERM
start alpha
is_not_paused alpha || fail "the pause that was ended is back"

# The end, by time; and by force although nobody else leads.
expect 0 ask alpha wait --self --timeout ${patience}s
ask alpha watch --json >"$scratch/watch" &
watch=$!
wait_until test -s "$scratch/watch"
expect 0 ask alpha pause --for 1s --force
wait_until watched 'any(.event == "no-leader")'
wait_until watched 'any(.event == "resumed" and (.node.paused | not) and .node.eligible)'
expect 0 ask alpha wait --self --timeout ${patience}s
is_not_paused alpha || fail "it is still paused"
kill "$watch"

# By force it returns when the work has stopped, too.
# shellcheck disable=SC2016 # the script is that of the work
background run -- sh -c 'trap "sleep 1.5; touch $0; exit" TERM; touch $1; while :; do sleep 0.1; done' \
    "$scratch/stopped" "$scratch/works"
wait_until test -e "$scratch/works"
expect 0 ask alpha pause --for 1h --force --json
[ -e "$scratch/stopped" ] || fail "it is paused, and the work goes on"
is .handed_over false
is .leader null
expect 3 ask alpha is-leader
rm "$scratch/works"
expect 0 ask alpha resume
wait_until test -e "$scratch/works"
expect 1 ask alpha pause --for 1s --force # over when the work still stops
complains "was ended before"
kill "$runner"
wait "$runner" 2>/dev/null || :
runner=
expect 0 ask alpha wait --self --timeout ${patience}s

# One that has no end; a file that is damaged is told, and forgotten.
expect 0 ask alpha pause --force
end alpha TERM
start alpha
is_paused alpha || fail "it is not paused any more"
{ ask alpha status --json || :; } >"$scratch/status"
[ "$(jq .node.paused_for "$scratch/status")" = null ] || fail "a pause without an end has one"
end alpha TERM
printf ruined >"$scratch/alpha/state/overrides"
start alpha
is_not_paused alpha || fail "a damaged file has paused it"
grep -qF "/overrides: damaged" "$scratch/alpha/log" || fail "the log does not say that the file is damaged"

# One that cannot be saved is in force all the same, and it is told; when it can be saved, it is.
expect 0 ask alpha wait --self --timeout ${patience}s
mkdir "$scratch/alpha/state/overrides.new"
expect 0 ask alpha pause --force
wait_until grep -qF "/overrides: cannot be saved" "$scratch/alpha/log"
is_paused alpha || fail "it is not paused"
rmdir "$scratch/alpha/state/overrides.new"
wait_until grep -qF "/overrides: can be saved again" "$scratch/alpha/log"
end alpha TERM
start alpha
is_paused alpha || fail "it was not saved in the end"

# What is not allowed.
for wrong in 0 999ms 3651d; do
    expect 64 ask alpha pause --for $wrong
    complains "--for $wrong"
    complains "1s to 3650d"
done
for wrong in 0 -1 999 315360000001 1e9 '"1h"' null; do
    ask_raw "{\"command\":\"pause\",\"for_ms\":$wrong}"
    is .error.code bad-request
done
