#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# All hosts stand still at once, as virtual machines do whose host is suspended, and go on: they agree on one leader again,
# and nobody has taken epochs for nothing.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

lan 5
start_in_turn 1 2 3 4 5
epoch=$(epoch_of 1)
spans=(0.5 2)
! thorough || spans=(0.5 2 7)
for seconds in "${spans[@]}"; do
    freeze 1 2 3 4 5
    pause "$seconds"
    thaw 1 2 3 4 5
    wait_leader 1 2 3 4 5
    wait_known 1 2 3 4 5
    expect_leader "$leader"
    [ "$(epoch_of 1)" -le $((epoch + 4)) ] || fail "epoch $(epoch_of 1) after $epoch"
    epoch=$(epoch_of 1)
done
