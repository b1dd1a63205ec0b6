#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The wall clock plays no part: not one at 1970, and not one that jumps by an hour while the leader leads.
# shellcheck source=tests/net/hostile.sh
. "${0%/*}/hostile.sh"

faketime=$(find /usr/lib -name libfaketime.so.1 -print -quit)
[ -n "$faketime" ] || { echo "skipped: this test needs libfaketime (Debian: apt-get install faketime)"; exit 77; }

clock() { # HOST TIME: what the wall clock of the host says from now on
    echo "$2" >"$scratch/h$1/clock.new"
    mv "$scratch/h$1/clock.new" "$scratch/h$1/clock"
}

start_with_clock() { # HOST
    LD_PRELOAD=$faketime FAKETIME_TIMESTAMP_FILE=$scratch/h$1/clock FAKETIME_NO_CACHE=1 \
        FAKETIME_DONT_FAKE_MONOTONIC=1 ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0 start "$1"
}

heard_all_since() { # HOST MOMENT: every member has answered it since then
    local elapsed_ms=$(((${EPOCHREALTIME/./} - $2) / 1000))
    ask "$1" status --json | jq -e ".peers | length == 3 and all(.self or .last_seen_ms < $elapsed_ms)" >/dev/null
}

# As monitoring sees it, in hours: how far the clock was set, and how far that has moved the moment of the start.
steps() { # HOURS
    curl -sSf --unix-socket "$scratch/h1.http" http://node/metrics | awk -v started="$started" -v hours="$1" '
        $1 == "eldest_clock_step_seconds"  { step = sprintf("%.0f", $2 / 3600) + 0 }
        $1 == "process_start_time_seconds" { moved = sprintf("%.0f", ($2 - started) / 3600) + 0 }
        END { exit step != hours + 0 || moved != hours + 0 }'
}

lan 3
configure 1 <<END
[http]
listen = $scratch/h1.http
END
clock 1 +0
started=$EPOCHSECONDS
start_with_clock 1
wait_leader 1
clock 2 "@1970-01-01 00:00:10"
start_with_clock 2
clock 3 +1h
start_with_clock 3
wait_leader 1 2 3
expect_leader 1
epoch=$(epoch_of 1)
[ "$(ask 2 watch --json --for 1s | head -n 1 | jq -r '.time[:4]')" = 1970 ]

# Jumps in both directions: the leader stays, and everyone is heard from after that.
jumps() {
    local jump
    for jump in 1 -1 0; do
        clock 1 "$(printf %+dh $jump)"
        clock 3 "$(printf %+dh $jump)"
        steps $jump
        wait_until heard_all_since 1 "${EPOCHREALTIME/./}"
        expect_leader 1
        expect_epoch "$epoch"
        ask 1 history --json | jq -e '.history[-1] | .present and .lasted >= 0 and .lasted < 600' >/dev/null
    done
}
endure "wall clocks go on, back and on again, by hours" jumps

# The clocks say that host 2 is the oldest, then that host 1 is. In fact host 2 is older than 3, and 3 older than 1.
wait_known 1 2 3
kill9 1
wait_leader 2 3
expect_leader 2
clock 1 "@1970-01-01 00:00:10"
start_with_clock 1
wait_leader 1 2 3
expect_leader 2
wait_known 1 2 3
kill9 2
wait_leader 1 3
expect_leader 3
