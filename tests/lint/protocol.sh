#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The tables of eldest-protocol(7) say what the code does: messages and TLVs with their numbers and sizes, and the times that
# follow from detect and from loss. The fields that are listed for a message add up to its size. Every rule that is
# named in the sources is on the page.
set -u
: "${abs_top_srcdir:?make check sets it}" "${abs_top_builddir:?make check sets it}"

page=$abs_top_srcdir/man/eldest-protocol.7
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
failed=0

# rows SECTION COLUMNS: the first columns of its table, as FIELD|FIELD|..., without headings and continued rows
rows() {
    awk -v section=".Ss $1" -v columns="$2" '
        /^\.S[hs] / { inside = $0 == section }
        inside && /^\.It / && !/^\.It (Em|Ta) / {
            count = split(substr($0, 5), field, " Ta ")
            line = field[1]
            for (i = 2; i <= columns && i <= count; i++)
                line = line "|" field[i]
            print line
        }
    ' "$page"
}

# compare SECTION COLUMNS LIST: the table there against what the code has
compare() {
    "$abs_top_builddir/tests/lint/list_protocol" "$3" >"$work/code" || exit 99
    [ -s "$work/code" ] || exit 99
    rows "$1" "$2" >"$work/found"
    if ! diff -u "$work/code" "$work/found"; then
        echo "$page: the table in \"$1\" differs from the code (lines with - are the code's)" >&2
        failed=1
    fi
}

compare Types 4 types
compare TLVs 2 tlvs
compare "By detect" 6 times
compare "By loss" 7 loss

# The fields of a message, under its heading "NAME (NUMBER)", add up to the size in the table of types.
rows Types 3 | awk -F'|' '{ print $2 " (" $1 ")|" $3 }' >"$work/sizes"
awk '
    /^\.S[hs] / && size   { print title "|" size }
    /^\.S[hs] /           { size = 0; title = substr($0, 5) }
    title ~ /\([0-9]+\)$/ && /^\.It [0-9]/ { size += $2 }
' "$page" >"$work/sums"
if ! diff -u "$work/sizes" "$work/sums"; then
    echo "$page: these fields do not add up (lines with - are the table's)" >&2
    failed=1
fi

# Rules that sources and tests name.
grep -rIhoE '\b(START|EXCH|SUSP|ELEC|EPOCH|GAP|HAND|MAJ|MERGE|MEMB|SEC)[-_][0-9]+' "$abs_top_srcdir/src" "$abs_top_srcdir/tests" |
    tr _ - | sort -u >"$work/named"
sed -n 's/^\.It Sy \([A-Z]*-[0-9]*\)$/\1/p' "$page" | sort -u >"$work/explained"
[ -s "$work/named" ] || exit 99
if comm -23 "$work/named" "$work/explained" | grep .; then
    echo "$page: the sources name these rules, but they are not there" >&2
    failed=1
fi
exit $failed
