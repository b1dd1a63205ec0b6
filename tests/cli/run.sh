#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# run.sh - a command that runs while a node leads: begun and ended by it, whatever the command does, and with the exit status
# that is to be expected.
#
# A command appends a line to its diary when it begins and when it has been asked to end.
# shellcheck source=tests/cli/lib.sh disable=SC2016 # what is in single quotes is the command's
. "${0%/*}/lib.sh"

worker='trap "echo end >>\"$DIARY\"; exit 9" TERM; begin() { echo "begin $ELDEST_EPOCH $ELDEST_TOKEN" >>"$DIARY"; }
    last() { begin; while :; do sleep 0.05; done; }; '
start alpha
expect 0 ask alpha wait --self --timeout ${patience}s

# The status of a command that ends by itself, and of one that cannot run.
expect 0 ask alpha run true
expect 7 ask alpha run -- sh -c 'exit 7'
expect 64 ask alpha run -- sh -c 'exit 64'
[ -z "$output$errors" ] || fail "run has something to say: $output $errors"
expect 127 ask alpha run -- "$scratch/no-such-command"
complains no-such-command
expect 126 ask alpha run -- "$scratch/alpha/conf"
complains alpha/conf
expect 137 ask alpha run -- sh -c 'kill -KILL $$'
expect 5 ask alpha run --once -- sh -c 'exit 5'
expect 0 ask alpha run -- sh -c 'echo "$ELDEST_CLUSTER $ELDEST_STATE $ELDEST_LEADER_NAME $ELDEST_LEADER_ADDRESS"'
[ "$output" = "$cluster leader alpha 127.0.0.1" ] || fail "the environment is: $output"
expect 0 ask alpha run -- sh -c 'echo "$ELDEST_TOKEN"'
[ "$output" = "$(ask alpha leader -f %t)" ] || fail "the token is $output"

# Its output and its input are the command's.
[ "$(echo word | ask alpha run -- cat)" = word ] || fail "the command has another input"

# It is the holder that status tells of.
background run -- bash -c "$worker"last
wait_until told 1
holders '.[0].state' '"working"' || fail "$(ask alpha status --json | jq -c .holders)"
holders '.[0].pid' "$runner" || fail "$(ask alpha status --json | jq -c .holders)"
expect 0 ask alpha status
has "Work     1 holder, 1 working"

# SIGTERM ends it with its command.
kill -TERM "$runner"
ends_with 9
[ "$(tail -n 1 "$diary")" = end ] || fail "the command was not asked to end"
wait_until holders length 0

# Other signals are the command's.
background run -- bash -c "$worker"'trap "echo usr1 >>\"$DIARY\"; exit 3" USR1; last'
wait_until told 1
kill -USR1 "$runner"
ends_with 3
[ "$(tail -n 1 "$diary")" = usr1 ] || fail "the command did not get SIGUSR1"
background run -- bash -c "$worker"'trap "echo int >>\"$DIARY\"" INT; last'
wait_until told 1
kill -INT "$runner"
wait_until told 2
kill -0 "$runner" || fail "eldest run has ended although its command has not"
kill -HUP "$runner"
ends_with 129

# A daemon that is stopped waits for the command; when it is back the command is started again, with another token.
background run -- bash -c "$worker"last
wait_until told 1
end alpha TERM
[ "$ended" = 0 ] || fail "eldestd ended with $ended"
[ "$(tail -n 1 "$diary")" = end ] || fail "eldestd did not wait for the command"
start alpha
wait_until told 3
[ "$(sed -n 1p "$diary")" != "$(sed -n 3p "$diary")" ] || fail "the same token twice: $(cat "$diary")"

# A daemon that is killed cannot wait; the command is ended, and begun again all the same.
end alpha KILL
wait_until told 4
[ "$(sed -n 4p "$diary")" = end ] || fail "the command runs on without eldestd: $(cat "$diary")"
start alpha
wait_until told 5
kill -TERM "$runner"
ends_with 9

# With --once there is no second time.
background run --once -- bash -c "$worker"last
wait_until told 1
end alpha TERM
ends_with 9
start alpha
expect 0 ask alpha wait --self --timeout ${patience}s

# A command that does not want to end has its grace, and no more.
background run --grace 200ms -- bash -c 'trap "" TERM; echo begin >>"$DIARY"; while :; do sleep 0.05; done'
wait_until told 1
kill -TERM "$runner"
ends_with 137

# What it has started is ended with it: in its group, and out of it.
spawn='sleep 1000 & echo $! >"$DIARY.child"; setsid sh -c '\''echo $$ >"$DIARY.away"; exec sleep 1000'\'' & '
background run --grace 2s -- bash -c "$spawn"'while [ ! -s "$DIARY.away" ]; do sleep 0.05; done; echo begin >>"$DIARY"; exit 4'
ends_with 4
process_ended "$diary.child" || fail "a child is left"
process_ended "$diary.away" || fail "a child that went away is left"
rm "$diary.child" "$diary.away"

# So it is when somebody kills eldest run; until then it holds the work, and eldestd waits for it.
background run --grace 2s -- bash -c "$spawn"'trap "sleep 0.3; echo end >>\"$DIARY\"; exit" TERM
    while :; do [ ! -s "$DIARY.away" ] || echo begin >>"$DIARY"; sleep 0.05; done'
wait_until told 1
kill -KILL "$runner"
ends_with 137
end alpha TERM
[ "$(tail -n 1 "$diary")" = end ] || fail "eldestd did not wait for the command of an eldest run that was killed"
process_ended "$diary.child" || fail "a child is left"
process_ended "$diary.away" || fail "a child that went away is left"
rm "$diary.child" "$diary.away"
start alpha
expect 0 ask alpha wait --self --timeout ${patience}s

# And when somebody kills the keeper, which is the parent of the command.
background run -- bash -c "$spawn"'echo $PPID >"$DIARY.keeper"
    while :; do [ ! -s "$DIARY.away" ] || echo begin >>"$DIARY"; sleep 0.05; done'
wait_until told 1
kill -KILL "$(cat "$diary.keeper")"
ends_with 125
process_ended "$diary.child" || fail "a child is left"
process_ended "$diary.away" || fail "a child that went away is left"

# Whoever stood still when there was work, and goes on when it is over, does not begin.
end alpha TERM
launch alpha
wait_until answers_or_ended alpha
background run -- bash -c "$worker"last
wait_until holders length 1
kill -STOP "$runner"
wait_until holders 'map(.state)' '["working"]'
end alpha KILL
kill -CONT "$runner"
start alpha
wait_until told 1
[ "$(sed -n '1s/.* \(.*\) .*/\1/p' "$diary")" = "$(ask alpha leader -f %e)" ] || fail "it has begun what was over: $(cat "$diary")"
kill -TERM "$runner"
ends_with 9

has_no_child() { # PROCESS
    ! pgrep -P "$1" >/dev/null
}

# Whoever does not read what it has to say does not keep it from ending its command.
stuff "$scratch/full"
: >"$diary"
"$builddir/eldest" -s "$scratch/alpha/sock" run -- bash -c "exec 2>/dev/null; $worker"last 2>"$scratch/full" &
runner=$!
wait_until told 1
end alpha KILL
wait_until told 2
wait_until has_no_child "$runner" # or the signal would still be the command's
kill -TERM "$runner"
ends_with 143
start alpha
expect 0 ask alpha wait --self --timeout ${patience}s

# Nobody is waited for for ever.
perl -MIO::Socket::UNIX -e '
    my $socket = IO::Socket::UNIX->new(Peer => shift) or die $!;
    print $socket qq({"command":"hold"}\n);
    my $work = 0;
    while (<$socket>) { exit 0 if /"hold":"stop"/ && $ARGV[0]; open(my $f, ">", "$ENV{DIARY}.held") if /"hold":"work"/ }
' "$scratch/alpha/sock" 2>"$scratch/runner.log" &
stubborn=$!
wait_until holders 'map(.state)' '["working"]'
end alpha TERM
[ "$ended" = 0 ] || fail "eldestd ended with $ended"
grep -q "process $stubborn " "$scratch/alpha/log" || fail "the log does not name who did not stop"
wait "$stubborn"
