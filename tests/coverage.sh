#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# coverage.sh - which lines of what strangers and users talk to ran in the tests. "make coverage" runs it.
#
#     make coverage [COVERAGE_OF="src/core src/http/http*.c"] [COVERAGE_TESTS="tests/unit/test_wire"]
#
# Builds everything with gcov, in the folder coverage of the build tree, and runs the unit tests, a second of each fuzz
# target and the tests of the command line. A process writes its counters when it ends, so daemons are ended and not
# killed there; the filter of system calls would forbid it, so it is left out. Prints for each file its lines of code, those
# that ran, their share and the numbers of the others; then the share of all.
set -euo pipefail
readonly source=$1 of=$2
tests=() programs=()
for test in "${@:3}"; do
    case $test in
        *.sh) tests+=("$test") ;;
        tests/unit/* | tests/fuzz/*) programs+=("$test") ;; # not the simulator, which has "make sim-coverage"
    esac
done

mkdir -p coverage
cd coverage
[ -e config.status ] || "$source/configure" -q --without-seccomp CFLAGS="-O0 -g --coverage -fprofile-update=atomic"
make -s -j "$(nproc)" all >make.log 2>&1 || { tail -n 40 make.log >&2; exit 99; }
find . -name '*.gcda' -delete
# A build that is slow may be too slow for some test: what ran did run.
make -s -j "$(nproc)" check check_PROGRAMS="${programs[*]}" TESTS="${programs[*]} ${tests[*]}" >check.log 2>&1 ||
    { echo "coverage.sh: not all tests have passed:"; grep -E '^(FAIL|ERROR)|\*\*\*' check.log; }

# All places that a line was compiled for count together: COUNT:LINE:TEXT, after one with the name of the file for LINE 0.
find src -name '*.gcno' -exec gcov -t {} + 2>gcov.log | awk -F: -v source="$source/" '
    $2 + 0 == 0 {
        if ($3 == "Source") { file = $4; at = index(file, "src/"); file = at ? substr(file, at) : "" }
        next
    }
    file == "" || $1 ~ /-$/ { next }
    !((file, $2 + 0) in ran) { ran[file, $2 + 0] = 0; lines[file] = lines[file] " " $2 + 0 }
    $1 !~ /[#=]/ { ran[file, $2 + 0] = 1 }
    END {
        for (file in lines) {
            count = split(lines[file], number, " ")
            missing = ""
            for (i = 1; i <= count; i++)
                if (!ran[file, number[i]]) missing = missing " " number[i]
            print file, count, count - split(missing, ignored, " ") missing
        }
    }' | sort >lines

# shellcheck disable=SC2086 # these are patterns
(cd "$source" && find $of -name '*.[ch]') | sort | join - lines | awk '
    {
        printf "%-32s %5d %5d %6.1f %%", $1, $2, $3, 100 * $3 / $2
        for (i = 4; i <= NF; i++) printf " %d", $i
        print ""
        all += $2; ran += $3
    }
    END { printf "%-32s %5d %5d %6.1f %%\n", "together", all, ran, 100 * ran / all }'
