#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Hosts get other names while their daemons run, once that of a neighbour: all know the new names at once, and tell nodes of
# one name apart. A node that was given a name of its own keeps it.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

id_of() { # HOST
    ask "$1" status --json | jq -r .node.id
}

is_called() { # HOST NAME: by all
    local i id
    id=$(id_of "$1")
    for i in 1 2 3; do
        [ "$(ask $i peers --json | jq -r --arg id "$id" '.peers[] | select(.id == $id) | .name')" = "$2" ] || return
    done
}

rename() { # HOST NAME
    nsenter --uts="/proc/${pid[$1]}/ns/uts" -- hostname "$2"
}

lan 3
for i in 2 3; do
    sed -i d "$scratch/h$i/conf"
done
precedence=(unshare --uts)
start 1
wait_leader 1
start 2 3
wait_known 1 2 3
epoch=$(epoch_of 1)

rename 1 elsewhere
rename 2 alpha
rename 3 beta.example.org
wait_until is_called 2 alpha
wait_until is_called 3 beta
is_called 1 h1 || fail "host 1 was given a name, which it has lost"

rename 3 alpha
wait_until is_called 3 alpha
is_called 2 alpha || fail "host 2 is not called alpha any more"
for i in 1 2 3; do
    [ "$(ask $i peers --json | jq '[.peers[] | select(.name == "alpha") | .id] | unique | length')" = 2 ] ||
        fail "host $i does not tell the two apart"
    [ "$(ask $i peers | grep -c alpha)" = 2 ] || fail "host $i does not show both"
done
expect_epoch "$epoch"
