#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# What chaos.sh finds nothing in is worth something if it finds something where there is: a build whose leaders lead on
# when their leases are over does not get through. That shows when one is cut off for longer than the others wait, which one
# in ten of these faults does.
set -euo pipefail
: "${abs_top_srcdir:?make check sets it}"
[ "$(id -u)" = 0 ] || { echo "skipped: this test needs root"; exit 77; }

work=$(mktemp -d "${TMPDIR:-/tmp}/eldest-broken.XXXXXX")
trap 'rm -rf "$work"' EXIT
cp -r "$abs_top_srcdir" "$work/source" 2>/dev/null || :
rm -rf "$work/source/build"
patch --quiet --fuzz=0 -d "$work/source" -p 1 <"$abs_top_srcdir/tests/sim/mutants/majority-leads-without-lease.patch"
mkdir "$work/build"
cd "$work/build"
"$work/source/configure" -q CFLAGS=-O1 >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
make -s -j 2 >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
if abs_top_srcdir=$work/source abs_top_builddir=$work/build "$work/source/tests/net/chaos.sh" 3 180 cut_host >"$work/log" 2>&1; then
    echo "FAILED: leaders without leases were not noticed"
    exit 1
fi
grep '^FAILED' "$work/log"
grep -q 'FAILED: host .* worked' "$work/log"
