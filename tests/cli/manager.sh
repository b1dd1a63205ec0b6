#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# manager.sh - a daemon that a service manager watches tells it how it stands, and that it lives, until it stops.
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

command -v perl >/dev/null || skip "this test needs perl"

lives() { # TIMES: that often it has said so
    [ "$(grep -c '^WATCHDOG=1$' "$scratch/manager/log")" -ge "$1" ]
}

# What the service manager gives a service as standard error, by its number.
mkdir "$scratch/gamma"
: >"$scratch/gamma/log"
JOURNAL_STREAM=$(stat -c %d:%i "$scratch/gamma/log") start gamma
grep -q '^<6>node gamma' "$scratch/gamma/log" || fail "the journal does not learn how important a message is"
end gamma TERM

listen_as_manager
export WATCHDOG_USEC=200000
start alpha
unset NOTIFY_SOCKET WATCHDOG_USEC
wait_until manager_knows 'STATUS=leads alone: no other node is heard'
manager_knows READY=1
wait_until lives 3

start beta
wait_until manager_knows 'STATUS=leads, 2 nodes'
expect 0 ask alpha pause
wait_until manager_knows "STATUS=follows beta at 127.0.0.1:$(ask beta status --json | jq '.leader.port'), 2 nodes; paused"
expect 0 ask alpha resume

end alpha TERM
[ "$ended" = 0 ] || fail "eldestd ended with $ended"
wait_until manager_knows STOPPING=1
