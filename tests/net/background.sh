#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# Without -f the daemon goes to the background when it is ready: then it answers, and SIGTERM ends it.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

lan 1
home=$scratch/h1
on 1 "$builddir/eldestd" -c "$home/conf" -i eth0 -S "$home/state" -s "$home/sock"
ask 1 wait --timeout 30s
[ "$(leader_of 1)" = h1 ]

# The only one of that name in this process namespace.
daemon=$(pgrep -x eldestd)
kill "$daemon"
tail --pid="$daemon" -f /dev/null
[ ! -e "$home/sock" ]
