#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# library.sh - programs that use libeldest, and one that speaks to the control socket by itself: work begins and ends with the
# leadership, whatever happens to the daemon.
#
# A holder writes a diary of what the library told it, and of when it said that its work had stopped.
# shellcheck source=tests/cli/lib.sh disable=SC2016 # what is in single quotes is evaluated later
. "${0%/*}/lib.sh"

export LD_LIBRARY_PATH=$builddir${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
diary=$scratch/diary
runner=''
mkdir "$scratch/runner"

background() { # COMMAND...: with the diary as its output
    "$@" >"$diary" 2>"$scratch/runner/log" &
    runner=$!
    pid[runner]=$runner
}

holder() { # HOW
    background "$builddir/tests/cli/holder" "$scratch/alpha/sock" "$1"
}

# The words of the work; what the watch says is another story, and so are the tokens.
work() {
    sed -n 's/^\(start\|stop\|stopped\)\( .*\)\?$/\1/p' "$diary" | paste -sd' '
}

says() { # WORDS
    [ "$(work)" = "$*" ]
}

holders() { # FILTER VALUE
    [ "$(ask alpha status --json | jq -c "[.holders[]] | $1")" = "$2" ]
}

pipes() { # PROCESS
    { readlink "/proc/$1/fd/"* || :; } 2>/dev/null | grep '^pipe:' | sort -u
}

kill_runner() {
    end runner KILL
}

finish_runner() {
    kill_runner
    wait_until holders length 0
}

start_alone() {
    start alpha
    expect 0 ask alpha wait --self --timeout ${patience}s
}

# ------------------------------------------------------------------------------------------------------- in any event loop

# It may be there before the daemon is.
mkdir "$scratch/alpha"
holder at-once
wait_until grep -qx unknown "$diary"
start_alone
wait_until says start
[ "$(sed -n 's/^start //p' "$diary")" = "$(ask alpha leader -f %t)" ] || fail "another token: $(cat "$diary")"
wait_until grep -qx 'watch leads' "$diary"
holders '.[0].state' '"working"' || fail "$(ask alpha status --json | jq -c .holders)"
holders '.[0].pid' "$runner" || fail "$(ask alpha status --json | jq -c .holders)"

# A node that is not to lead any more.
sed -i 's/^name = alpha/&\neligible = no/' "$scratch/alpha/conf"
start beta
wait_until eval '[ "$(ask beta leader -f %n 2>/dev/null)" = alpha ]'
expect 0 ask alpha reload
wait_until says start stop stopped
expect 0 ask beta wait --self --timeout ${patience}s
wait_until grep -qx 'watch follows' "$diary"
wait_until holders 'map(.state)' '["idle"]'

# It may lead again, when the other one hands over.
sed -i '/^eligible/d' "$scratch/alpha/conf"
expect 0 ask alpha reload
end beta TERM
wait_until says start stop stopped start

# A daemon that dies stops the work, and the next one has work again.
end alpha KILL
wait_until says start stop stopped start stop stopped
wait_until eval '[ "$(grep -cx unknown "$diary")" = 2 ]'
start_alone
wait_until says start stop stopped start stop stopped start
[ "$(grep ^start "$diary" | sort -u | wc -l)" = 3 ] || fail "the same token twice: $(cat "$diary")"
finish_runner

# ------------------------------------------------------------------------------------------------- work that takes its time

# Whoever resigns waits for the work.
start beta
wait_until eval 'ask alpha status --json | jq -e ".peers | length == 2" >/dev/null'
holder later
wait_until says start
expect 0 ask alpha resign
says start stop stopped || fail "eldestd did not wait for the work: $(cat "$diary")"

# So does a daemon that is stopped.
expect 0 ask beta resign
wait_until says start stop stopped start
end alpha TERM
[ "$ended" = 0 ] || fail "eldestd ended with $ended"
says start stop stopped start stop stopped || fail "eldestd did not wait for the work: $(cat "$diary")"
start alpha
finish_runner
end beta TERM

# When a daemon is killed its sentinel waits: the work pipe is held until the work has stopped.
expect 0 ask alpha wait --self --timeout ${patience}s
holder never
wait_until says start
pipe=$(comm -12 <(pipes "$runner") <(pipes "${pid[alpha]}") | comm -23 - <(pipes $$))
[[ $pipe == pipe:* ]] || fail "the holder has no work pipe"
end alpha KILL
wait_until says start stop
[ "$(comm -12 <(pipes "$runner") - <<<"$pipe")" = "$pipe" ] || fail "the work pipe was let go before the work has stopped"
kill_runner

# -------------------------------------------------------------------------------------------------------------- the examples

start_alone
background "$builddir/etc/examples/libeldest/child" "$scratch/alpha/sock" sh -c "trap 'echo ended; exit' TERM
    echo \"works \$TOKEN\"; while :; do sleep 0.05; done"
wait_until grep -qx "works $(ask alpha leader -f %t)" "$diary"
end alpha TERM
grep -qx ended "$diary" || fail "eldestd did not wait for the child: $(cat "$diary")"
start_alone
wait_until eval '[ "$(grep -c ^works "$diary")" = 2 ]'
end alpha KILL
wait_until eval '[ "$(grep -c ^ended "$diary")" = 2 ]'
kill_runner
start_alone

if python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
    examples=${abs_top_srcdir:-$builddir}/etc/examples
    background python3 "$examples/client.py" "$scratch/alpha/sock"
    wait_until grep -qx "snapshot alpha $(ask alpha leader -f %t)" "$diary"
    kill_runner

    background python3 "$examples/worker.py" "$scratch/alpha/sock"
    wait_until grep -qx "$(ask alpha leader -f %t)" "$diary"
    SECONDS=0
    end alpha TERM
    [ "$ended" = 0 ] || fail "eldestd ended with $ended"
    [ $SECONDS -lt 8 ] || fail "eldestd waited for worker.py in vain"
    wait "$runner" || :
    unset "pid[runner]"
    grep -q "eldestd is gone" "$scratch/runner/log" || fail "worker.py: $(cat "$scratch/runner/log")"
    start_alone
fi

# ---------------------------------------------------------------------------------------- nobody is waited for for ever

holder never
wait_until says start
SECONDS=0
end alpha TERM
[ "$ended" = 0 ] || fail "eldestd ended with $ended"
says start stop || fail "the diary is: $(cat "$diary")"
[ $SECONDS -ge 9 ] || fail "eldestd has not waited for work that did not stop"
grep -q "process $runner " "$scratch/alpha/log" || fail "the log does not name who did not stop"
kill_runner
