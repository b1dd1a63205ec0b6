#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# fencing.sh - the example etc/examples/fencing: a ledger that takes nothing from a leader of yesterday, whoever it is that
# writes.
# shellcheck source=tests/cli/lib.sh disable=SC2016 # what is in single quotes is the command's
. "${0%/*}/lib.sh"

python3 -c 'import sqlite3' 2>/dev/null || skip "this test needs python3 with sqlite3"
ledger=${abs_top_srcdir:-$builddir/../..}/etc/examples/fencing/ledger.py
book=$scratch/ledger.db
a=$(printf 'a%.0s' {1..32})
b=$(printf 'b%.0s' {1..32})

write() { # STATUS TOKEN: that token as the text, too
    expect "$1" env ELDEST_TOKEN="$2" "$ledger" "$book" "$2"
}

# Epochs never go back, and one is nobody's but the first one's who shows it.
write 0 "7.$a"
write 0 "7.$a"
write 1 "7.$b"
complains newer
write 0 "9.$b"
write 1 "7.$a"
write 1 "8.$a"
write 0 "9.$b"
write 0 "10.$a"
write 1 "9.$b"
write 0 "9007199254740991.$b"
write 1 "10.$a"
for nothing in '' 7 "7.$a.1" "0.$a" "7x.$a" ".$a" "99999999999999999999.$a"; do
    write 2 "$nothing"
done
expect 0 "$ledger" "$book"
[ "$(awk '$1 != $2' <<<"$output")" = "" ] || fail "the ledger is: $output"
[ "$(wc -l <<<"$output")" = 6 ] || fail "the ledger is: $output"

# It is the ledger that refuses.
expect 1 python3 -c 'import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as ledger: ledger.execute("INSERT INTO entry VALUES (11, ?, ?)", ("'"$a"'", "by hand"))' "$book"
complains newer
expect 1 python3 -c 'import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as ledger: ledger.execute("UPDATE newest SET epoch = 0")' "$book"
complains newer

# The worker of a leader goes on after that is none any more: what it writes then is refused.
book=$scratch/shared.db
start alpha
expect 0 ask alpha wait --self --timeout ${patience}s
yesterday=$(ask alpha leader -f %t)
export LEDGER=$ledger BOOK=$book
expect 0 ask alpha run -- sh -c '"$LEDGER" "$BOOK" first'
end alpha KILL
start alpha
expect 0 ask alpha wait --self --timeout ${patience}s
expect 0 env ELDEST_TOKEN="$yesterday" "$ledger" "$book" "before the next one has shown its token"
expect 0 ask alpha run -- sh -c '"$LEDGER" "$BOOK" second'
expect 1 env ELDEST_TOKEN="$yesterday" "$ledger" "$book" late
expect 0 "$ledger" "$book"
has "$yesterday first"
has "$(ask alpha leader -f %t) second"
[[ $output != *late* ]] || fail "a leader of yesterday has written: $output"
