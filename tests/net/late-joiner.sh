#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# A host that comes late to a cluster follows its leader and changes nothing.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

lan 4
start 1 2 3
wait_leader 1 2 3
first=$leader
epoch=$(epoch_of "$first")

start 4
wait_leader 1 2 3 4
expect_leader "$first"
expect_epoch "$epoch"

# It goes and comes again, with and without a word.
term 4
start 4
wait_leader 1 2 3 4
kill9 4
start 4
wait_leader 1 2 3 4
expect_leader "$first"
expect_epoch "$epoch"
