#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Hosts that are made of one image are nodes of their own: whether eldest has run on it before, with the same machine-id on all
# hosts or another one, or was only installed while the image was no running host.
# shellcheck source=tests/packages/lib.sh
. "${0%/*}/lib.sh"

rewrite() { # FROM HOST: its disk is that of the other host from now on; neither runs
    umount "$scratch/h$2/root"
    rm -rf "$scratch/h$2/written" "$scratch/h$2/work"
    cp -a "$scratch/h$1/written" "$scratch/h$2/written"
    disk "$2"
}

# What the firmware would say, if these hosts had one.
uuid() { # HOST UUID
    echo "$2" >"$scratch/h$1/root/etc/uuid"
}

distinct() { # HOST...
    local i
    [ "$(for i; do id_of "$i"; done | sort -u | wc -l)" = $# ] || fail "these hosts have one identity: $*"
}

# Neither runs yet. With nobody there that has the same identity, it is what the copy sees of its machine alone that tells.
copy_is_another() { # the copy on host 2; host 1 is the node $identity, as before
    boot 2
    wait_leader 2
    [ "$(id_of 2)" != "$identity" ] || fail "host 2 is the node that host 1 is"
    boot 1
    wait_leader 1 2
    wait_known 1 2
    [ "$(id_of 1)" = "$identity" ] || fail "host 1 has another identity"
    distinct 1 2
}

lan 2
disk 1
disk 2

# An image is installed: nothing runs, nothing is made that would be the same on all hosts.
systemd-nspawn --quiet --register=no --keep-unit --pipe --directory="$scratch/h1/root" --bind-ro="$packages:/packages" \
    apt-get --quiet=2 --yes install "/packages/$(package_of "$packages")" >"$scratch/h1/apt" 2>&1 ||
    { cat "$scratch/h1/apt"; fail "apt-get install into an image"; }
! pgrep eldestd || fail "the daemon was started while an image was made"
[ ! -e "$scratch/h1/root/var/lib/eldest" ]
rewrite 1 2
boot 1 2
wait_leader 1 2
wait_known 1 2
distinct 1 2

# It has run on host 1. Tools that make images empty the machine-id.
identity=$(id_of 1)
shut_down 2
shut_down 1
rewrite 1 2
: >"$scratch/h2/root/etc/machine-id"
copy_is_another

# A virtual machine that was cloned with its disk has the machine-id, too.
shut_down 1
shut_down 2
mkdir -p "$scratch/h1/root/etc/systemd/system/eldest.service.d"
printf '[Service]\nLoadCredential=product_uuid:/etc/uuid\n' >"$scratch/h1/root/etc/systemd/system/eldest.service.d/uuid.conf"
uuid 1 11111111-0400-0500-0006-000700080009
boot 1
wait_leader 1
[ "$(id_of 1)" = "$identity" ] || fail "host 1 has another identity"
shut_down 1
rewrite 1 2
uuid 2 22222222-0400-0500-0006-000700080009
copy_is_another
[ "$(on 1 cat /etc/machine-id)" = "$(on 2 cat /etc/machine-id)" ]
