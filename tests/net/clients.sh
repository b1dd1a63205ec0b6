#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Clients of the leader's control socket, and of its HTTP, that are slow, deaf, far too many or hasty, all of them somebody
# without rights; then so few descriptors that it runs out of them. It leads on, answers who may act, and when they are gone
# everybody.
# shellcheck source=tests/net/hostile.sh
. "${0%/*}/hostile.sh"

readonly http=127.0.0.1:8080 seconds=3

# Who may act is answered all the while, and who behaves afterwards.
crowd() { # KIND PLACE
    local crowd
    on "$leader" python3 "$here/crowd.py" "$1" "$2" $seconds &
    crowd=$!
    while kill -0 $crowd 2>/dev/null; do
        ask "$leader" is-leader || fail "the leader does not answer"
    done
    wait $crowd
}

crowds() {
    local kind
    for kind in slow deaf many hasty; do
        endure "$kind clients of the control socket" crowd $kind "$scratch/h$leader/sock"
        endure "$kind clients of HTTP" crowd $kind $http
        wait_until serves
    done
}

serves() {
    on "$leader" curl -sSf --max-time 5 "http://$http/leader" >/dev/null
}

descriptors() {
    set -- "/proc/${pid[$leader]}/fd"/*
    echo $#
}

# Of its three more one of each server takes the last. Nothing is expected of those who would like to ask.
run_out() {
    local before crowds=()
    before=$(descriptors)
    prlimit --pid "${pid[$leader]}" --nofile=$((before + 3)):
    on "$leader" python3 "$here/crowd.py" many "$scratch/h$leader/sock" $seconds &
    crowds+=($!)
    on "$leader" python3 "$here/crowd.py" hasty $http $seconds &
    crowds+=($!)
    wait_until at_the_end $((before + 3))
    wait "${crowds[@]}"
    prlimit --pid "${pid[$leader]}" --nofile=1024:
    wait_until has_given_back "$before"
}

at_the_end() { # NUMBER
    [ "$(descriptors)" -ge "$1" ]
}

has_given_back() { # NUMBER
    [ "$(descriptors)" -le "$1" ]
}

for tool in curl prlimit; do
    type -P $tool >/dev/null || { echo "skipped: this test needs $tool"; exit 77; }
done
chmod 755 "$scratch"
lan 3
for i in 1 2 3; do
    configure $i <<<$'[http]\nlisten = '$http
done
start_in_turn 1 2 3
crowds
endure "no descriptors left, for 3 s" run_out
wait_until serves
expect_failover
