#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# usage.sh - the command line itself, and what is said when there is no daemon.
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

eldest=$builddir/eldest
asking=(status leader is-leader peers history counters doctor watch wait reload resign pause resume retire tag)
verbs=("${asking[@]}" keygen top run hooks)

# Help and version go to standard output.
expect 0 "$eldest" --help
for verb in "${verbs[@]}"; do
    has "  $verb"
done
expect 0 "$eldest" help
for verb in "${verbs[@]}"; do
    has "  $verb"
done

# That of a verb lists its options, those of its usage and no others, and those that all have. One has a letter or its usage
# tells the long form.
options_of_usage() {
    sed -n '1s/^usage: eldest [a-z-]*//p' <<<"$output" | grep -oE -e '-[a-z-]+' | grep -vx -e --
}
options_of_list() {
    sed -nE 's/^  (-[a-z]), --.*/\1/p; s/^      (--[a-z-]+) .*/\1/p' <<<"$output" | grep -vxE -e '-[Csjh]'
}
for verb in "${verbs[@]}"; do
    for help in -h --help; do
        expect 0 "$eldest" -s "$scratch/nobody" "$verb" $help
        has "usage: eldest $verb"
        has "  -j, --json "
        [ -z "$errors" ] || fail "help on standard error: $errors"
        [ "$(options_of_usage | sort)" = "$(options_of_list | sort)" ] || fail "the usage differs from the list: $output"
    done
done
expect 0 "$eldest" help wait
has "usage: eldest wait"
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
complains "'eldest --help'"
[[ $errors != *"did you mean"* ]] || fail "a guess out of nothing: $errors"
for word in statsu sttaus stat; do
    wrong "$word"
    complains "did you mean 'status'"
done
wrong is-laeder
complains "did you mean 'is-leader'"
wrong help stat
complains "did you mean 'status'"
wrong --frobnicate status
wrong wait --frobnicate
complains "usage: eldest wait"
complains "'eldest wait --help'"
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
complains "usage: eldest wait [--self | --not-self] [--timeout DURATION]"
complains "eldest wait --help"
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
for verb in "${asking[@]}"; do
    expect 4 "$eldest" -s "$scratch/nobody" "$verb"
    complains "$scratch/nobody"
    expect 4 "$eldest" -s "$scratch/nobody" "$verb" --json
    expect 4 "$eldest" "$verb" -C no-such-cluster
    complains "for cluster no-such-cluster"
    complains /no-such-cluster.sock
done

# How it is started depends on the host.
on_host() { # COMMAND... : that has nothing in /run but these units of systemd
    # shellcheck disable=SC2016 # the script has arguments of its own
    unshare --mount sh -c 'units=$1; shift; mount -t tmpfs none /run || exit 99
        for unit in $units; do mkdir -p /run/systemd/system; : >"/run/systemd/system/$unit"; done; exec "$@"' sh "$units" "$@"
}
units=eldest.service
if on_host true 2>/dev/null && ! on_host test -e /lib/systemd/system/eldest.service; then
    expect 4 on_host "$eldest" status
    complains "start it with sudo systemctl start eldest"
    expect 4 on_host "$eldest" status -C two
    complains "start it with sudo eldestd -C two"
    units="eldest.service eldest@.service"
    expect 4 on_host "$eldest" status -C two
    complains "start it with sudo systemctl start eldest@two"
    units=''
    expect 4 on_host "$eldest" status
    complains "start it with sudo eldestd"

    # Other clusters are named, by their sockets.
    folder=$(sed -n 's/.*nobody listens on \(.*\)\/default\.sock.*/\1/p' <<<"$errors")
    place=$folder
    until [ -d "$place" ]; do place=${place%/*}; done
    # shellcheck disable=SC2016 # likewise
    expect 4 unshare --mount sh -c 'mount -t tmpfs none "$1" && mkdir -p "$2" && : >"$2/default.sock" && : >"$2/two.sock" &&
        : >"$2/def.sock" && exec "$3" status' sh "$place" "$folder" "$eldest"
    complains "other clusters of this host, for --cluster: def, two"
fi
expect 4 "$eldest" -s "$scratch/nobody" run -- touch "$scratch/ran"
complains "$scratch/nobody"
expect 4 "$eldest" -s "$scratch/nobody" run --once touch "$scratch/ran"
expect 4 "$eldest" -s "$scratch/nobody" hooks "$scratch"
complains "$scratch/nobody"
expect 125 "$eldest" -s "$scratch/nobody" hooks "$scratch/missing"
complains "$scratch/missing: there is no such directory"
[ ! -e "$scratch/ran" ] || fail "run has run its command without a daemon"
expect 4 "$eldest" -s "$scratch/$(printf '%0200d' 0)" status
complains "at most 107 bytes"

# Something else than a daemon is there, or answers.
expect 4 "$eldest" -s / status
complains "--socket /: no socket"
answer_with else <<<'this is no JSON'
expect 4 ask else status
complains "what answers on $scratch/else/sock is no eldestd"

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
