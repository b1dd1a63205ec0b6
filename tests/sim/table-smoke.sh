#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# table-smoke.sh - a tiny `make sim-table`: every figure is there and plausible, the plot is drawn, and the same seeds
# give the same table.

set -euo pipefail
export LC_ALL=C

readonly source=${abs_top_srcdir:?} build=${abs_top_builddir:?}
readonly options=(--nodes "2,3" --runs 2 --for 1m)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "FAILED: $*" >&2
    cat "$work/one/table.csv" >&2
    exit 1
}

# The values of that column, one a line, where story, figure and size are as given.
column() { # COLUMN STORY FIGURE NODES
    awk -F, -v column="$1" -v story="$2" -v figure="$3" -v nodes="$4" \
        '$4 == story && $5 == figure && $3 == nodes { print $column }' "$work/one/table.csv"
}

within() { # LOW HIGH VALUE...
    local value
    [ $# -gt 2 ] || fail "nothing to be within $1 and $2"
    for value in "${@:3}"; do
        awk -v value="$value" -v low="$1" -v high="$2" 'BEGIN { exit !(value >= low && value <= high) }' ||
            fail "$value is not within $1 and $2"
    done
}

readonly median=8 p99=9 most=10
"$source/tests/sim/table.sh" "$build/tests/sim/eldest-sim" "$work/one" "${options[@]}"
"$source/tests/sim/table.sh" "$build/tests/sim/eldest-sim" "$work/two" "${options[@]}" >"$work/log"
cmp "$work/one/table.csv" "$work/two/table.csv" || fail "the same seeds, two tables"

# Six parts: detect 300 and 100 ms, and four losses.
mapfile -t deaths < <(column $most death "silent death" 3)
[ ${#deaths[@]} = 6 ] || fail "${#deaths[@]} parts"
within 100 5000 "${deaths[@]}"
mapfile -t changes < <(column $most quiet "false changes" 3)
within 0 0 "${changes[@]}"
mapfile -t times < <(column $median cold "cold start" 2)
within 1000 1300 "${times[@]}"
mapfile -t times < <(column $median resign resign 3)
within 0.2 2 "${times[@]}"
for story in halves lone; do
    mapfile -t times < <(column $p99 $story "all follow" 3)
    within 0.1 2000 "${times[@]}"
done
mapfile -t rates < <(column $median quiet "follower sends" 3)
within 1.8 6 "${rates[@]}"

[ "$(grep -c '<circle' "$work/one/failover.svg")" = 4 ] || fail "not one point for each size and detect"
[ "$(tail -n 1 "$work/one/failover.svg")" = "</svg>" ] || fail "the plot has no end"
