#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# man.sh - the manual pages are correct mdoc, and say what they are meant to.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"
needs mandoc mandoc

# Cross references are resolved where the pages are installed.
mandoc -T lint -W warning man/*.[1-8]

# ".Dq a , Dq b" is correct, but the second quotation begins within the first one.
for page in man/*.[1-8]; do
    mandoc -T html -O fragment "$page" | tr -s ' \n' ' ' | sed 's/<[^>]*>//g; s/[{}]//g; s/&#x201C;/{/g; s/&#x201D;/}/g' |
        search -oE '.{20}[{][^}]*[{].{20}' | sed "s|^|$page: |"
done | complain "a quotation within a quotation"

# Every finding of the doctor is explained, and there is no other.
explained() {
    mandoc -T html -O fragment man/eldest.1 |
        sed -n '/by their codes:/,/<\/dl>/s/.*<dt.*<code class="Li">\([a-z-]*\)<.*/\1/p' | sort
}
findings() {
    {
        search -ohE 'finding_new\([a-z]+, "[a-z-]+"' src/cli/doctor*.c
        search -ohE '\{ "[a-z-]+", "[a-z-]+", SEVERITY' src/cli/doctor*.c | sed 's/, SEVERITY//'
    } | sed 's/"$//; s/.*"//' | sort -u
}
diff <(explained) <(findings) | complain "codes of findings in man/eldest.1 (<) and in src/cli/doctor*.c (>)"
