#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# http.sh - what a node tells by HTTP: at every path, in each state, to clients of all kinds.
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

command -v curl >/dev/null || skip "this test needs curl"
socket=$scratch/http.sock
configured "[http]"
configured "listen = 127.0.0.1:$port $socket"
start alpha

get() { # PATH [OPTION OF CURL...]: then $code, $output and $headers
    code=$(curl -sS --max-time $patience -o "$scratch/body" -D "$scratch/headers" -w '%{http_code}' "${@:2}" \
        "http://127.0.0.1:$port$1")
    output=$(cat "$scratch/body")
    headers=$(tr -d '\r' <"$scratch/headers")
}

answers() { # CODE PATH [OPTION OF CURL...]
    get "${@:2}"
    [ "$code" = "$1" ] || fail "$code, not $1, at ${*:2}: $output"
}

# One node leads itself.
expect 0 ask alpha wait --self --timeout ${patience}s
answers 200 /leader
is .leader.self true
is .leader.name alpha
grep -qix 'content-type: application/json' <<<"$headers"
grep -qix 'x-content-type-options: nosniff' <<<"$headers"
answers 503 /follower
is .leader.self true
answers 200 /health
is .cluster "$cluster"
answers 200 /ready
answers 200 /status
is '.peers | length' 1
answers 200 /history
is '.history[-1].leader.self' true
answers 404 /nothing
answers 200 /leader --unix-socket "$socket"
