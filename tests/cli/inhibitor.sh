#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# inhibitor.sh - before a host sleeps or goes down, eldest hooks hands its leadership over, and the host waits for that,
# but not for anything else.
#
# Each of the two hosts has a system bus of its own, with something on it that plays logind and notes in the diary, into
# which the hooks write as well, when a lock is held and when it is released.
# shellcheck source=tests/cli/lib.sh disable=SC2016 # what is in single quotes is the hook's
. "${0%/*}/lib.sh"

umask 022
inhibitor=$builddir/eldest-inhibitor
logind=$builddir/tests/cli/fake_logind
for program in "$inhibitor" "$logind"; do
    [ -x "$program" ] || skip "built without libsystemd"
done
command -v dbus-daemon >/dev/null || skip "this test needs dbus-daemon"

declare -A hooks=()

hook() { # NAME LINE...: on both hosts
    local name
    for name in alpha beta; do
        mkdir -p "$scratch/$name.d"
        printf '%s\n' '#!/bin/sh' "${@:2}" >"$scratch/$name.d/$1.new"
        chmod 755 "$scratch/$name.d/$1.new"
        mv "$scratch/$name.d/$1.new" "$scratch/$name.d/$1"
    done
}

start_bus() { # NAME
    cat >"$scratch/$1.bus.conf" <<END
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=$scratch/$1.bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="org.freedesktop.login1"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
END
    mkdir -p "$scratch/bus.$1"
    dbus-daemon --config-file="$scratch/$1.bus.conf" --nofork --nopidfile --print-address \
        >"$scratch/$1.address" 2>"$scratch/bus.$1/log" &
    pid[bus.$1]=$!
    wait_until written "$scratch/$1.address"
}

start_logind() { # NAME LIMIT-MS
    mkdir -p "$scratch/logind.$1"
    [ -p "$scratch/$1.orders" ] || mkfifo "$scratch/$1.orders"
    DBUS_SYSTEM_BUS_ADDRESS=unix:path=$scratch/$1.bus "$logind" "$1" "$diary" "$2" \
        <>"$scratch/$1.orders" >"$scratch/logind.$1/log" 2>&1 &
    pid[logind.$1]=$!
    wait_until grep -q "is on the bus" "$scratch/logind.$1/log"
}

tell_logind() { # NAME ORDER...
    echo "${*:2}" >"$scratch/$1.orders"
}

start_hooks() { # NAME
    ELDEST_INHIBITOR=$inhibitor DBUS_SYSTEM_BUS_ADDRESS=unix:path=$scratch/$1.bus \
        "$builddir/eldest" -s "$scratch/$1/sock" hooks "$scratch/$1.d" 2>>"$scratch/$1.hooks.log" &
    hooks[$1]=$!
}

end_hooks() { # NAME SIGNAL STATUS
    runner=${hooks[$1]}
    kill -s "$2" "$runner"
    ends_with "$3" 2>/dev/null
    runner=''
}

logged() { # NAME TEXT
    grep -qF -- "$2" "$scratch/$1.hooks.log"
}

times() { # LINE: how often it is in the diary
    grep -cxF -- "$1" "$diary" || :
}

is_held() { # NAME
    [ "$(times "$1 held")" -gt "$(times "$1 released")" ]
}

is_released() { # NAME
    ! is_held "$1"
}

leads() { # NAME
    ask "$1" is-leader
}

has_heir() { # NAME
    [ "$(ask "$1" status --json | jq .next)" != null ]
}

is_stopping() { # NAME
    [ "$(ask "$1" status --json | jq -c '[.holders[].state]')" = '["stopping"]' ]
}

inhibitor_of() { # NAME [BUT-NOT]
    found=$(pgrep -x -P "${hooks[$1]}" eldest-inhibito) && [ "$found" != "${2:-}" ]
}

# The last line of the one is before the last line of the other.
is_in_order() { # LINE LINE
    awk -v first="$1" -v second="$2" '$0 == first { a = NR } $0 == second { b = NR } END { exit !(a && b && a < b) }' \
        "$diary" || fail "not '$1' before '$2': $(cat "$diary")"
}

# Sets $leader and $other.
swap() {
    local before=$leader
    leader=$other other=$before
}

finish_hooks() {
    local status=$? name
    set +e
    for name in "${!hooks[@]}"; do
        [ $status = 0 ] || { echo "== hooks of $name"; tail -n 20 "$scratch/$name.hooks.log"; }
        kill -TERM "${hooks[$name]}" 2>/dev/null
    done
    (exit $status)
    finish
}
trap finish_hooks EXIT

# Without a bus, or without the program, all goes on, and it is said.
note='echo "$ELDEST_NODE_NAME $ELDEST_EVENT $ELDEST_STATE" >>"$DIARY"'
: >"$diary"
hook 10-note "$note"
start alpha
expect 0 ask alpha wait --self --timeout ${patience}s
start_hooks alpha
wait_until told 1
wait_until logged alpha "there is no system bus"
end_hooks alpha TERM 0
ELDEST_INHIBITOR=$scratch/no-such-program background hooks "$scratch/alpha.d"
wait_until told 1
grep -qF no-such-program "$scratch/runner.log" || fail "a program that is not there is not said"
kill -TERM "$runner"
ends_with 0
runner=''

# A release that comes late is not taken for the next one.
: >"$diary"
start_bus alpha
start_logind alpha 10000
coproc inhibitor_alone { DBUS_SYSTEM_BUS_ADDRESS=unix:path=$scratch/alpha.bus exec "$inhibitor"; }
says() { # LINE
    local line
    read -r -t $patience -u "${inhibitor_alone[0]}" line
    [ "$line" = "$1" ] || fail "the inhibitor says: $line; not: $1"
}
release() { # NUMBER
    echo "release $1" >&"${inhibitor_alone[1]}"
}
says "held 10000"
tell_logind alpha sleep true
says "begins 1 sleep"
tell_logind alpha sleep false
says "held 10000"
says "over 1"
release 1
tell_logind alpha shutdown true
says "begins 2 shutdown"
is_held alpha || fail "released too early: $(cat "$diary")"
release 1
tell_logind alpha shutdown false
says "held 10000"
says "over 2"
wait_until told 5 # the last one is taken before the one before it is let go
[ "$(tail -n 1 "$diary")" = "alpha released" ] || fail "released too early: $(cat "$diary")"
tell_logind alpha sleep true
says "begins 3 sleep"
release 3
wait_until is_released alpha
mouth=${inhibitor_alone[1]} alone=$!
exec {mouth}>&-
wait "$alone" || fail "its status is not 0 at the end of its standard input"
tell_logind alpha sleep false

# Nobody is there to take it: the host may sleep at once, and nothing is stopped.
: >"$diary"
start_hooks alpha
wait_until is_held alpha
wait_until told 2
tell_logind alpha sleep true
wait_until is_released alpha
tell_logind alpha sleep false
wait_until is_held alpha
leads alpha || fail "alpha has stopped leading"
[ "$(times "alpha lost idle")" = 0 ] || fail "the work was stopped: $(cat "$diary")"

# Two hosts, each with its logind.
start beta
start_bus beta
start_logind beta 10000
start_hooks beta
wait_until is_held beta
find_leader alpha beta
hook 10-note '[ "$ELDEST_EVENT" != lost ] || sleep 0.3' "$note"

# One that does not lead may sleep at once.
tell_logind "$other" sleep true
wait_until is_released "$other"
tell_logind "$other" sleep false
wait_until is_held "$other"
leads "$leader" || fail "$leader does not lead any more"

wait_until has_heir "$leader"

# The leader hands over before its host does that; then the other one is the leader, and the host has not done it.
hands_over_before() { # sleep|shutdown
    tell_logind "$leader" "$1" true
    wait_until is_released "$leader"
    leads "$other" || fail "$leader is about to $1, and $other does not lead"
    is_in_order "$leader lost idle" "$leader released"
    swap
    tell_logind "$other" "$1" false
    wait_until is_held "$other"
    leads "$leader" || fail "$other leads again"
}

# Its hooks know before it sleeps. It may sleep again. The same before it goes down.
for _ in 1 2 3; do
    hands_over_before sleep
done
hands_over_before shutdown

# A logind that begins anew has forgotten who asked it, and is asked again.
[ "$(times "$leader released")" = "$(($(times "$leader held") - 1))" ] || fail "$(cat "$diary")"
held=$(times "$leader held")
tell_logind "$leader" vanish
tell_logind "$leader" appear
held_again() { # NAME: once more than $held
    [ "$(times "$1 held")" -gt "$held" ]
}
wait_until held_again "$leader"
echo "$leader released" >>"$diary" # the one that it has forgotten
is_held "$leader" || fail "$(cat "$diary")"
hands_over_before sleep

# One that gives no lock holds nothing up, and gives one later.
tell_logind "$leader" refuse
tell_logind "$leader" vanish
echo "$leader released" >>"$diary"
tell_logind "$leader" appear
wait_until logged "$leader" "Permission denied"
is_released "$leader" || fail "$(cat "$diary")"
tell_logind "$leader" allow
tell_logind "$leader" sleep false
wait_until is_held "$leader"

# Its process is started again when it is killed.
wait_until inhibitor_of "$leader"
killed=$found
kill -KILL "$killed"
wait_until is_released "$leader"
wait_until is_held "$leader"
wait_until inhibitor_of "$leader" "$killed"
hands_over_before sleep

# What is over before the hooks are done: the lock that was taken for the next time is not released for this one.
hook 10-note 'until [ "$ELDEST_EVENT" != lost ] || [ -e "$DIARY.go" ]; do sleep 0.05; done' "$note"
has_lost() { # NAME: once more than $lost
    [ "$(times "$1 lost idle")" -gt "$lost" ]
}
lost=$(times "$leader lost idle") held=$(times "$leader held")
tell_logind "$leader" sleep true
tell_logind "$leader" sleep false
wait_until held_again "$leader"
touch "$diary.go"
wait_until has_lost "$leader"
wait_until leads "$other"
is_held "$leader" || fail "the lock is released: $(cat "$diary")"
logged "$leader" "was not kept from sleeping" || fail "what came too late is not said"
swap

# One that does not lead any more, but whose hooks have not done yet what they do then.
rm "$diary.go"
wait_until has_heir "$leader"
lost=$(times "$leader lost idle")
ask "$leader" resign &
wait_until is_stopping "$leader"
tell_logind "$leader" sleep true
wait_until logged "$leader" "the hooks end their work first"
touch "$diary.go"
wait_until has_lost "$leader"
wait_until is_released "$leader"
is_in_order "$leader lost idle" "$leader released"
wait $!
swap
tell_logind "$other" sleep false
wait_until is_held "$other"

# Hooks that hang are ended before logind does not wait any more, and those after them have their turn.
end "logind.$leader" TERM
echo "$leader released" >>"$diary"
wait_until is_released "$leader"
start_logind "$leader" 3000
wait_until is_held "$leader"
hook 05-hangs '[ "$ELDEST_EVENT" != lost ] || exec sleep 1000'
hook 10-note "$note"
wait_until has_heir "$leader"
lost=$(times "$leader lost idle")
began=$EPOCHREALTIME
tell_logind "$leader" sleep true
wait_until is_released "$leader"
ms=$(((${EPOCHREALTIME/./} - ${began/./}) / 1000))
echo "released after $ms ms of 3000"
has_lost "$leader" || fail "not told before the host slept: $(cat "$diary")"
is_in_order "$leader lost idle" "$leader released"

# It ends with eldest hooks, however that ends.
tell_logind "$leader" sleep false
wait_until is_held "$leader"
end_hooks "$leader" KILL 137
wait_until is_released "$leader"
end_hooks "$other" TERM 0
wait_until is_released "$other"
hooks=()
