#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# usage.sh - the command line itself, and what is said when there is no daemon.
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

eldest=$builddir/eldest

# Help and version go to standard output.
expect 0 "$eldest" --help
for verb in status leader is-leader peers history counters doctor watch wait reload resign pause resume tag keygen run hooks; do
    has "  $verb"
done
expect 0 "$eldest" help
for verb in status leader is-leader peers history counters doctor watch wait reload resign pause resume tag keygen run hooks; do
    for help in -h --help; do
        expect 0 "$eldest" -s "$scratch/nobody" "$verb" $help
        has "  $verb"
        [ -z "$errors" ] || fail "help on standard error: $errors"
    done
done
expect 0 "$eldest" -h
expect 0 "$eldest" -V
[[ $output =~ ^eldest\ [0-9]+\.[0-9]+ ]] || fail "no version: $output"

# Wrong use is told on standard error, before anybody is asked.
wrong() {
    expect 64 "$eldest" -s "$scratch/nobody" "$@"
    [ -z "$output" ] || fail "wrong use printed on standard output: $output"
    complains usage:
}
wrong
wrong frobnicate
complains frobnicate
wrong --frobnicate status
wrong status --self
wrong status more
complains more
wrong is-leader -f %n
wrong leader -f
wrong leader -f '%n %x %T'
complains %x
wrong leader -f 'ends in %'
wrong wait --timeout
wrong wait --timeout soon
complains soon
wrong wait --timeout 5
wrong wait --timeout -1s
wrong wait --self --not-self
wrong watch --for 1fortnight
wrong reload now
wrong resign now
wrong pause now
wrong pause --for
wrong pause --for 5
complains --for
wrong pause --for 1ms
complains "1s to 3650d"
wrong pause --until 5s
wrong resume now
wrong tag zone
complains zone
wrong tag --set zone=a
wrong tag zone=a {1..32}=v
complains "at most 32"
wrong resume --for 5s
wrong run
complains 'no command'
wrong run --
wrong run --once
wrong run --grace 5 -- true
complains --grace
wrong run --grace
wrong run --twice -- true
wrong hooks --time-limit 5 /
complains --time-limit
wrong hooks --time-limit 0 /
complains --time-limit
wrong hooks --target '' /
complains --target
wrong hooks / /etc
complains /etc
wrong history 7
wrong counters --every
wrong counters all
wrong doctor eth0
wrong doctor --cure
wrong -C
wrong status -s
wrong status -s ''
wrong -s '' status
expect 64 "$eldest" -C ../../etc/passwd status
complains ../../etc/passwd
expect 64 "$eldest" -C '' status

# No daemon: 4, whatever the command, with what to do about it.
for verb in status leader is-leader peers history counters doctor watch wait reload resign pause resume tag; do
    expect 4 "$eldest" -s "$scratch/nobody" "$verb"
    complains "$scratch/nobody"
    expect 4 "$eldest" -s "$scratch/nobody" "$verb" --json
    expect 4 "$eldest" "$verb" -C no-such-cluster
    complains "sudo eldestd -C no-such-cluster"
    complains /no-such-cluster.sock
done
expect 4 "$eldest" -s "$scratch/nobody" run -- touch "$scratch/ran"
complains "$scratch/nobody"
expect 4 "$eldest" -s "$scratch/nobody" run --once touch "$scratch/ran"
expect 4 "$eldest" -s "$scratch/nobody" hooks "$scratch"
complains "$scratch/nobody"
expect 125 "$eldest" -s "$scratch/nobody" hooks "$scratch/missing"
complains "$scratch/missing"
[ ! -e "$scratch/ran" ] || fail "run has run its command without a daemon"
expect 4 "$eldest" -s "$scratch/$(printf '%0200d' 0)" status

# Something else than a daemon answers.
expect 4 "$eldest" -s / status

# What was asked for and cannot be printed is an error.
for program in eldest eldestd; do
    for option in --help --version; do
        status=0
        "$builddir/$program" $option >/dev/full 2>"$scratch/errors" || status=$?
        [ $status = 74 ] || fail "$program $option with a full device ended with $status"
    done
done
status=0
"$builddir/eldestd" --check -c /dev/null >/dev/full 2>"$scratch/errors" || status=$?
[ $status = 74 ] || fail "eldestd --check with a full device ended with $status"
