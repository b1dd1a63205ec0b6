#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# closed.sh - started with standard input, output and error closed: no file or socket of ours may take their place, where
# the next message would be written into it.
# shellcheck source=tests/cli/lib.sh disable=SC2016 # what is in single quotes is the hook's
. "${0%/*}/lib.sh"

# The daemon, in the foreground: what it logs goes nowhere, least of all into its own files.
mkdir "$scratch/alpha"
printf '[network]\nport = %d\n[timing]\ndetect = 2s\nalone = 1s\n' "$port" >"$scratch/alpha/conf"
closed() { # COMMAND...
    exec "$@" <&- >&- 2>&-
}
closed_output() ( # COMMAND...
    exec "$@" >&-
)
closed "$builddir/eldestd" -f -i lo -C "$cluster" -c "$scratch/alpha/conf" -S "$scratch/alpha/state" \
    -s "$scratch/alpha/sock" &
pid[alpha]=$!
wait_until answers_or_ended alpha
expect 0 ask alpha wait --self --timeout ${patience}s
[ -e "$scratch/alpha/state/lock" ] || fail "there should be a lock"
[ ! -s "$scratch/alpha/state/lock" ] || fail "the log is in the lock: $(cat "$scratch/alpha/state/lock")"
for descriptor in 0 1 2; do
    open=$(readlink "/proc/${pid[alpha]}/fd/$descriptor")
    [ "$open" = /dev/null ] || fail "descriptor $descriptor of eldestd is $open"
done

# In the background: it tells that it is ready, and keeps hold of its state directory.
(closed timeout $patience "$builddir/eldestd" -i lo -C "$cluster" -c "$scratch/alpha/conf" -S "$scratch/beta" \
    -s "$scratch/beta.sock") || fail "eldestd in the background: $?"
pid[beta]=$(pgrep -f -- "-S $scratch/beta")
expect 73 "$builddir/eldestd" -f -i lo -C "$cluster" -c "$scratch/alpha/conf" -S "$scratch/beta" -s "$scratch/second.sock"

# The client does not tell the daemon what it was to print.
for verb in status leader peers history counters 'watch --for 5s' wait; do
    # shellcheck disable=SC2086 # a verb with its option
    expect 74 closed_output "$builddir/eldest" -s "$scratch/alpha/sock" --json $verb
done
expect 0 closed_output "$builddir/eldest" -s "$scratch/alpha/sock" is-leader

# Neither do the hooks get what is said of them, nor those who stand by.
mkdir "$scratch/hooks.d"
printf '#!/bin/sh\necho "$ELDEST_EVENT" >>"$DIARY"\nexit 3\n' >"$scratch/hooks.d/10-fails"
chmod 755 "$scratch/hooks.d" "$scratch/hooks.d/10-fails"
: >"$diary"
closed "$builddir/eldest" -s "$scratch/alpha/sock" hooks "$scratch/hooks.d" &
runner=$!
wait_until told 1
for descriptor in 0 1 2; do
    open=$(readlink "/proc/$runner/fd/$descriptor")
    [ "$open" = /dev/null ] || fail "descriptor $descriptor of eldest hooks is $open"
done
wait_until holders 'map(.ran.count)' '[1]'
kill -TERM "$runner"
ends_with 0
[ "$(cat "$diary")" = "$(printf '%s\n' start stop)" ] || fail "the hooks were told: $(cat "$diary")"

# It is no child of this script.
beta_gone() {
    ! kill -0 "${pid[beta]}" 2>/dev/null
}
kill -TERM "${pid[beta]}"
wait_until beta_gone
unset "pid[beta]"
