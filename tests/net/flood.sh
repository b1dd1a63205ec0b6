#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# A host on the LAN sends 100,000 datagrams a second, for some seconds: garbage; thousands of nodes that are not there, which
# tell that they are; and which register with the leader. The cluster has a key, or none. Nobody crashes, nobody takes memory
# without bound, and when it ends the cluster is as it was; with a key its leader has not changed. Prints what each has cost.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

readonly count=500000 rate=100000
ticks=$(getconf CLK_TCK)

memory() { # HOST: in kB
    awk '/^VmRSS:/ { print $2 }' "/proc/${pid[$1]}/status"
}

busy() { # HOST: ms of the processor so far
    sed 's/.*) //' "/proc/${pid[$1]}/stat" | awk -v ticks="$ticks" '{ print int(($12 + $13) * 1000 / ticks) }'
}

strangers_are_gone() {
    [ "$(ask 1 status --json | jq .members)" = 3 ] && [ "$(ask 2 status --json | jq .members)" = 3 ]
}

flood() { # HOW WHAT ADDRESS
    local epoch before busy_before
    epoch=$(epoch_of 2)
    before=$(memory 1)
    busy_before=$(busy 1)
    on 4 "$builddir/tests/net/flood" "$2" eth0 "$3" $count $rate >"$scratch/sent"
    printf -- '-- %-7s %-9s %-12s %s; leader: %d ms of the processor, %+d kB' "$1" "$2" "$3" "$(cat "$scratch/sent")" \
        $(($(busy 1) - busy_before)) $(($(memory 1) - before))
    wait_leader 1 2 3 >/dev/null
    printf '; %d changes of the leader\n' $(($(epoch_of 2) - epoch))
    [ $(($(memory 1) - before)) -lt 8192 ] || fail "host 1 has grown by $(($(memory 1) - before)) kB"
    [ "$1" != key ] || [ "$(epoch_of 2)" = "$epoch" ] || fail "the leader has changed"
}

attack() { # HOW
    local what
    for what in garbage announce heartbeat; do
        flood "$1" $what 224.0.0.254
    done
    flood "$1" garbage 10.114.0.1
    flood "$1" heartbeat 10.114.0.1
    wait_until strangers_are_gone
}

lan 4
start_in_turn 1 2 3
attack none
ask 1 counters | grep -E 'strangers|limited|unheard|table|many' || :
term 1 2 3
forget 1 2 3

give_key 1 2 3
start_in_turn 1 2 3
attack key
kill9 1
wait_leader 2 3
