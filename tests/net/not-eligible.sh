#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# A host that may not lead never does: the others pass it over, and alone it has no leader.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

lan 3
configure 1 <<END
eligible = no
END
start 1
status=0
ask 1 wait --timeout 2s || status=$?
[ $status = 5 ]
status=0
ask 1 is-leader || status=$?
[ $status = 3 ]

start 2
wait_leader 1 2
start 3
wait_leader 1 2 3
expect_leader 2

wait_known 1 2 3
kill9 2
wait_leader 1 3
expect_leader 3
