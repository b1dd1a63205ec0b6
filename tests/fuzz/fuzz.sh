#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# fuzz.sh - builds the fuzz targets with libFuzzer, in the folder fuzz of the build tree, and lets each search for a while,
# from the corpus that it has there. Prints for each how often it was run, how much of the code it has seen, and for how long
# it had found nothing new at the end. What breaks a promise is left in fuzz/findings.
#
#     make fuzz [FUZZ_SECONDS=600] [FUZZ_TARGETS="wire conf"]
set -euo pipefail
readonly source=$1 seconds=$2
targets=("${@:3}")

compiler=${FUZZ_CC:-$(type -P clang-14 clang | head -n 1)}
[ -n "$compiler" ] || { echo "fuzz.sh: clang is missing (Debian: apt-get install clang-14)" >&2; exit 1; }
mkdir -p fuzz/corpus fuzz/findings
cd fuzz
[ -e config.status ] || "$source/configure" -q CC="$compiler" CFLAGS="-O1 -g -fsanitize=fuzzer-no-link,address,undefined \
    -fno-sanitize-recover=all -fno-omit-frame-pointer" LDFLAGS="-fsanitize=address,undefined"
make -s -j "$(nproc)" "${targets[@]/#/tests/fuzz/replay_}" "${targets[@]/#/tests/fuzz/fuzz_}"

# What libFuzzer says, in one line.
summarise() { # TARGET
    awk -v name="$1" '
        /\tNEW / { news = systime() }
        match($0, /cov: [0-9]+/) { coverage = substr($0, RSTART + 5, RLENGTH - 5) }
        /^stat::number_of_executed_units/ { runs = $2 }
        BEGIN { begun = news = systime() }
        END { printf "%-8s %12d runs %8.0f/s  %6d edges  nothing new for %d s\n", name, runs,
              runs / (systime() - begun + 1), coverage, systime() - news }'
}

status=0
for target in "${targets[@]}"; do
    mkdir -p "corpus/$target"
    "tests/fuzz/replay_$target" -w "corpus/$target"
    "tests/fuzz/fuzz_$target" -max_total_time="$seconds" -max_len=8192 -timeout=20 -rss_limit_mb=2000 -print_final_stats=1 \
        -artifact_prefix="findings/$target-" "corpus/$target" 2>&1 | tee "$target.log" | summarise "$target" || status=1
    [ "${PIPESTATUS[0]}" = 0 ] || { tail -n 40 "$target.log"; status=1; }
done
exit $status
