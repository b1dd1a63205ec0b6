#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# check.sh [--all | --story RULE] - explores the model of "quorum = majority" with spin.
#
# Without arguments, in "make check": all states of the smallest setting, every action taken, what ought to be possible is
# possible, and a few rules taken out, each of which must break a property. "make model" (--all) explores the larger settings
# and takes every rule out of rules.pml, one at a time, and prints doc/model.md; that takes up to some hours and 7 GB. --story
# NO_MAJ_3_ONCE tells the shortest run in which something breaks without that rule.
set -euo pipefail
export LC_ALL=C

readonly source=${abs_top_srcdir:-$(cd "${0%/*}/../.." && pwd)}/tests/model
readonly compiler=${MODEL_CC:-gcc}
readonly memory_mb=7000
readonly time_max=${MODEL_TIME:-1h} # of each setting
readonly rule_time_max=${MODEL_RULE_TIME:-10m} # until something breaks without a rule
readonly sample=(NO_MAJ_1_OWN NO_MAJ_3_ONCE NO_MAJ_5_VOTE NO_MAJ_5_SELF NO_MAJ_5_STAND)
readonly properties=(- "two leaders in an epoch" "two leases" "a lease beside another's election" "a token goes back")

# What is explored: three hosts, two epochs, two stamps, restarts, unless said otherwise; rosters with one stamp and no restart.
readonly rosters="-DROSTER=1 -DSTAMPS=1 -DRESTARTS=0"
declare -rA settings=(
    [small]="-DRELEASES=1 -DBARE=1"
    [three]="-DEPOCHS=3 -DRELEASES=1"
    [stamps]="-DSTAMPS=3 -DRELEASES=1"
    [lost]="-DLOSSES=1 -DRELEASES=1"
    [witness]="-DWITNESSES=1 -DRELEASES=1"
    [bootstrap]="$rosters -DHOSTS=4 -DFRESH=1"
    [five]="$rosters -DHOSTS=5 -DFRESH=1"
    [apart]="$rosters -DHOSTS=5 -DFRESH=1 -DAPART=1"
    [seats]="$rosters -DHOSTS=4 -DSEATS=1"
    [duel]="$rosters -DHOSTS=6 -DN=5 -DSEATS=1 -DWITNESSES=4 -DDUEL=1"
)
declare -rA about=(
    [small]="handover and lease_ms"
    [three]="3 epochs, handover"
    [stamps]="3 stamps, handover"
    [lost]="lost state, handover"
    [witness]="1 of 3 is a witness, handover"
    [bootstrap]="4 fresh hosts for 3 seats"
    [five]="5 fresh hosts for 3 seats"
    [apart]="5 fresh hosts, two rosters with one host in both"
    [seats]="3 seats and a spare, seats change"
    [duel]="5 seats and a spare, one loses its seat and stands"
)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for tool in spin "$compiler"; do
    command -v "$tool" >/dev/null && continue
    echo "skipped: $tool is missing (Debian: apt-get install spin gcc)"
    exit 77
done

# Leaves $work/pan, for the model with those definitions.
build() { # DEFINITIONS [OPTION OF THE COMPILER...]
    # shellcheck disable=SC2086 # several definitions
    (cd "$work" && rm -f ./*.trail pan && spin $1 -a "$source/majority.pml" && "$compiler" -w -O2 -DSAFETY -DNOFAIR \
        -DMEMLIM=$memory_mb "${@:2}" -o pan pan.c) >"$work/build.log" 2>&1 || {
        cat "$work/build.log" >&2
        exit 99
    }
}

# Explores what was built; the report is in $work/report.
explore() { # TIME-LIMIT [OPTION OF PAN...]
    (cd "$work" && timeout -s INT "${1}" nice ./pan -E "${@:2}") >"$work/report" 2>&1 || [ $? = 124 ]
}

# Nothing was found, and nothing left out.
holds() {
    grep -q 'errors: 0$' "$work/report" && ! grep -qE 'not completed|too small|out of memory|aborted' "$work/report"
}

breaks() {
    grep -q '^pan:1: assertion violated' "$work/report"
}

number() { # WHAT: the number before it
    sed -n "s/^ *\([0-9.e+]*\)[[:space:]]$1.*/\1/p" "$work/report" | awk 'END { printf "%d", $1 }'
}

depth() {
    sed -n 's/^State-vector.*depth reached \([0-9]*\).*/\1/p' "$work/report"
}

field() { # RULE WHICH: 1 the name of the rule, 2 the setting, 3 what nodes do without it
    sed -n "s,^#ifndef $1 /\* \([A-Z0-9-]*\) (\([a-z]*\)): \(.*\) \*/$,\\$2,p" "$source/rules.pml"
}

# ------------------------------------------------------------------------------------------------------- the quick part

complain() { # WHAT
    echo "FAILED: $1" >&2
    tail -n 30 "$work/report" >&2
    exit 1
}

# Every state of the smallest setting, and every action that is compiled into it was taken.
look_through_small() {
    build "${settings[small]} -DCOVER=1" -DCOLLAPSE
    explore 10m -m100000
    holds || complain "a property does not hold"
    grep '^did ' "$work/report"
    local action
    for action in stands votes is_elected promises follows sends_acks gets_a_lease tells_its_lease time_passes steps_down \
        work_stops releases restarts; do
        grep -q "^did $action " "$work/report" || complain "no node ever $action"
    done
    echo "small: $(number 'states, stored') states, all properties hold"
}

possible() { # GOAL SETTING WHAT
    build "${settings[$2]} -DGOAL=$1" -DBFS -DCOLLAPSE
    explore 10m -m100
    breaks || complain "it is not possible that $3"
    echo "possible: $3 (after $(depth) steps)"
}

shown() { # RULE
    build "${settings[$(field "$1" 2)]} -D$1=1" -DBFS -DCOLLAPSE
    explore 10m -m100
    breaks || complain "nothing breaks without $1"
    echo "$1 is needed: shown by a run of $(depth) steps"
}

quick() {
    local rule
    look_through_small
    possible 1 small "another host has a lease in the next epoch"
    possible 2 small "a release shortens promises"
    for rule in "${sample[@]}"; do
        shown "$rule"
    done
}

# -------------------------------------------------------------------------------------------------------- the long part

row() { # CELL...
    printf '| %s ' "$@"
    echo "|"
}

# All states if they fit; else as many as the memory holds two bits for.
whole() { # SETTING
    local how=complete begin=$SECONDS
    build "${settings[$1]}" -DCOLLAPSE
    explore "$time_max" -m1000000
    if ! holds && ! breaks; then
        how="bit state, 2^33 bits"
        build "${settings[$1]}" -DBITSTATE
        explore "$time_max" -m1000000 -w33 -k3
    fi
    local result=holds
    holds || result="holds in these, not completed"
    ! breaks || result="**broken**"
    row "${about[$1]}" "\`${settings[$1]}\`" "$how" "$(number 'states, stored')" "$(number 'transitions')" "$(depth)" \
        "$(number 'total actual memory')" "$((SECONDS - begin))" "$result"
}

# The shortest run, then what else breaks within four steps more.
without() { # RULE
    local setting depth what=() property
    setting=$(field "$1" 2)
    build "${settings[$setting]} -D$1=1" -DBFS -DCOLLAPSE
    explore "$rule_time_max" -m100
    if ! breaks; then
        local how="all"
        holds || how="the first"
        row "$(field "$1" 1)" "$(field "$1" 3)" "${about[$setting]}" \
            "nothing in $how $(number 'states, stored') states, of runs up to $(depth) steps" -
        return
    fi
    depth=$(depth)
    for property in 1 2 3 4; do
        build "${settings[$setting]} -D$1=1 -DPROPERTY=$property" -DBFS -DCOLLAPSE
        explore 2m -m$((depth + 4))
        ! breaks || what+=("${properties[$property]}")
    done
    row "$(field "$1" 1)" "$(field "$1" 3)" "${about[$setting]}" "$(printf '%s; ' "${what[@]}" | sed 's/; $//')" "$depth"
}

all() {
    local setting rule
    cat <<'END'
# The model of quorum = majority

Made by `make model`, of `tests/model/`, whose head tells what is modelled and what is not. Three seats, two epochs, two Acks
of one leader under way, any number of restarts, unless the setting says otherwise; settings with rosters have one Ack under
way and no restart.

## All rules

Depth is the longest run without a repeated state. Memory in MB, time in seconds.

END
    row setting definitions search states transitions depth memory time result
    row --- --- --- --- --- --- --- --- ---
    for setting in ${MODEL_SETTINGS-small three stamps lost witness bootstrap five apart seats duel}; do
        whole "$setting"
    done
    cat <<'END'

## One rule less

What breaks first, breadth first, and within four steps more; depth: of the shortest run. `tests/model/check.sh --story NAME`
tells that run, where NAME is in `tests/model/rules.pml`.

END
    row rule "what nodes do without it" setting "what breaks" depth
    row --- --- --- --- ---
    for rule in ${MODEL_RULES-$(sed -n 's/^#ifndef \([A-Z0-9_]*\) .*/\1/p' "$source/rules.pml")}; do
        without "$rule"
    done
}

story() { # RULE
    local definitions="${settings[$(field "$1" 2)]} -D$1=1"
    build "$definitions" -DBFS -DCOLLAPSE
    explore 10m -m100
    breaks || complain "nothing breaks without $1"
    # shellcheck disable=SC2086 # several definitions
    spin -k "$work/majority.pml.trail" -T $definitions "$source/majority.pml" | grep -E '^([A-F]|the|all) '
}

case ${1-} in
--all) all ;;
--story) story "$2" ;;
*) quick ;;
esac
