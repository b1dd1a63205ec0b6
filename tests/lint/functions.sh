#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# functions.sh - a function can be seen whole: no more than 70 lines. The main of a unit test is exempt, being a list of its
# cases.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"
needs ctags universal-ctags

mapfile -t sources < <(files -name '*.c')
ctags -x --languages=C --kinds-C=f --fields=+ne --_xformat='%{end} %n %F %N' "${sources[@]}" |
    awk '{ lines = $1 - $2 + 1 }
        $3 ~ /^tests\/unit\// && $4 == "main" { next }
        lines > 70 { print $3 ":" $2 ": " $4 " has " lines " lines" }' |
    complain "longer than 70 lines"
