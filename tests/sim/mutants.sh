#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# mutants.sh [--all | NAME...] - breaks the core on purpose, one rule at a time, and wants the simulator to notice.
#
# A simulator that catches nothing proves nothing. Each file tests/sim/mutants/NAME.patch breaks one file of the core:
#
#     Rule: the rules and findings that it breaks
#     Breaks: what the core does now, in one sentence
#     Case: the case that shows it; only for those that the swarm does not catch
#
# and a unified diff. The changed file is compiled as the build at hand compiles the core, without warnings, and linked
# in place of the original into an eldest-sim of its own, which plays the swarm, or the case, from seed 1 up to the first
# failure. Whatever survives is a hole in the simulator, and the exit status says so.
#
# Without arguments, in "make check": every patch fits the core exactly, and a few mutants are caught. "make sim-mutants"
# tries all, in a build of its own that is optimised, and prints the table; so does NAME for some of them.
set -euo pipefail
export LC_ALL=C

readonly source=${abs_top_srcdir:?make check sets it}
readonly build=${abs_top_builddir:?make check sets it}
readonly mutants=$source/tests/sim/mutants
readonly time_max=15m # a mutant may do endless work
readonly seeds_max=150 # that each setting of a swarm is played with; "make check" plays fewer
readonly sample=(birth-by-the-clock-of-the-host epoch-is-used-again leads-without-interface preempts-at-once yields-before-it-stops)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

field() { # NAME FIELD
    sed -n "/^---/q; s/^$2: //p" "$mutants/$1.patch"
}

# The file of the core that it changes, by its path under src/.
target() { # NAME
    sed -n 's,^+++ b/src/,,p' "$mutants/$1.patch"
}

# The changed file; where and how exactly is up to the patch, but nothing is guessed.
mutate() { # NAME
    mkdir -p "$work/$1"
    patch --quiet --fuzz=0 --reject-file=- --output="$work/$1/mutant.c" "$source/src/$(target "$1")" "$mutants/$1.patch"
}

# Every mutant says what it is about and fits the core.
look_through() { # NAME...
    local name status=0
    for name in "$@"; do
        if [ -z "$(field "$name" Rule)" ] || [ -z "$(field "$name" Breaks)" ]; then
            echo "$name: the head needs \"Rule: \" and \"Breaks: \""
            status=1
        elif ! mutate "$name" >"$work/log" 2>&1; then
            echo "$name: does not fit src/$(target "$name"): renew tests/sim/mutants/$name.patch"
            cat "$work/log"
            status=1
        fi
    done
    return $status
}

# A simulator with that mutant in the core; nothing of the original file is linked.
link() { # NAME
    # shellcheck disable=SC2086 # a compiler and its options
    $MUTANT_COMPILE -o "$work/$1/eldest-sim" "$work/$1/mutant.c" \
        "$build"/tests/sim/eldest_sim.o "$build"/libeldest-sim.a "$build"/libeldest-core.a
}

# RUNS and SEED of the first failure.
play() { # NAME WHAT
    local status=0 seeds=()
    [ "$2" != swarm ] && [ "$2" != majority ] || seeds=(--runs "$seeds_max")
    timeout "$time_max" "$work/$1/eldest-sim" --until-failure "${seeds[@]}" "$2" >"$work/$1/log" 2>&1 || status=$?
    case $status in
    0) return 1 ;;
    1) sed -n 's/^.*: run \([0-9]*\) failed, with seed \([0-9]*\)$/\1 \2/p' "$work/$1/log" ;;
    *) echo "- -" ;; # it crashed or has no end: the report of the sanitizer, or the assertion, is in the log
    esac
}

# One line of the table.
try() { # NAME
    local by runs
    mutate "$1" && link "$1" || exit 99
    by=$(field "$1" Case)
    by=${by:-swarm}
    runs=$(play "$1" "$by") || { by=nothing; runs="- -"; }
    # shellcheck disable=SC2086 # two columns
    printf '%-36s %-22s %-34s %5s %5s\n' "$1" "$(field "$1" Rule)" "$by" $runs
}

head_of_table() {
    printf '%-36s %-22s %-34s %5s %5s\n' mutant "rules, findings" "caught by" runs seed
}

summary() { # TABLE
    awk '$(NF - 2) == "nothing" { nothing++ }
         $(NF - 2) == "swarm" { swarm++ }
         { all++ }
         END { printf "%d mutants: %d caught by the swarm, %d by a case, %d by nothing\n",
                      all, swarm, all - swarm - nothing, nothing }' "$1"
    awk '$(NF - 2) == "swarm" && $(NF - 1) != "-" { print $(NF - 1) }' "$1" | sort -n |
        awk '{ runs[NR] = $1 } END { if (NR) printf "the swarm: after %d runs in the median, at most %d\n",
                                         runs[int((NR + 1) / 2)], runs[NR] }'
}

table() { # NAME...
    local name
    head_of_table
    # By a make of its own, whose last line it is.
    MUTANT_COMPILE=$(MAKEFLAGS='' make -s --no-print-directory -C "$build" sim-mutant-compile | tail -n 1)
    export MUTANT_COMPILE abs_top_srcdir abs_top_builddir
    printf '%s\n' "$@" | xargs -n 1 -P "${MUTANT_JOBS:-2}" "$0" --try >"$work/table" || exit 99
    sort "$work/table"
    summary "$work/table"
    ! grep -q ' nothing ' "$work/table"
}

mapfile -t names < <(cd "$mutants" && printf '%s\n' *.patch | sed 's/\.patch$//')
case ${1-} in
--try) try "$2" ;;
--all) look_through "${names[@]}" && table "${names[@]}" ;;
"") look_through "${names[@]}" && table "${sample[@]}" ;;
*) look_through "$@" && table "$@" ;;
esac
