#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The parser, the manual page and the example name the same keys in the same order, with the same defaults; the page with
# what is allowed and what a reload does, the example with the parser's one-line help. The example is right as it is and with every key uncommented.
set -u
: "${abs_top_srcdir:?make check sets it}" "${abs_top_builddir:?make check sets it}"

page=$abs_top_srcdir/man/eldest.conf.5
example=$abs_top_srcdir/etc/eldest.conf
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
failed=0

# compare WHAT: $work/table against $work/found
compare() {
    if ! diff -u "$work/table" "$work/found"; then
        echo "$1 differs from the table in src/daemon/conf.c (lines with - are the table's)" >&2
        failed=1
    fi
}

# check WHAT FILE: eldestd accepts FILE
check() {
    if ! "$abs_top_builddir/eldestd" --check -c "$2"; then
        echo "$1 is refused by eldestd --check" >&2
        failed=1
    fi
}

"$abs_top_builddir/tests/lint/list_keys" manual >"$work/table" || exit 99
[ -s "$work/table" ] || exit 99
awk '
    /^\.Ss \[/      { section = substr($2, 2, length($2) - 2) }
    /^\.It Cm /     { key = $3 }
    /^Allowed: /    { allowed = substr($0, 10); sub(/\.$/, "", allowed) }
    /^Default: /    { value = substr($0, 10); sub(/\.$/, "", value) }
    /^Reload: /     { reload = substr($0, 9); sub(/\.$/, "", reload)
                      print section "|" key "|" allowed "|" value "|" reload }
' "$page" >"$work/found"
compare "$page"

# In the example the help is the first line of the comment above a key.
"$abs_top_builddir/tests/lint/list_keys" example >"$work/table" || exit 99
awk '
    /^\[/           { section = substr($0, 2, length($0) - 2) }
    /^# / && !help  { help = substr($0, 3) }
    /^#[a-z0-9_]+ = / { print section "|" substr($1, 2) "|" help "|" substr($0, length($1) + 4) }
    !/^# /          { help = "" }
' "$example" >"$work/found"
compare "$example"

sed 's/^#\([a-z0-9_]* = \)/\1/' "$example" >"$work/uncommented"
if cmp -s "$example" "$work/uncommented"; then
    echo "$example: no key was found to uncomment" >&2
    failed=1
fi
check "$example" "$example"
check "$example with every key uncommented" "$work/uncommented"
exit $failed
