#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The package is removed, which hands over, and comes back with the identity that it had; purged, it leaves nothing, and comes
# back as another node.
# shellcheck source=tests/packages/lib.sh
. "${0%/*}/lib.sh"

# Users are never removed, lest their number be given to another one; the rest is what all packages write in.
files_of() { # HOST
    on "$1" find / -xdev \( -path /shared -o -path /var/log -o -path /var/cache -o -path /var/lib/apt -o -path /tmp -o \
        -path /var/tmp \) -prune -o -print | sort
}

hosts 3
files_of 1 >"$scratch/before"
install 1 2 3
wait_known 1 2 3
expect_leader 1
identity=$(id_of 1)
on 1 sed -i 's/^#priority = 100/priority = 101/' /etc/eldest/eldest.conf
on 1 systemctl enable --quiet --now eldest@db eldest-hooks@db
wait_until on 1 eldest -C db wait --timeout 1s

remove 1
wait_leader 2 3
expect_leader 2
[ "$(ask 3 history --json | jq -r '.history[-2].ended_by')" = resign ] || fail "the removal was no handover: $(ask 3 history)"
! on 1 pgrep eldest || fail "something still runs"
[ "$(on 1 systemctl list-units --all --plain --no-legend 'eldest*.service' 'eldest*.target' | grep -c running)" = 0 ]
on 1 grep -q 'priority = 101' /etc/eldest/eldest.conf
! on 1 test -e /run/eldest || fail "/run/eldest is still there"

install 1
back 1
[ "$(id_of 1)" = "$identity" ] || fail "host 1 has another identity"
[ "$(on 1 systemctl is-enabled eldest@db)" = enabled ]
expect_leader 2

on 1 systemctl disable --quiet eldest@db eldest-hooks@db
on 1 eldest keygen
purge 1
! on 1 pgrep eldest || fail "something still runs"
files_of 1 >"$scratch/after"
diff "$scratch/before" "$scratch/after" || fail "these files are left, or missing"
! on 1 test -e /run/eldest || fail "/run/eldest is still there"
wait_leader 2 3

install 1
back 1
[ "$(id_of 1)" != "$identity" ] || fail "host 1 has still its identity"
expect_leader 2
