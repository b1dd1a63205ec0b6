#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# table.sh - the figures of eldest, measured in virtual time: make sim-table.
#
#     tests/sim/table.sh SIMULATOR FOLDER [OPTION OF eldest-sim...]
#
# Writes into the folder: table.txt to be read, table.csv for programs, failover.svg for the manual. The whole of it
# takes about half an hour of one core. With options such as "--nodes 2,3 --runs 2 --for 1m" it is quick and says
# little.

set -euo pipefail

readonly simulator=$1 folder=$2 options=("${@:3}")
readonly plot=${0%/*}/plot.awk
losses=(1 10 20 30)
part=0

main() {
    local loss
    rm -rf "$folder"
    mkdir -p "$folder"
    measure
    measure --detect 100ms --stories death
    for loss in "${losses[@]}"; do
        measure --loss "$loss" --stories death,quiet --nodes 2,3,5,10,30,100,1000
    done
    join
    awk -f "$plot" "$folder/table.csv" >"$folder/failover.svg"
    echo "in $folder: table.txt table.csv failover.svg"
}

# One part of the table; the options of the caller come last, and so prevail.
measure() { # OPTION...
    part=$((part + 1))
    "$simulator" --table --csv "$folder/part$part.csv" "$@" ${options[@]+"${options[@]}"} | tee -a "$folder/table.txt"
}

# The parts as one, under one head line.
join() {
    awk 'FNR > 1 || NR == 1' "$folder"/part*.csv >"$folder/table.csv"
    rm "$folder"/part*.csv
}

main
