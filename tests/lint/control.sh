#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# control.sh - eldest-protocol(7) has all commands of the control socket, with who may give them, and all codes of its errors.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"

page=man/eldest-protocol.7
status=0

part() { # SUBSECTION: of the section on the control socket
    awk -v heading=".Ss $1" '/^\.Sh / { section = $0 } /^\.S[hs] / { inside = $0 == heading && section == ".Sh CONTROL SOCKET" }
        inside' "$page"
}

# "NAME a" for those that act.
explained_commands() {
    part Commands | sed -n 's/^\.It \([a-z-]*\) Ta \("" \)\?\(a \)\?Ta .*/\1 \3/p' | sed 's/ *$//' | sort
}

commands() {
    awk '/^static const struct ctlcommand commands/ { inside = 1; next } /^};/ { inside = 0 }
        inside && match($0, /\{ "[a-z-]+"/) {
            print substr($0, RSTART + 3, RLENGTH - 4) (/\.acts = true/ ? " a" : "")
        }' src/daemon/ctlcommand.c | sort
}

explained_codes() {
    part Errors | sed -n 's/^\.It Li \([a-z-]*\)$/\1/p' | sort
}

codes() {
    {
        search -ohE '(ctlclient_refuse\([a-z>-]+, |report_error\()"[a-z-]+"' src/daemon/*.c
        search -ohE '"error", "code", "[a-z-]+"' src/daemon/*.c
        search -ohE '\\"code\\":\\"[a-z-]+\\"' src/daemon/*.c | sed 's/[\]"/"/g'
    } | sed 's/"$//; s/.*"//' | sort -u
}

[ "$(commands | wc -l)" -gt 5 ]
[ "$(codes | wc -l)" -gt 5 ]
diff <(explained_commands) <(commands) | complain "commands in $page (<) and in src/daemon/ctlcommand.c (>)" || status=1
diff <(explained_codes) <(codes) | complain "codes of errors in $page (<) and in src/daemon (>)" || status=1
exit $status
