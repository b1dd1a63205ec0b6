#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# debian/tests, as Debian runs them: in a Debian with nothing but the packages and what the tests ask for. That of the service
# wants a machine; zero-configuration.sh runs it.
set -euo pipefail
# shellcheck source=tests/packages/tools.sh
. "${0%/*}/tools.sh"

# Whoever makes namespaces within has to be able to see where the root of the file system is.
[ "${ELDEST_MOUNTS:-}" = ours ] || ELDEST_MOUNTS=ours exec unshare --mount "$BASH" "$0"

scratch=$(mktemp -d "${TMPDIR:-/tmp}/eldest-autopkgtest.XXXXXX")
trap 'umount --recursive "$scratch/root"; rm -rf "$scratch"' EXIT
mkdir "$scratch/root"
mount --bind "$scratch/root" "$scratch/root"
debian "$scratch/root" --skip=cleanup/apt/lists
mapfile -t debs < <(find "$packages" -maxdepth 1 -name '*.deb' ! -name '*-dbgsym_*')

# 2: passed, but for the one that is skipped.
status=0
without_mirror autopkgtest --no-built-binaries --summary="$scratch/summary" "${debs[@]}" "$packages"/eldest_*.dsc -- \
    chroot "$scratch/root" || status=$?
[ $status = 2 ]
for test in elects library; do
    grep -q "^$test  *PASS" "$scratch/summary"
done
