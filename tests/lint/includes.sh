#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# includes.sh - each layer includes only what lies below it; the system only where it belongs.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"

# Prints "FILE:LINE:#include ..." of the files below src/LAYER, but not those that match.
includes_but() { # LAYER PATTERN
    search -rnE '^[[:space:]]*#[[:space:]]*include' --include='*.[ch]' "src/$1" | search -vE "include $2"
}

pure='assert|stdbool|stddef|stdint|string'
{
    includes_but base "(<(errno|$pure)\.h>|\"base/)"
    includes_but wire "(<($pure)\.h>|\"(base|wire)/)"
    includes_but auth "(<($pure)\.h>|\"(base|wire|auth)/)"
    includes_but core "(<($pure)\.h>|\"(base|wire|core)/)"
    includes_but platform '(<|"(base|wire|auth|core|platform)/)'
    includes_but daemon '(<|"(base|wire|auth|core|platform|daemon)/)'
    includes_but lib '(<|"(base|lib|eldest)/)'
    includes_but cli '(<|"(base|lib|eldest|cli)/)'
    includes_but tools '<'
    includes_but inhibitor '(<|"(base|inhibitor)/)'
} | complain "not for this layer"

# Neither the daemon nor the client is linked with it.
search -rnE 'include <systemd/' --include='*.[ch]' src | search -v '^src/inhibitor/' | complain "only src/inhibitor knows libsystemd"

# The control server talks to its clients through bufferevents, and tools are programs of their own; all else about the
# event loop and the network is platform's.
search -rnE 'include <(event2?/|linux/|net/|netinet/|ifaddrs)' --include='*.[ch]' src |
    search -vE '^src/(platform/|tools/|daemon/ctl(client|server)\.c:[0-9]+:#include <event2/)' |
    complain "only src/platform knows the event loop and the network"
