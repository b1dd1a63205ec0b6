#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# words.sh - nothing is left half done, nothing tells of the machine that it was written on, and the layout holds.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"

mapfile -t texts < <(files ! -path tests/lint/words.sh)
status=0

search -nE '\b(TODO|FIXME|XXX)\b|/work/|/home/' "${texts[@]}" | complain "left over" || status=1
search -nE '[[:space:]]+$' "${texts[@]}" | complain "space at the end of a line" || status=1

mapfile -t sources < <(files -name '*.[ch]')
search -nP '\t' "${sources[@]}" | complain "tabs" || status=1
search -nE '^.{121}' "${sources[@]}" | complain "longer than 120 columns" || status=1
search -LE '^/\* SPDX-License-Identifier: ISC$' "${sources[@]}" | complain "no licence in the first line" || status=1

exit $status
