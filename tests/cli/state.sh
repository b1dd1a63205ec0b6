#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# state.sh - a state file that is damaged, and one of a version of eldest that is yet to come.
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

# What is damaged is kept, and told.
start alpha
end alpha TERM
file=$scratch/alpha/state/state
printf 'ruined' >"$file"
start alpha
end alpha TERM
[ "$(cat "$file.damaged")" = ruined ] || fail "the damaged file was not kept"
grep -qF state.damaged "$scratch/alpha/log" || fail "the log does not say where the damaged file went"

# An empty list of records, in a frame that says format version 2.
frame='ELDSTATE\x00\x02\x00\x14'
sum=$((0xcbf29ce484222325))
for byte in $(printf %b "$frame" | od -An -v -tu1); do
    sum=$(((sum ^ byte) * 0x100000001b3))
done
printf %b "$frame$(printf %016x $sum | sed 's/../\\x&/g')" >"$file"
cp "$file" "$scratch/before"
expect 73 "$builddir/eldestd" -f -i lo -c "$scratch/alpha/conf" -S "$scratch/alpha/state" -s "$scratch/alpha/sock"
complains "$file"
complains version
cmp "$file" "$scratch/before"
