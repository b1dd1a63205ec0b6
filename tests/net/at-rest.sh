#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# at-rest.sh - what a cluster costs in which nothing happens: memory, processor and wakeups of each daemon and its sentinel.
#
#     at-rest.sh [SECONDS] [NODES...]        30 seconds with 3 and 10 nodes, if nothing is said
#
# Wakeups are the voluntary context switches of the process: how often it had nothing to do and was woken later. Build
# without sanitizers.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

say() {
    :
}

duration=${1:-30}
if [ $# -gt 1 ]; then sizes=("${@:2}"); else sizes=(3 10); fi
ticks=$(getconf CLK_TCK)

# RSS and PSS in kB, wakeups, and ticks of the processor, so far.
costs() { # HOST
    local daemon=${pid[$1]} sentinel
    sentinel=$(sentinel_of "$1")
    cat "/proc/$daemon/smaps_rollup" "/proc/$sentinel/smaps_rollup" |
        awk '/^Rss:/ { rss += $2 } /^Pss:/ { pss += $2 } END { printf "%d %d ", rss, pss }'
    cat "/proc/$daemon/status" "/proc/$sentinel/status" |
        awk '/^voluntary_ctxt_switches:/ { woken += $2 } END { printf "%d ", woken }'
    cat "/proc/$daemon/stat" "/proc/$sentinel/stat" | sed 's/.*) //' | awk '{ ticks += $12 + $13 } END { print ticks }'
}

report() { # NODES
    local i after before
    for i in "${hosts[@]}"; do
        before=$(<"$scratch/$i.before")
        after=$(costs "$i")
        echo "$([ "$i" = 1 ] && echo leader || echo follower) $before $after"
    done | sort -k1,1 -k4,4n | awk -v nodes="$1" -v seconds="$duration" -v ticks="$ticks" '
        { role = $1; n[role]++; rss[role] += $6; pss[role] += $7
          woken[role] += ($8 - $4) / seconds; busy[role] += ($9 - $5) * 1000 / ticks / seconds }
        END { for (role in n)
                  printf "%5d  %-9s %8d %8d %10.1f %10.2f\n", nodes, role, rss[role] / n[role], pss[role] / n[role],
                         woken[role] / n[role], busy[role] / n[role] }'
}

lan "$(printf '%s\n' "${sizes[@]}" | sort -n | tail -n 1)"
printf '%5s  %-9s %8s %8s %10s %10s\n' nodes each RSS/kB PSS/kB wakeups/s CPU-ms/s
for size in "${sizes[@]}"; do
    mapfile -t hosts < <(seq "$size")
    start_in_turn "${hosts[@]}"
    pause 10 # every node knows its neighbours, and nobody has a reason to speak out of turn
    for i in "${hosts[@]}"; do
        costs "$i" >"$scratch/$i.before"
    done
    pause "$duration"
    report "$size"
    for i in "${hosts[@]}"; do
        end "$i" KILL
        rm -rf "$scratch/h$i/state"
    done
done
