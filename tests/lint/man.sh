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
