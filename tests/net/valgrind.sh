#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# The life of a small cluster under valgrind: elected, killed, cut off and healed, handed over, reloaded and stopped, and
# every question of the client. A daemon or a client that touches memory it must not, or loses some, fails the test by its
# exit status. It takes a build without sanitizers.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

type -P valgrind >/dev/null || { echo "skipped: this test needs valgrind"; exit 77; }
readonly careful=(valgrind --quiet --leak-check=full --errors-for-leak-kinds=definite --error-exitcode=9 --child-silent-after-fork=no)

# Slow as they are, they are given time.
precedence=("${careful[@]}" --trace-children=yes)
lan 3
for i in 1 2 3; do
    configure "$i" <<END
[timing]
detect = 2s
END
done

carefully() { # STATUS HOST COMMAND...
    local status=0
    "${careful[@]}" "$builddir/eldest" -s "$scratch/h$2/sock" "${@:3}" >"$scratch/said" 2>&1 || status=$?
    [ $status = "$1" ] || { cat "$scratch/said"; fail "eldest ${*:3} ended with $status, not $1"; }
}

start_in_turn 1 2 3
for i in 1 2 3; do
    for command in status peers leader history counters "status --json" "leader -f %n%a%p%e%i%t"; do
        # shellcheck disable=SC2086 # words
        carefully 0 $i $command
    done
done
carefully 0 1 is-leader
carefully 1 2 is-leader
carefully 0 2 wait --not-self
carefully 5 2 wait --self --timeout 50ms
carefully 0 3 watch --for 1s
carefully 1 2 resign
carefully 0 1 resign
wait_leader 1 2 3
carefully 0 2 reload

kill9 "$leader"
rest=()
for i in 1 2 3; do
    [ "$i" = "$leader" ] || rest+=("$i")
done
killed=$leader
wait_leader "${rest[@]}"
start "$killed"
wait_leader 1 2 3
wait_known 1 2 3

cut "$leader"
rest=()
for i in 1 2 3; do
    [ "$i" = "$leader" ] || rest+=("$i")
done
lonely=$leader
wait_leader "${rest[@]}"
heal "$lonely"
wait_leader 1 2 3
wait_known 1 2 3
