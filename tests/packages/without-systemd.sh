#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# A container without systemd, as others than systemd make them: the package is installed, nothing is started, and the daemon
# that is started by hand works.
# shellcheck source=tests/packages/lib.sh
. "${0%/*}/lib.sh"

in_container() { # COMMAND...
    nsenter --net=/run/netns/h1 -- chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"
}

lan 1
disk 1 "$bare"
root=$scratch/h1/root
[ ! -e "$root/bin/systemctl" ]
mount -t proc proc "$root/proc"
mkdir "$root/packages"
cp "$packages"/*.deb "$root/packages"
in_container apt-get --quiet=2 --yes install "/packages/$(package_of "$packages")"
grep -q '^eldest:' "$root/etc/passwd"
! pgrep -x eldestd || fail "the daemon was started"

in_container eldestd
in_container eldest wait --self --timeout 30s
in_container eldest status
daemon=$(pgrep -x eldestd)
kill "$daemon"
wait_until gone "$daemon"

in_container apt-get --quiet=2 --yes purge eldest
[ ! -e "$root/etc/eldest" ] && [ ! -e "$root/var/lib/eldest" ]
umount "$root/proc"
