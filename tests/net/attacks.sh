#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# attacks.sh - every attack of the tests on a cluster of three, and what it cost: prints a table; run by "make attacks".
#
# Each attack is a line of one of these scripts, which judge it too; how it is measured tells toll.py. What they say goes to
# standard error. Ends with status 1 if one of them failed.

set -euo pipefail

readonly here=${BASH_SOURCE[0]%/*}
readonly stories=(forged storm damaged flood clients state-goes log-stalls wall-clock)
ELDEST_TOLLS=$(mktemp)
export ELDEST_TOLLS
trap 'rm -f "$ELDEST_TOLLS"' EXIT
status=0

for story in "${stories[@]}"; do
    "$here/$story.sh" >&2 || status=1
done
printf '| %-52s | %-4s | %7s | %8s | %8s | %6s | %8s |\n' attack key changes 'CPU ms/s' 'RSS +KiB' lines 'well, ms'
printf '| %s | %s | %s: | %s: | %s: | %s: | %s: |\n' \
    "$(printf -- '-%.0s' {1..52})" ---- ------ ------- ------- ----- -------
cat "$ELDEST_TOLLS"
exit $status
