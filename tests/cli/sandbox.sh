#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# sandbox.sh - after its start no thread of a daemon, nor any sentinel, can gain privileges or ask the kernel for what is not
# on the list; test_sandbox has what that means. What a daemon does later works all the same.
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

if "$builddir/eldestd" --version | grep -qx 'filter of system calls: yes'; then
    readonly filtered=2
else
    readonly filtered=0
fi

confined() { # PROCESS
    local status
    for status in /proc/"$1"/task/*/status; do
        grep -qP "^NoNewPrivs:\t1$" "$status" && grep -qP "^Seccomp:\t$filtered$" "$status" || return
    done
}

sentinel_beside() { # PID
    sentinel=$(pgrep -x -P "${pid[alpha]}" eldest-sentinel) && [ "$sentinel" != "$1" ]
}

start alpha beta
find_leader alpha beta
wait_until confined "${pid[alpha]}"
[ "$(find "/proc/${pid[alpha]}/task" -mindepth 1 -maxdepth 1 | wc -l)" -gt 1 ] || fail "there is no thread that was there before"

# A sentinel that takes another's place is begotten in the sandbox.
wait_until sentinel_beside none
wait_until confined "$sentinel"
kill -KILL "$sentinel"
wait_until sentinel_beside "$sentinel"
wait_until confined "$sentinel"

# It reads and writes files, as it must.
sed -i 's/^name = alpha$/name = other/' "$scratch/alpha/conf"
expect 0 ask alpha reload
expect 0 ask alpha status
has other
expect 0 ask alpha tag zone=a
wait_until grep -qs zone=a "$scratch/alpha/state/overrides"

# It ends as it should.
end "$leader" TERM
[ "$ended" = 0 ] || fail "the leader ended with status $ended"
expect 0 ask "$other" wait --self --timeout ${patience}s
