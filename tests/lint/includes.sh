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
    includes_but text '(<|"(base|text)/)'
    includes_but daemon '(<|"(base|wire|auth|core|platform|daemon)/)' | search -v '^src/daemon/main\.c:[0-9]*:#include "http/'
    includes_but http '(<|"(base|wire|auth|core|text|platform|daemon|http)/)'
    includes_but lib '(<|"(base|lib|eldest)/)'
    includes_but cli '(<|"(base|text|lib|eldest|cli)/)'
    includes_but tools '<'
    includes_but inhibitor '(<|"(base|inhibitor)/)'
} | complain "not for this layer"

# Neither the daemon nor the client is linked with it.
search -rnE 'include <systemd/' --include='*.[ch]' src | search -v '^src/inhibitor/' | complain "only src/inhibitor knows libsystemd"

# And eldest works without a terminal library.
search -rnE 'include <(ncursesw?/|n?curses\.h|term\.h)' --include='*.[ch]' src | search -v '^src/cli/top_screen\.c:' |
    complain "only src/cli/top_screen.c knows ncurses"

# The servers talk to their clients through libevent's buffers, and tools are programs of their own; all else about the
# event loop and the network is platform's.
search -rnE 'include <(event2?/|linux/|net/|netinet/|ifaddrs)' --include='*.[ch]' src |
    search -vE '^src/(platform/|tools/|http/[a-z]*\.[ch]:[0-9]+:#include <event2/|daemon/ctl(client|server)\.c:[0-9]+:#include <event2/)' |
    complain "only src/platform knows the event loop and the network"
