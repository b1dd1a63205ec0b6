#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# A daemon that is killed has a sentinel, which says its farewell: nobody waits for a timeout, and everybody knows why. The
# sentinel costs nothing while the daemon lives, is replaced when it dies itself, and has nothing to say of a daemon that
# stops in order.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

farewells() { # HOST: so many have reached it
    ask "$1" counters --json | jq '.received.farewell'
}

ended_by() { # HOST REASON: by that, as it saw it, the last leadership before the present one ended
    [ "$(ask "$1" history --json | jq -r '.history[-2].ended_by')" = "$2" ] || fail "host $1 does not say: $2"
}

has_another() { # HOST PID: a sentinel, which is not this one
    local now
    now=$(pgrep -x -P "${pid[$1]}" eldest-sentinel) && [ "$now" != "$2" ]
}

switches() { # PID: how often it has waited for something
    sed -n 's/^voluntary_ctxt_switches:\t//p' "/proc/$1/status"
}

acks() { # HOST: it has sent so many
    ask "$1" counters --json | jq '.sent.ack'
}

has_sent_acks() { # HOST NUMBER
    [ "$(acks "$1")" -ge "$2" ]
}

lan 3
start_in_turn 1 2 3

sentinel=$(sentinel_of 1)
[ "$(tr '\0' ' ' <"/proc/$sentinel/cmdline" | sed 's/ *$//')" = eldest-sentinel ] || fail "the list of processes does not name it"
before=$(switches "$sentinel")
wait_until has_sent_acks 1 $(($(acks 1) + 20))
[ "$(switches "$sentinel")" = "$before" ] || fail "the sentinel does not rest"

kill9_main 1
wait_leader 2 3
expect_leader 2
[ "$(farewells 3)" -ge 1 ] || fail "host 3 has heard no farewell"
ended_by 3 farewell
wait_until gone "$sentinel"
start 1
wait_known 1 2 3

sentinel=$(sentinel_of 2)
kill -KILL "$sentinel"
wait_until has_another 2 "$sentinel"
say "host 2 has another sentinel"
expect_leader 2
[ "$(ask 2 counters --json | jq .sentinels_lost)" = 1 ]
kill9_main 2
wait_leader 1 3
expect_leader 3
start 2
wait_known 1 2 3

# A service manager ends all processes of a service.
sentinel=$(sentinel_of 3)
before=$(farewells 2)
end 3 TERM "$sentinel"
[ $ended = 0 ] || fail "eldestd ended with status $ended"
wait_leader 1 2
ended_by 2 resign
wait_until gone "$sentinel"
[ "$(farewells 2)" = "$before" ] || fail "a daemon that handed over said farewell"

# Both die at once: there is nobody to say anything.
kill9 "$leader"
wait_leader $((3 - leader))
ended_by "$leader" death
