#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The units of the package are right, the daemon may do as little as it needs, and its AppArmor profile can be read.
set -euo pipefail
# shellcheck source=tests/packages/tools.sh
. "${0%/*}/tools.sh"

root=$(mktemp -d "${TMPDIR:-/tmp}/eldest-units.XXXXXX")
trap 'rm -rf "$root"' EXIT
for deb in "$packages"/eldest_*.deb; do
    dpkg-deb -x "$deb" "$root"
done
units=$root/lib/systemd/system
[ -d "$units" ] || units=$root/usr/lib/systemd/system
cp -a "$tree/lib/systemd/system/." "$units"
mkdir -p "$root/bin"
: >"$root/bin/systemctl"
chmod +x "$root/bin/systemctl"

complaints=$(systemd-analyze verify --root="$root" --man=no --recursive-errors=no \
    eldest{,-hooks}.service eldest{,-hooks}@db.service eldest-leader{,@db}.target 2>&1)
[ -z "$complaints" ] || { echo "FAILED: $complaints"; exit 1; }
for unit in "$units"/eldest.service "$units"/eldest@db.service; do
    systemd-analyze security --no-pager --offline=true --root="$root" --threshold=16 "${unit##*/}"
done

mkdir -p "$root/etc/apparmor.d/local"
apparmor_parser --skip-kernel-load --skip-cache --base "${APPARMOR_D:-/etc/apparmor.d}" "$root/etc/apparmor.d/eldestd"
echo "the profile can be read"
