#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The disk with a node's state fills up. Its first leadership needs nothing from the disk, as every start reserves some epochs,
# but from then on its status says that nothing can be saved, for as long as that is so.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

says_writable() { # HOST true|false
    local status
    status=$(ask "$1" status --json) || [ $? = 3 ] || return 1
    [ "$(jq .node.writable <<<"$status")" = "$2" ]
}

lan 2
mount -t tmpfs -o mode=755,size=16k tmpfs /mnt
ln -s /mnt "$scratch/h2/state"
start_in_turn 1 2
says_writable 2 true

cat /dev/zero >/mnt/full 2>/dev/null || :
kill9 1
wait_leader 2
wait_until says_writable 2 false
text=$(ask 2 status)
[[ $text == *"cannot be saved"* ]] || fail "status does not say so: $text"

rm /mnt/full
wait_until says_writable 2 true
text=$(ask 2 status)
[[ $text != *"cannot be saved"* ]] || fail "status still says so: $text"
