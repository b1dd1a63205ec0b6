#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# A wrong configuration ends the daemon with status 78, and it names every mistake at once.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

lan 1
configure 1 <<END
priority = high
colour = red
[timing]
detect = 5
[cluster]
quorum = majority
END
refused 1 78 priority
refused 1 78 high
refused 1 78 colour
refused 1 78 detect
refused 1 78 majority
refused 1 78 "$scratch/h1/conf"
refused 1 78 priority --check
refused 1 64 --no-such-option --no-such-option
refused 1 78 "$scratch/none" -c "$scratch/none"
