#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# fuzz.sh - builds the fuzz targets with libFuzzer, in the folder fuzz of the build tree, and lets each search for a while,
# from the corpus that it has there. Prints for each how often it was run, how many edges of the code under test it has seen,
# and for how long it had seen no new one at the end. What breaks a promise is left in fuzz/findings.
#
#     make fuzz [FUZZ_SECONDS=600] [FUZZ_TARGETS="wire conf"] [FUZZ_FAST=yes]
#
# FUZZ_FAST is for reach: no sanitizers, each edge counted where it is written (nothing is inlined), and a process for each
# processor, all with one corpus. Whatever reached something new is then seen by the sanitizers too, which begin with it.
set -euo pipefail
readonly source=$1 seconds=$2 fast=$3
targets=("${@:4}")

compiler=${FUZZ_CC:-$(type -P clang-14 || type -P clang || true)}
[ -n "$compiler" ] || { echo "fuzz.sh: clang is missing (Debian: apt-get install clang-14)" >&2; exit 1; }

if [ -n "$fast" ]; then
    build=fast processes=$(nproc)
    code="-O2 -g -fno-inline -fsanitize-coverage=inline-8bit-counters,pc-table" tests="-O2 -g" checks=
    options=(-entropic=0 -reload=1)
else
    build=checked processes=1
    checks="-fsanitize=address,undefined -fno-sanitize-recover=all"
    tests="-O1 -g -fno-omit-frame-pointer $checks" code="$tests -fsanitize=fuzzer-no-link"
    options=()
fi

# What runs ends with this script. All of it is in the background, since bash does not heed a signal before the program ends
# that it runs in the foreground.
children=()
said='' # descriptor for what fuzzers say

# shellcheck disable=SC2317 # it is called at the end
end_children() {
    local running child

    [ -z "$said" ] || exec {said}>&- # whoever reads there ends then
    running=$(jobs -pr) # without those that have ended, whose number may be another's
    for child in $running; do
        kill "$child" 2>/dev/null || true
    done
    wait
}
trap end_children EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

await_children() { # fails if one of them has
    local failed=0

    while ((${#children[@]} > 0)); do
        wait "${children[0]}" || failed=1
        children=("${children[@]:1}")
    done
    return $failed
}

run() { # COMMAND...
    "$@" &
    children=($!)
    await_children
}

# For make an object that another compiler has made, or one with other flags, is up to date.
made_by=$(printf '%s\n' "$source" "$compiler" "$("$compiler" --version)" "$code" "$tests" "$checks")
[ "$(cat "fuzz/$build/made-by" 2>/dev/null)" = "$made_by" ] || rm -rf "fuzz/$build"
mkdir -p "fuzz/$build" fuzz/corpus fuzz/findings
cd "fuzz/$build"
[ -e made-by ] || run "$source/configure" -q CC="$compiler" LDFLAGS="$checks -fsanitize=fuzzer-no-link"
echo "$made_by" >made-by
run make -s -j "$(nproc)" CFLAGS="$code" libeldest-core.a libeldestd.a
run make -s -j "$(nproc)" CFLAGS="$tests" "${targets[@]/#/tests/fuzz/replay_}" "${targets[@]/#/tests/fuzz/fuzz_}"
cd ..

# What the processes of a target say, in one line.
summarise() { # TARGET
    local begun=$SECONDS news=$SECONDS edges=0 runs=0 line

    while IFS= read -r line; do
        if [[ $line =~ cov:\ ([0-9]+) ]] && ((BASH_REMATCH[1] > edges)); then
            edges=${BASH_REMATCH[1]} news=$SECONDS
        elif [[ $line =~ ^stat::number_of_executed_units:\ ([0-9]+) ]]; then
            ((runs += BASH_REMATCH[1])) || true
        fi
    done
    printf '%-8s %12d runs %8d/s  %6d edges  nothing new for %d s\n' "$1" "$runs" $((runs / (SECONDS - begun + 1))) "$edges" \
        $((SECONDS - news))
}

search() { # TARGET
    local reader failed=0 i

    exec {said}> >(tee "$1.log" | summarise "$1")
    reader=$!
    for ((i = 0; i < processes; i++)); do
        "$build/tests/fuzz/fuzz_$1" -max_total_time="$seconds" -max_len=8192 -timeout=20 -rss_limit_mb=2000 \
            -print_final_stats=1 -artifact_prefix="findings/$1-" "${options[@]}" "corpus/$1" >&"$said" 2>&1 &
        children+=($!)
    done
    exec {said}>&-
    said=''
    await_children || failed=1
    wait "$reader"
    return $failed
}

status=0
for target in "${targets[@]}"; do
    mkdir -p "corpus/$target"
    run "$build/tests/fuzz/replay_$target" -w "corpus/$target"
    search "$target" || {
        # Not its last lines, if any: others may have gone on after it.
        grep -a -m 1 -B 5 -A 30 'ERROR: \|runtime error: ' "$target.log" || tail -n 40 "$target.log"
        status=1
    }
done
exit $status
