#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# http-hostile.sh - a crowd asks a leader by HTTP, much of it ill-behaved: those who behave are served all the time, the other
# node sees nothing of it, and in the end nothing of it is left.
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

command -v curl >/dev/null || skip "this test needs curl"
readonly here=$PWD/${0%/*}
export ASAN_OPTIONS=quarantine_size_mb=1 # what is freed is free

configured "[http]"
configured "listen = 127.0.0.1:$port"
start alpha
expect 0 ask alpha wait --self --timeout ${patience}s
more=''
start beta
expect 0 ask beta wait --timeout ${patience}s

descriptors() {
    set -- "/proc/${pid[alpha]}/fd"/*
    echo $#
}

memory() { # KiB that are its own
    awk '/^RssAnon:/ { print $2 }' "/proc/${pid[alpha]}/status"
}

leaderships() {
    ask beta history --json | jq -c '[.history[].token]'
}

# Users of the control socket and of HTTP, from another address than the crowd's.
ask_on() {
    while :; do
        ask alpha status >/dev/null || echo "status: $?" >>"$scratch/unanswered"
        curl -sSf --max-time 10 --interface 127.0.0.9 "http://127.0.0.1:$port/leader" >/dev/null 2>>"$scratch/unanswered" ||
            echo "leader: $?" >>"$scratch/unanswered"
        echo >>"$scratch/asked"
    done
}

no_descriptor_more() {
    [ "$(descriptors)" -le "$before" ]
}

before=$(descriptors)
memory_before=$(memory)
told=$(leaderships)
ask_on &
asker=$!
expect 0 "$here/http_crowd.pl" "$port" 200 "$builddir/eldest" -s "$scratch/alpha/sock" tag crowded=yes
kill $asker
wait $asker 2>/dev/null || :

[ ! -s "$scratch/unanswered" ] || fail "not answered: $(cat "$scratch/unanswered")"
asked=$(wc -l <"$scratch/asked")
[ "$asked" -gt 3 ] || fail "only $asked questions were asked meanwhile"
[ "$(leaderships)" = "$told" ] || fail "beta saw $(leaderships) instead of $told"
wait_until no_descriptor_more
[ $(($(memory) - memory_before)) -lt 16384 ] || fail "$memory_before KiB have become $(memory)"
expect 0 curl -sSf "http://127.0.0.1:$port/leader"
is .leader.self true
is .leader.tags.crowded yes

# It ends at once, and as it should, with a crowd on it.
"$here/http_crowd.pl" "$port" 100 kill -TERM "${pid[alpha]}" >"$scratch/crowd" 2>&1 || :
grep -q 'a flood' "$scratch/crowd" || fail "the crowd did not come: $(cat "$scratch/crowd")"
wait "${pid[alpha]}" || fail "status $?"
unset "pid[alpha]"
expect 0 ask beta wait --self --timeout ${patience}s
