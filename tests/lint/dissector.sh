#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The dissector of Wireshark has the messages and TLVs of src/wire, by number and name, and the fields that eldest-protocol(7)
# lists, by name and in that order. Whether it shows them rightly is seen by tests/wireshark/.
set -u
: "${abs_top_srcdir:?make check sets it}" "${abs_top_builddir:?make check sets it}"

dissector=$abs_top_srcdir/etc/wireshark/eldest.lua
page=$abs_top_srcdir/man/eldest-protocol.7
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
failed=0

# compare WHAT WITH: $work/found, which the dissector has, against $work/wanted
compare() {
    [ -s "$work/wanted" ] || exit 99
    if ! diff -u "$work/wanted" "$work/found"; then
        echo "$dissector: its $1 are not those of $2 (lines with - are)" >&2
        failed=1
    fi
}

"$abs_top_builddir/tests/lint/list_protocol" types | cut -d '|' -f 1,2,4 | sed 's/-$//' >"$work/wanted"
sed -n 's/^message(\([0-9]*\), "\([A-Za-z]*\)", "\([a-z, ]*\)", {$/\1|\2|\3/p' "$dissector" >"$work/found"
compare messages src/wire

"$abs_top_builddir/tests/lint/list_protocol" tlvs >"$work/wanted"
sed -n 's/^tlv(\([0-9]*\), "\([a-z]*\)", .*/\1|\2/p' "$dissector" >"$work/found"
compare TLVs src/wire

# In the page: .Ss NAME (NUMBER), then rows of bytes, name and meaning.
awk '
    /^\.S[hs] /                                 { title = $2 }
    /^\.Ss [A-Za-z]+ \([0-9]+\)$/               { inside = 1; next }
    /^\.S[hs] /                                 { inside = 0 }
    inside && /^\.It [0-9]/                     { sub(/ Ta$/, ""); split(substr($0, 5), column, " Ta "); print title "|" column[2] }
' "$page" >"$work/wanted"

# In the dissector: within message(...), each KIND "NAME"; and the number of members, but not what each of them has.
awk '
    /^message\(/                                { split($0, part, "\""); name = part[2]; inside = 1; next }
    /^}, {/                                     { inside = 0 }
    inside {
        while (match($0, /(members\(|[a-z0-9_)] )"[^"]*"/)) {
            field = substr($0, RSTART, RLENGTH)
            $0 = substr($0, RSTART + RLENGTH)
            split(field, part, "\"")
            if (part[2] !~ /^member\./)
                print name "|" part[2]
        }
    }
' "$dissector" >"$work/found"
compare fields "$page"
exit $failed
