#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# rights.sh - everybody may read; acting is for root, the daemon's user and group eldest.
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

command -v setpriv >/dev/null || skip "this test needs setpriv"
as_nobody() {
    setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}
as_nobody true 2>/dev/null || skip "this test needs root, to become somebody else"
cp "$builddir/eldest" "$scratch/eldest"
as_nobody test -x "$scratch/eldest" || skip "others cannot reach $scratch"

start alpha
expect 0 ask alpha wait --self --timeout 30s

expect 0 as_nobody "$scratch/eldest" -s "$scratch/alpha/sock" status
expect 0 as_nobody "$scratch/eldest" -s "$scratch/alpha/sock" is-leader
expect 0 as_nobody "$scratch/eldest" -s "$scratch/alpha/sock" tag
expect 0 as_nobody "$scratch/eldest" -s "$scratch/alpha/sock" watch --for 10ms
expect 77 as_nobody "$scratch/eldest" -s "$scratch/alpha/sock" resign
complains "group eldest"
complains "use sudo"
expect 77 as_nobody "$scratch/eldest" -s "$scratch/alpha/sock" resign --json
is .error.code denied
expect 77 as_nobody "$scratch/eldest" -s "$scratch/alpha/sock" reload
expect 77 as_nobody "$scratch/eldest" -s "$scratch/alpha/sock" pause --force
expect 77 as_nobody "$scratch/eldest" -s "$scratch/alpha/sock" resume
expect 77 as_nobody "$scratch/eldest" -s "$scratch/alpha/sock" tag zone=a
expect 77 as_nobody "$scratch/eldest" -s "$scratch/alpha/sock" run -- touch "$scratch/ran"
[ ! -e "$scratch/ran" ] || fail "run has run its command without the right to"
expect 0 ask alpha is-leader

# Who may not even ask learns that, and where to look.
chmod 600 "$scratch/alpha/sock"
expect 4 as_nobody "$scratch/eldest" -s "$scratch/alpha/sock" status
complains "namei -l $scratch/alpha/sock"
chmod 666 "$scratch/alpha/sock"

# Who may not create the state directory is told so, and where.
cp "$builddir/eldestd" "$scratch/eldestd"
mkdir "$scratch/ours"
expect 73 as_nobody "$scratch/eldestd" -f -i lo -C "$cluster" -S "$scratch/ours/state" -s "$scratch/nobody.sock"
complains "$scratch/ours/state"
complains "Permission denied"
