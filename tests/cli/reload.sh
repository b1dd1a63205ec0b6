#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# reload.sh - a running daemon reads its configuration again, when asked and by SIGHUP: all of it, or nothing.
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

conf=$scratch/alpha/conf log=$scratch/alpha/log

edit() { # SED-SCRIPT
    sed -i "$1" "$conf"
}

is_called() { # NAME
    [ "$(ask alpha status --json | jq -r .node.name)" = "$1" ]
}

start alpha
expect 0 ask alpha wait --self --timeout 30s

expect 0 ask alpha reload
[ "$(wc -l <<<"$output")" = 1 ] || fail "more than one line: $output"
expect 0 ask alpha reload --json
is .reloaded true
is '.changed | length' 0
is '.restart | length' 0

# What can change does so at once; what cannot is named, and stays.
edit 's/^name = alpha$/name = beta\npriority = 7/; s/^detect = .*/detect = 3s/; s/^port = .*/port = 30001/'
expect 0 ask alpha reload
has node.name
has node.priority
has timing.detect
has network.port
expect 0 ask alpha status --json
is .node.name beta
is .node.priority 7
is ".peers[0].port > $port and .peers[0].port <= $((port + 16))" true
expect 0 ask alpha reload --json
is '.changed | length' 0
is '.restart | join(" ")' network.port
expect 0 ask alpha wait --self --timeout 30s

# Every mistake is told to who asks, and logged; nothing changes.
cp "$conf" "$scratch/right"
edit 's/^name = beta$/name = gamma\nheight = lofty/; $ a nonsense'
expect 78 ask alpha reload
complains "$conf"
complains "height = lofty"
complains nonsense
[ -z "$output" ] || fail "standard output: $output"
expect 78 ask alpha reload --json
is .error.code configuration
is '.error.mistakes | length' 2
grep -qF "height = lofty" "$log" || fail "the mistake is not in the log"
is_called beta || fail "the name has changed"

# The same by signal.
edit 's/lofty/sublime/'
kill -HUP "${pid[alpha]}"
wait_until grep -qF "height = sublime" "$log"
is_called beta || fail "the name has changed"
cp "$scratch/right" "$conf"
edit 's/^name = beta$/name = delta/'
kill -HUP "${pid[alpha]}"
wait_until is_called delta

# A file that is gone is a mistake, as it was named on the command line.
mv "$conf" "$scratch/right"
expect 78 ask alpha reload
complains "$conf"
mv "$scratch/right" "$conf"

# A pipe in its place is refused, and does not hold the daemon up.
mv "$conf" "$scratch/right"
mkfifo "$conf"
expect 78 ask alpha reload
complains "$conf"
mv "$scratch/right" "$conf"
expect 0 ask alpha is-leader
expect 0 "$builddir/eldestd" --check -c <(cat "$conf")

# A level rules what is logged from then on.
printf '[log]\nlevel = error\n' >>"$conf"
expect 0 ask alpha reload
has log.level
before=$(wc -l <"$log")
expect 0 ask alpha reload
[ "$(wc -l <"$log")" = "$before" ] || fail "the log goes on after level = error"
edit 's/^level = error/level = info/'
expect 0 ask alpha reload
expect 0 ask alpha reload
[ "$(wc -l <"$log")" -gt "$before" ] || fail "the log does not go on after level = info"

# The service manager is told, also of a reload that fails.
if command -v perl >/dev/null; then
    listen_as_manager
    told() {
        [ "$(sed '/^STATUS=/d; s/MONOTONIC_USEC=[0-9]*$/MONOTONIC_USEC=N/' "$scratch/manager/log")" = "$1" ]
    }
    start epsilon
    reloading='RELOADING=1 MONOTONIC_USEC=N'
    wait_until told "listening"$'\n'"READY=1"
    kill -HUP "${pid[epsilon]}"
    wait_until told "listening"$'\n'"READY=1"$'\n'"$reloading"$'\n'"READY=1"
    echo nonsense >>"$scratch/epsilon/conf"
    expect 78 ask epsilon reload
    wait_until told "listening"$'\n'"READY=1"$'\n'"$reloading"$'\n'"READY=1"$'\n'"$reloading"$'\n'"READY=1"
fi

end alpha TERM
[ "$ended" = 0 ] || fail "eldestd ended with $ended"
