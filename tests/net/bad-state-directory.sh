#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Without a usable state directory the daemon ends with status 73 and names it.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

lan 1
touch "$scratch/file"
refused 1 73 "$scratch/file" -S "$scratch/file"
refused 1 73 "$scratch/file/below" -S "$scratch/file/below"
mount -t tmpfs -o ro tmpfs /mnt
refused 1 73 /mnt -S /mnt
refused 1 73 /mnt/state -S /mnt/state
