#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# history.sh - who led, from when to when: as it happens to two nodes, and every line that can be in the table.
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

start alpha beta
find_leader alpha beta
first=$leader second=$other

both_listed() { # NAME
    [ "$(ask "$1" status --json | jq '.peers | length')" = 2 ]
}
wait_until both_listed "$first"
wait_until both_listed "$second"
expect 0 ask "$first" resign

# The new leader, which followed the old one before.
expect 0 ask "$second" wait --self --timeout 30s
expect 0 ask "$second" history --json
is .cluster "$cluster"
is .forgotten 0
is '.history[-2].leader.name' "$first"
is '.history[-2].leader.address' 127.0.0.1
is '.history[-2].leader.self' false
is '.history[-2].ended_by' resign
is '.history[-2].lasted | type' number
is '.history[-2].present' false
is '.history[-1].leader.name' "$second"
is '.history[-1].leader.address' 127.0.0.1
is '.history[-1].leader.self' true
is '.history[-1].began_by' resign
is '.history[-1].present' true
is '.history[-1] | has("to") or has("ended_by")' false
is '.history[-2].epoch < .history[-1].epoch' true
is '[.history[] | .token == "\(.epoch).\(.leader.id)"] | all' true
is '[.history[] | .from, .to // empty | test("^[0-9-]{10}T[0-9:]{8}[.][0-9]{3}Z$")] | all' true

# The old one tells the same, from its side.
expect 0 ask "$first" wait --not-self --timeout 30s
follows() {
    [ "$(ask "$first" history --json | jq -r '.history[-1].leader.name')" = "$second" ]
}
wait_until follows
expect 0 ask "$first" history --json
is '.history[-2].leader.self' true
is '.history[-2].leader.address' 127.0.0.1
is '.history[-2].ended_by' resign
is '.history[-1].leader.self' false
is '.history[-1].present' true

# A killed leader.
end "$second" KILL
expect 0 ask "$first" wait --self --timeout 30s
expect 0 ask "$first" history
[[ ${output##*$'\n'} =~ ^\*\ +[0-9]+\ +$first\ +[0-9-]{10}\ [0-9:]{8}\ .*\ this\ node$ ]] || fail "last line: $output"
has "$second"
end "$first" TERM

# A node without interface sees no leader at all.
mkdir "$scratch/lonely"
"$builddir/eldestd" -f -i nosuch0 -C "$cluster" -c "$scratch/alpha/conf" -S "$scratch/lonely/state" \
    -s "$scratch/lonely/sock" 2>"$scratch/lonely/log" &
pid[lonely]=$!
wait_until answers_or_ended lonely
expect 0 ask lonely history
[ "$output" = "No leader was seen yet." ] || fail "history of nothing: $output"
expect 0 ask lonely history --json
is '.history | length' 0

# Every kind of line.
command -v perl >/dev/null || skip "the rest of this test needs perl"
answer_with told <<'END'
{"cluster":"default","forgotten":12,"history":[
{"epoch":5,"leader":{"id":"05ab00000000000000000000000000cd","name":"","self":false},"began_by":null,"from":null,
"ended_by":null,"to":"2026-11-23T01:02:03.004Z","lasted":null,"present":false},
{"epoch":6,"leader":{"name":"alpha","self":false},"began_by":"join","from":"2026-11-23T09:12:44.250Z",
"ended_by":"death","to":"2026-11-23T12:17:02.500Z","lasted":11058.25,"present":false},
{"epoch":10,"leader":{"name":"beta","self":true},"began_by":"death","from":"2026-11-23T12:17:03.000Z",
"lasted":9.97,"present":false},
{"epoch":11,"leader":{"name":"gamma","self":false},"began_by":"cold start","from":"2026-11-23T12:17:04.000Z",
"lasted":312,"present":true}]}
END
expect 0 ask told history
diff - "$scratch/output" <<'END' || fail "the table differs"
12 older ones are not kept.
   EPOCH  LEADER    FROM                 LASTED  BEGAN BY    ENDED BY
       5  05ab0000  -                    -       -           -
       6  alpha     2026-11-23 09:12:44  3h 4m   join        death
      10  beta      2026-11-23 12:17:03  10s     death       not certain  this node
*     11  gamma     2026-11-23 12:17:04  5m 12s  cold start
END
