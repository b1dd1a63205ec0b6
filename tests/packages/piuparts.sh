#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# All packages are installed in a Debian with nothing else, not even systemd, removed and purged, by piuparts, which looks for
# whatever is left.
set -euo pipefail
# shellcheck source=tests/packages/tools.sh
. "${0%/*}/tools.sh"

scratch=$(mktemp -d "${TMPDIR:-/tmp}/eldest-piuparts.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
debian "$scratch/base.tar.gz" --include=systemd-standalone-sysusers
# Without the symbols for debuggers, which nobody needs to install.
mapfile -t debs < <(find "$packages" -maxdepth 1 -name '*.deb' ! -name '*-dbgsym_*')
without_mirror piuparts --distribution="$release" --mirror="$mirror" --basetgz="$scratch/base.tar.gz" \
    --keyring=/usr/share/keyrings/debian-archive-keyring.gpg --tmpdir="$scratch" "${debs[@]}"
