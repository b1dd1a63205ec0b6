#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# symbols.sh - libeldest exports what its map lists and nothing else, shared and static; its header declares the same, and its
# manual page explains it.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"

builddir=${abs_top_builddir:?make check sets it}
status=0

listed() {
    sed -n 's/^    \(eldest_[a-z_]*\);$/\1/p' src/lib/libeldest.map | sort
}

# NAME@@VERSION
listed_with_versions() {
    awk '/^ELDEST_/ { version = $1 } /^    eldest_/ { sub(/;/, ""); print $1 "@@" version }' src/lib/libeldest.map | sort
}

compare() { # WHAT; names on standard input
    diff <(listed) <(sort) | complain "in src/lib/libeldest.map (<), but not $1 (>), or the other way round"
}

[ "$(listed | wc -l)" -gt 20 ]

diff <(listed_with_versions) <(nm -D --defined-only "$builddir/libeldest.so" | awk '$2 == "T" { print $3 }' | sort) |
    complain "in src/lib/libeldest.map (<), but not in libeldest.so with that version (>), or the other way round" || status=1
nm -D --defined-only "$builddir/libeldest.so" | awk '$2 != "T" && $2 != "A"' | complain "data in libeldest.so" || status=1
nm -g --defined-only "$builddir/libeldest.a" | awk 'NF == 3 { print $3 }' | search -v '^__' |
    compare "in libeldest.a" || status=1

"${compiler[@]}" -E -P src/lib/eldest.h | search -oE '\beldest_[a-z_]+\(' | tr -d '(' | search -v '_function$' |
    compare "declared in src/lib/eldest.h" || status=1
sed '/^\.Sh DESCRIPTION/,$d' man/libeldest.3 | sed -n 's/^\.F[on] \(eldest_[a-z_]*\)\( .*\)\?$/\1/p' |
    compare "in the synopsis of man/libeldest.3" || status=1

exit $status
