#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# hooks.sh - hooks are told how things stand: in order, one at a time, whatever they do, and also when one of the processes
# is killed on which that depends.
#
# First with a daemon; then with something in its place that says what the test wants, and writes down what it hears.
# shellcheck source=tests/cli/lib.sh disable=SC2016 # what is in single quotes is the hook's
. "${0%/*}/lib.sh"

umask 022
mkdir "$dir"

# Nobody else writes between the two lines.
note='echo "$ELDEST_EVENT $ELDEST_STATE" >>"$DIARY"'

# All hooks in the order of their names, each with the event, when things stand as they do; the others are no hooks.
start alpha
expect 0 ask alpha wait --self --timeout ${patience}s
expect 0 ask alpha tag role=db zone=a
hook 20-last 'echo "$ELDEST_TOKEN" >"$DIARY.token"' 'echo "${0##*/} $*" >>"$DIARY"'
hook 10-first 'env | grep ^ELDEST_[^T] | sort >"$DIARY.environment"; sleep 0.1; echo "${0##*/} $*" >>"$DIARY"'
hook 20-last.sh 'echo "${0##*/} $*" >>"$DIARY"'
printf '#!/bin/sh\necho "${0##*/}" >>"$DIARY"\n' >"$dir/15-not-executable"
background hooks "$dir"
shows "10-first start" "20-last start"
read -r epoch id token <<<"$(ask alpha leader -f '%e %i %t')"
diff - "$diary.environment" <<END_OF_ENVIRONMENT || fail "the environment is another one"
ELDEST_CLUSTER=$cluster
ELDEST_EPOCH=$epoch
ELDEST_EVENT=start
ELDEST_LEADER_ADDRESS=127.0.0.1
ELDEST_LEADER_ID=$id
ELDEST_LEADER_NAME=alpha
ELDEST_LEADER_PORT=$(ask alpha leader -f %p)
ELDEST_LEADER_TAGS=role=db zone=a
ELDEST_NODE_ID=$id
ELDEST_NODE_NAME=alpha
ELDEST_STATE=leader
END_OF_ENVIRONMENT
[ "$(cat "$diary.token")" = "$token" ] || fail "the token is $(cat "$diary.token")"

# Status tells of it.
wait_until holders '.[0].ran.count' 2
expect 0 ask alpha status
has "Hooks    20-last start, status 0, after "
holders 'map([.pid, .state, .ran.failed])' "[[$runner,\"working\",null]]" || fail "$(ask alpha status --json)"

# The end is told, too, and then there is nothing that it leads.
rm "$dir"/*
hook 10-note "$note" 'env | grep ^ELDEST_LEADER_ADDRESS= >>"$DIARY"'
: >"$diary"
kill -TERM "$runner"
ends_with 0
shows "stop idle" "ELDEST_LEADER_ADDRESS="
wait_until holders length 0

# A daemon that stops waits until they know, one that is killed cannot; they are told in both cases, and when it is back.
hook 10-note '[ "$ELDEST_EVENT" = lost ] && sleep 0.3' "$note"
background hooks "$dir"
shows "start leader"
end alpha TERM
diary_is "start leader" "lost idle" || fail "eldestd did not wait: $(cat "$diary")"
start alpha
shows "start leader" "lost idle" "gained leader"
end alpha KILL
shows "start leader" "lost idle" "gained leader" "lost idle"
start alpha
expect 0 ask alpha wait --self --timeout ${patience}s
shows "start leader" "lost idle" "gained leader" "lost idle" "gained leader"

# They do not turn to another daemon before they have stopped what the one before has told them.
hook 10-note 'until [ "$ELDEST_EVENT" != lost ] || [ -e "$DIARY.go" ]; do sleep 0.05; done' "$note"
end alpha KILL
start alpha
expect 0 ask alpha wait --self --timeout ${patience}s
sleep 0.5 # in which it would have tried twice; that it does not is no change to wait for
holders length 0 || fail "$(ask alpha status --json | jq -c .holders)"
: >"$diary"
touch "$diary.go"
shows "lost idle" "gained leader"
hook 10-note '[ "$ELDEST_EVENT" = lost ] && sleep 0.3' "$note"

# When eldest hooks is killed, its guard tells them; the daemon waits for that, and so does whoever comes next.
wait_until has_guard
kill -KILL "$guard"
wait_until has_guard "$guard"
: >"$diary"
kill -KILL "$runner"
ends_with 137
holders 'map(.state)' '["working"]' || fail "the work was let go: $(cat "$diary")"
"$builddir/eldest" -s "$scratch/alpha/sock" hooks "$dir" 2>"$scratch/runner.log" &
runner=$!
shows "lost idle" "start leader"
: >"$diary"
kill -KILL "$runner"
ends_with 137
end alpha TERM
diary_is "lost idle" || fail "eldestd did not wait for the guard: $(cat "$diary")"
start alpha
expect 0 ask alpha wait --self --timeout ${patience}s

# The guard does not begin before the hook has ended that runs; it is the parent of that, eldest-keeper, which ends it. When
# that one is killed, the hook is begun once more.
hook 10-note "$note" '[ "$ELDEST_STATE" = leader ] || exit 0' 'echo $PPID >"$DIARY.keeper"' \
    'trap "sleep 0.2; echo end >>\"$DIARY\"; exit" TERM' 'while :; do sleep 0.05; done'
background hooks "$dir"
wait_until told 1
wait_until written "$diary.keeper"
kill -KILL "$(cat "$diary.keeper")"
shows "start leader" "start leader"
kill -KILL "$runner"
ends_with 137
shows "start leader" "start leader" end "lost idle"
wait_until holders length 0

# One that hangs is ended with all that it has started, wherever that is, and the next one has its turn. So is what another
# one leaves behind.
hook 10-hangs 'sleep 1000 & echo $! >"$DIARY.child"' 'setsid sh -c '\''echo $$ >"$DIARY.away"; exec sleep 1000'\'' &' \
    'trap "" TERM' 'while :; do sleep 0.05; done'
hook 20-leaves 'sleep 1000 & echo $! >"$DIARY.left"' 'exit 3'
hook 30-note "$note"
rm "$dir/10-note"
failed_before=$(ask alpha counters --json | jq .hooks_failed)
background hooks --time-limit 400ms "$dir"
shows "start leader"
for left in child away left; do
    process_ended "$diary.$left" || fail "a process is left: $left"
done
wait_until holders '.[0].ran.count' 3
holders '.[0].ran.failures' 2 || fail "$(ask alpha status --json | jq -c .holders)"
expect 0 ask alpha counters --json
is .hooks_failed $((failed_before + 2))
holders '.[0].ran.failed.status' 3 || fail "$(ask alpha status --json | jq -c .holders)"
logged "10-hangs start was ended" || fail "who hangs is not in the log"
logged "20-leaves start has left processes" || fail "who left processes is not in the log"
logged "20-leaves start ended with status 3" || fail "who failed is not in the log"
expect 0 ask alpha status
has "failed before: 20-leaves start, status 3"
rm "$dir"/*

# Work that is over is not finished: who gains and hangs is ended, and told that it has lost.
hook 10-slow "$note" '[ "$ELDEST_STATE" != leader ] || sleep 1000'
hook 20-note 'echo "second $ELDEST_EVENT" >>"$DIARY"'
kill -TERM "$runner"
ends_with 0
background hooks "$dir"
wait_until told 1
end alpha TERM
diary_is "start leader" "lost idle" "second lost" || fail "$(cat "$diary")"
kill -TERM "$runner"
ends_with 0
rm "$dir"/*

# What they print is in the log, line by line, but no flood of it.
start alpha
expect 0 ask alpha wait --self --timeout ${patience}s
hook 10-talks 'echo "out $1"; printf "no end" >&2'
hook 20-floods 'yes | head -n 100000; echo done >>"$DIARY"'
background hooks "$dir"
shows "done"
wait_until logged "left out"
logged "10-talks: out start" || fail "$(cat "$scratch/runner.log")"
grep -qx "10-talks: no end" "$scratch/runner.log" || fail "$(cat "$scratch/runner.log")"
[ "$(wc -l <"$scratch/runner.log")" -lt 110 ] || fail "a flood in the log"
kill -TERM "$runner"
ends_with 0
rm "$dir"/*

# Whoever does not read that does not keep them from being told.
stuff "$scratch/full"
hook 10-note "$note"
: >"$diary"
"$builddir/eldest" -s "$scratch/alpha/sock" hooks "$dir" 2>"$scratch/full" &
runner=$!
shows "start leader"
end alpha KILL
shows "start leader" "lost idle"
kill -TERM "$runner"
ends_with 0
rm "$dir"/*
start alpha
expect 0 ask alpha wait --self --timeout ${patience}s

# A unit of systemd is started last and stopped first, with all that is bound to it.
mkdir "$scratch/bin"
cat >"$scratch/bin/systemctl" <<'END'
#!/bin/sh
case $*,$1 in
*--property=ConsistsOf,*,show) printf 'app.service\n\nmail@x\\x2dy.service\n' ;;
*) echo "systemctl $*" >>"$DIARY" ;;
esac
END
chmod 755 "$scratch/bin/systemctl"
hook 10-note "$note"
PATH=$scratch/bin:$PATH background hooks --target eldest-leader.target "$dir"
shows "start leader" "systemctl start -- eldest-leader.target"
: >"$diary"
kill -TERM "$runner"
ends_with 0
shows 'systemctl stop -- eldest-leader.target app.service mail@x\x2dy.service' "stop idle"

# For root nothing is a hook that others can write.
if [ "$(id -u)" = 0 ]; then
    hook 05-group "$note"
    chmod 775 "$dir/05-group"
    background hooks "$dir"
    shows "start leader"
    wait_until logged "05-group is not run"
    kill -TERM "$runner"
    ends_with 0
    rm "$dir/05-group"
    chmod 777 "$dir"
    expect 125 ask alpha hooks "$dir"
    complains "$dir"
    chmod 755 "$dir"
fi
expect 125 ask alpha hooks "$scratch/no-such-directory"
complains no-such-directory

# Two nodes that lead in turn: none of them leads before the other one has stopped. Their hooks may be the same.
start beta
hook 10-note 'echo "$ELDEST_NODE_NAME $ELDEST_EVENT $ELDEST_STATE" >>"$DIARY"'
background hooks "$dir"
wait_until told 1
mkdir "$scratch/beta-hooks"
"$builddir/eldest" -s "$scratch/beta/sock" hooks "$dir" 2>"$scratch/beta-hooks/log" &
pid[beta-hooks]=$!
wait_until told 2
! grep "another process uses it" "$scratch/beta-hooks/log" || fail "hooks of another daemon were waited for"
works_last() { # NAME
    [ "$(awk '{ state[$1] = $3 } END { for (node in state) if (state[node] == "leader") print node }' "$diary")" = "$1" ]
}
hand_over() {
    expect 0 ask "$leader" resign
    [ "$leader" = alpha ] && leader=beta || leader=alpha
}
find_leader alpha beta
for _ in $(seq 10); do
    hand_over
    wait_until works_last "$leader"
done
[ "$(grep -c gained "$diary")" = 10 ] || fail "a leadership was not told: $(cat "$diary")"
for _ in $(seq 20); do
    hand_over # what is over by then they are not told
done
wait_until works_last "$leader"
awk '$3 == "leader" { if (leads && leads != $1) exit 1; leads = $1 }
    $3 != "leader" && $1 == leads { leads = "" }' "$diary" || fail "two work at a time: $(cat "$diary")"
kill -TERM "$runner"
ends_with 0
end beta-hooks TERM
[ "$ended" = 0 ] || fail "eldest hooks of beta ended with $ended"
end beta KILL
end alpha KILL

# From now on the test is the daemon.
none='{"hold":"none","order":0,"limit_ms":1000,"state":"idle","epoch":1,"token":null,"leader":null}'
work() { # ORDER EPOCH
    echo '{"hold":"work","order":'"$1"',"limit_ms":1000,"state":"leader","epoch":'"$2"',"token":"'"$2"'.a","leader":{"self":true}}'
}
stop='{"hold":"stop","order":1,"limit_ms":1000,"state":"idle","epoch":1,"token":null,"leader":null}'
follow() { # EPOCH
    echo '{"event":"leader","state":"idle","epoch":'"$1"',"token":"'"$1"'.b","leader":{"id":"b","name":"beta","self":false}}'
}

# A leader that leads on, with the same token or another one, says so again, without having stopped.
hook 10-note 'echo "$ELDEST_EVENT $ELDEST_STATE $ELDEST_TOKEN" >>"$DIARY"'
listen
background hooks "$dir"
say "$none" "$(work 1 7)"
shows "start leader 7.a"
say '{"event":"reassert","state":"leader"}'
shows "start leader 7.a" "reassert leader 7.a"
say '{"event":"reassert","state":"leader"}' "$(work 2 9)"
shows "start leader 7.a" "reassert leader 7.a" "reassert leader 9.a"
heard stopped && fail "it has stopped: $(cat "$scratch/heard")"
say "$stop"
wait_until heard '{"stopped":2}'
diary_is "start leader 7.a" "reassert leader 7.a" "reassert leader 9.a" "lost idle " || fail "$(cat "$diary")"

# Of a storm of changes that come while they run, they are told the last one.
: >"$diary"
hook 10-note 'sleep 0.2; echo "$ELDEST_EVENT $ELDEST_STATE $ELDEST_TOKEN" >>"$DIARY"'
for i in $(seq 100 199); do
    say "$(follow "$i")"
done
wait_until grep -q "199.b" "$diary"
[ "$(wc -l <"$diary")" -le 4 ] || fail "told too often: $(cat "$diary")"
[ "$(tail -n 1 "$diary")" = "changed idle 199.b" ] || fail "the last state is not told: $(cat "$diary")"

# What is over before it was told holds up nobody, whatever runs then.
: >"$diary"
hook 10-note 'echo "$ELDEST_EVENT $ELDEST_STATE" >>"$DIARY"; [ "$1" != changed ] || exec sleep 1000'
say "$(follow 200)"
shows "changed idle"
say "$(work 3 201)" "${stop/:1,/:3,}" "$(follow 200)"
wait_until heard '{"stopped":3}'
diary_is "changed idle" || fail "$(cat "$diary")"
kill -KILL "$(pgrep -P "$(pgrep -x -P "$runner" eldest-keeper)")"

# Also those that hang have stopped before eldestd does not wait any more, and all of them were told.
hook 05-hangs 'echo "first $ELDEST_EVENT" >>"$DIARY"' 'trap "" TERM' '[ "$1" = gained ] || sleep 1000'
hook 07-hangs 'echo "second $ELDEST_EVENT" >>"$DIARY"' '[ "$1" = gained ] || sleep 1000'
hook 10-note "$note"
: >"$diary"
say "$(work 4 202)"
shows "first gained" "second gained" "gained leader"
began=$EPOCHREALTIME
say "$stop"
wait_until heard '{"stopped":4}'
shows "first gained" "second gained" "gained leader" "first lost" "second lost" "lost idle"
heard '"hook":"05-hangs","event":"lost","status":137,"timed_out":true' || fail "$(cat "$scratch/heard")"
ms=$(((${EPOCHREALTIME/./} - ${began/./}) / 1000))
[ "$ms" -ge 300 ] || fail "nothing was waited for"
echo "stopped after $ms ms of 1000"
kill -TERM "$runner"
ends_with 0
