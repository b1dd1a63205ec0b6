#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# A machine is copied with its state while it runs, and the copy is started beside it: the two find out, one of them takes
# another identity, and both are members from then on. They are told of the other's address, unless it is the leader that
# finds out first. Nobody else notices.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

id_of() { # HOST
    ask "$1" status --json | jq -r .node.id
}

differ() { # HOST HOST
    [ "$(id_of "$1")" != "$(id_of "$2")" ]
}

tells_of_clone() { # HOST ADDRESS
    network "$1" '.strangers[] | select(.kind == "clone") | .address' | grep -qx "$2"
}

undisturbed
lan 4
start_in_turn 1 2 3
epoch=$(epoch_of 1)
cp -r "$scratch/h3/state" "$scratch/h4/state"
start 4
wait_until differ 3 4
wait_known 1 2 3 4
tells_of_clone 3 10.114.0.4 || tells_of_clone 3 "$(on 4 ip -6 -o addr show dev eth0 scope link | sed 's,.*inet6 \([^/]*\).*,\1%eth0,')" ||
    tells_of_clone 4 10.114.0.3 || grep -q 'another host uses the identity of this node' "$scratch/h3/log" || fail "neither 3 nor 4 tells of the other: $(network 3 .strangers) $(network 4 .strangers)"
expect_leader 1
expect_epoch "$epoch"

say "and that of the leader"
cp -r "$scratch/h1/state" "$scratch/h5state"
term 4
rm -rf "$scratch/h4/state"
mv "$scratch/h5state" "$scratch/h4/state"
start 4
wait_until differ 1 4
wait_leader 1 2 3 4
wait_known 1 2 3 4
