#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# A host that leads alone gets no time to run: nobody can confirm it, and it leads on. Who begins to wait or to watch while it
# is not sure yet hears of it when it is.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

lan 1
start 1
wait_leader 1
epoch=$(epoch_of 1)

# These are asked first when it goes on.
freeze 1
ask 1 wait --self --timeout "${patience}s" &
waiting=$!
ask 1 watch --json >"$scratch/watched" &
pause 1
thaw 1
wait $waiting
expect_leader 1
expect_epoch "$epoch"

saw_the_leader() {
    jq -e -s '.[-1].leader.self' "$scratch/watched" >/dev/null
}
wait_until saw_the_leader
