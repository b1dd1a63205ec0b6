#!/bin/sh
# SPDX-License-Identifier: ISC
#
# eldestd(8) tells of the metrics that there are, in the same order and with the same labels: of each by itself, and of the
# counters in a list by label.
set -u
: "${abs_top_srcdir:?make check sets it}" "${abs_top_builddir:?make check sets it}"

work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT

"$abs_top_builddir/tests/lint/list_metrics" >"$work/all" || exit 99
grep -v '^eldest_.*_total|' "$work/all" >"$work/table"
sed -n 's/^eldest_\(.*\)_total|/\1|/p' "$work/all" | sort >>"$work/table"

sed -n '/^\.Sh METRICS/,/^\.Sh SENTINEL/p' "$abs_top_srcdir/man/eldestd.8" | awk '
    /^\.It Va (eldest|process)_/ { name = $3; labels = $0; sub(/.* Brq Va /, "", labels); gsub(/ ,/, ",", labels)
                                  print name "|" (labels ~ /^\.It/ ? "" : labels) }
    /^\.It Va [a-z]*$/          { label = $3 }
    /^\.It none$/               { label = "" }
    /^\.Cm /                    { for (i = 2; i <= NF; i++) if ($i != ",") print $i "|" label | "sort" }
' >"$work/found"

if ! diff -u "$work/table" "$work/found"; then
    echo "man/eldestd.8 differs from the metrics that there are (lines with - are what there is)" >&2
    exit 1
fi
