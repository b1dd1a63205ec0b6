#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# All hosts are switched on together: they agree on one of them, and only that one says that it leads.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

lan 5
for hosts in "1 2" "1 2 3" "1 2 3 4 5"; do
    # shellcheck disable=SC2086 # a list of hosts
    set -- $hosts
    launch "$@"
    for i; do
        wait_answer "$i"
    done
    wait_leader "$@"
    expect_leader "$leader"
    for i; do
        status=0
        ask "$i" is-leader || status=$?
        if [ "$i" = "$leader" ]; then [ $status = 0 ]; else [ $status = 1 ]; fi
    done
    for i; do
        end "$i" KILL
    done
    forget "$@"
done
