#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Hosts that are in two clusters: each has its daemon, its hooks and its target, and what happens to one does not touch the
# other. An upgrade restarts both.
# shellcheck source=tests/packages/lib.sh
. "${0%/*}/lib.sh"

leader_of_db() { # HOST
    on "$1" eldest -C db leader -f %n 2>/dev/null || echo nobody
}

leads_db() { # LEADER HOST...: these hosts say so
    local i
    for i in "${@:2}"; do
        [ "$(leader_of_db "$i")" = "h$1" ] || return
    done
}

hosts 2
install 1 2
wait_known 1 2
expect_leader 1
epoch=$(epoch_of 1)
on 2 systemctl enable --quiet --now eldest@db eldest-hooks@db
wait_until leads_db 2 2
on 1 systemctl enable --quiet --now eldest@db eldest-hooks@db
wait_until leads_db 2 1 2
wait_until is 2 eldest-leader@db.target active
is 1 eldest-leader@db.target inactive
wait_until is 1 eldest-leader.target active
is 2 eldest-leader.target inactive

on 2 systemctl stop eldest@db
wait_until leads_db 1 1
wait_until is 1 eldest-leader@db.target active
wait_until is 2 eldest-leader@db.target inactive
on 2 eldest status >/dev/null
expect_leader 1
expect_epoch "$epoch"
on 2 systemctl start eldest@db
wait_until leads_db 1 1 2

before=$(on 2 systemctl show --property=MainPID --value eldest@db)
upgrade 2
[ "$(on 2 systemctl show --property=MainPID --value eldest@db)" != "$before" ] || fail "eldest@db was not restarted"
back 2
wait_until leads_db 1 1 2
is 2 eldest-hooks@db active
expect_leader 1
[ "$(on 2 ls /var/lib/eldest | xargs)" = "db default" ]
