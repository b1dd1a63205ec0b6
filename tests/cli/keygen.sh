#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# keygen.sh - keys and their files: what is written, to whom it is open, and that eldestd refuses what is not fit.
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

eldest=$builddir/eldest
key=$scratch/key

check() { # STATUS: of a daemon with that key file
    printf '[cluster]\nkey_file = %s\n' "$key" >"$scratch/conf"
    expect "$1" "$builddir/eldestd" --check -c "$scratch/conf"
}

# A line with an id and 64 digits, closed to others whatever the umask is; each one is another.
umask 000
expect 0 "$eldest" keygen -o "$key"
has "$key"
has "restart eldestd" # for a first key; for one more
has "eldest reload"
[[ $(<"$key") =~ ^1\ [0-9a-f]{64}$ ]] || fail "this is no key file: $(<"$key")"
[[ $output != *$(cut -d ' ' -f 2 "$key")* ]] || fail "the key is shown"
mode=$(stat -c %a "$key")
[ "$mode" = 600 ] || [ "$mode" = 640 ] || fail "the mode is $mode"
[ "$mode" = 600 ] || [ "$(stat -c %G "$key")" = eldest ] || fail "the group is $(stat -c %G "$key")"
[ "$(find "$scratch" -name 'key*' | wc -l)" = 1 ] || fail "something else is left: $(ls "$scratch")"
expect 0 "$eldest" keygen -o - --id 65535
[[ $output =~ ^65535\ [0-9a-f]{64}$ ]] || fail "this is no key: $output"
second=$output
expect 0 "$eldest" keygen -o -
[ "$output" != "$(<"$key")" ] || fail "the same key twice"

# What is there stays.
before=$(<"$key")
expect 73 "$eldest" keygen -o "$key"
complains "$key"
[ "$(<"$key")" = "$before" ] || fail "it was replaced"
expect 0 "$eldest" --json keygen -o "$key" --force --id 7
is .id 7
is .file "$key"
[ "$(<"$key")" != "$before" ] || fail "it was not replaced"
expect 73 "$eldest" keygen -o "$scratch/nowhere/key"
complains nowhere
for wrong in "--id 0" "--id 65536" "--id x" "-o" "more"; do
    # shellcheck disable=SC2086 # these are words
    expect 64 "$eldest" keygen -o "$key" $wrong
done

# Without libsodium a key cannot be used, and that is said.
printf '[cluster]\nkey_file = %s\n' "$key" >"$scratch/conf"
errors=$("$builddir/eldestd" --check -c "$scratch/conf" 2>&1) || :
[[ $errors != *libsodium* ]] || exit 0
check 0
echo "$second" >>"$key"
check 0

# Refused: open to others, empty, wrong, too short, or no file.
for wrong in 604 602 660 601; do
    chmod "$wrong" "$key"
    check 78
    complains "$key"
done
chmod 640 "$key"
if [ "$(id -u)" = 0 ]; then
    chgrp 54321 "$key"
    check 78
    complains "a group can read it"
    chgrp 0 "$key"
fi
check 0
chmod 600 "$key"
for wrong in "" "# none" "1 00" "1 ${before#* }00" "x ${before#* }" "1 $(printf '0%.0s' {1..64})" "$before"$'\n'"$before"; do
    echo "$wrong" >"$key"
    check 78
    complains "$key"
    [[ $errors != *${before#* }* ]] || fail "the message shows a key"
done
complains "$key:2:"
rm "$key"
check 78
mkfifo "$key"
check 78
complains "$key"
