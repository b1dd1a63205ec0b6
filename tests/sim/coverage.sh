#!/bin/sh
# SPDX-License-Identifier: ISC
#
# coverage.sh [OPTION]... - which rules of the protocol the simulator exercises, and how often. "make sim-coverage" runs it.
#
# Builds the simulator with gcov, plays all cases and the swarm (the options go to eldest-sim), and looks for the rules
# that the comments of src/core name: each place counts as often as its line ran, or the first line of code after it, one
# at a declaration in a header as often as that function was entered. A rule of which every place never ran is a finding, and so is the exit status then. Rules that no comment in the code
# names are listed at the end.
set -u
: "${abs_top_srcdir:?make sim-coverage sets it}" "${abs_top_builddir:?make sim-coverage sets it}"

page=$abs_top_srcdir/man/eldest-protocol.7
build=$abs_top_builddir/sim-coverage
rule='(START|EXCH|SUSP|ELEC|EPOCH|GAP|HAND|MERGE|MEMB|SEC|MAJ)-[0-9]+'

mkdir -p "$build" && cd "$build" || exit 99
[ -f config.status ] || "$abs_top_srcdir/configure" -q CFLAGS="-O0 -g --coverage" || exit 99
make -s -j2 tests/sim/eldest-sim >make.log 2>&1 || { cat make.log >&2; exit 99; }
find . -name '*.gcda' -exec rm -f {} +
./tests/sim/eldest-sim "$@" >runs.log || { cat runs.log >&2; exit 1; }
gcov -t src/core/*.gcda >lines.gcov 2>gcov.log || { cat gcov.log >&2; exit 99; }

# FUNCTION COUNT
sed -n 's/^ *\([0-9#=]*\)[*]*: *[0-9]*:[a-z].*[ *]\([a-z_]*\)(.*{$/\2 \1/p' lines.gcov | sed 's/[#=]\{5,\}/0/' | sort >functions

# FUNCTION RULE FILE:LINE, of the declarations in headers
awk -v rule="$rule" '
    { text = text $0; file = FILENAME; sub(/.*\//, "", file) }
    /^$/ { text = "" }
    /;/ && match($0, /[a-z_]+\(/) {
        name = substr($0, RSTART, RLENGTH - 1)
        while (match(text, rule)) {
            print name, substr(text, RSTART, RLENGTH), file ":" FNR
            text = substr(text, RSTART + RLENGTH)
        }
        text = ""
    }
' "$abs_top_srcdir"/src/core/*.h | sort >declarations

# RULE COUNT FILE:LINE of each place, from lines as COUNT:LINE:TEXT; "-" is no code, "#####" never ran
awk -v rule="$rule" '
    function place(count,   i) {
        for (i = 1; i <= waiting; i++)
            print wait[i], count, at[i]
        waiting = 0
    }
    {
        split($0, field, ":")
        count = field[1]; number = field[2] + 0
        gsub(/[ *]/, "", count)
        text = substr($0, length(field[1]) + length(field[2]) + 3)
    }
    text ~ /^#include/ { waiting = 0 } # the head of a file is about all of it
    number == 0 && text ~ /^Source:/ { file = substr(text, 8); sub(/.*src\/core\//, "", file); waiting = 0 }
    number == 0 || file !~ /^[a-z_]*\.c$/ { next }
    {
        comment = text
        if (comment !~ /\/\*/ && comment !~ /^ \*/ && comment !~ /^ +[A-Z(]/)
            comment = ""
        while (match(comment, rule)) {
            waiting++
            wait[waiting] = substr(comment, RSTART, RLENGTH)
            at[waiting] = file ":" number
            comment = substr(comment, RSTART + RLENGTH)
        }
    }
    count != "-" { place(count ~ /^[#=]/ ? 0 : count) }
' lines.gcov >places.c
join -o 2.2,1.2,2.3 functions declarations | sort -u - places.c >places

awk '{ runs[$1] += $2; text[$1] = text[$1] "  " $3 " " $2 }
     END { for (rule in runs) printf "%-9s %12d %s\n", rule, runs[rule], text[rule] }' places | sort -t- -k1,1 -k2,2n

echo
echo "Places that never ran:"
awk '$2 == 0 { print "  " $1, $3 }' places
echo "Rules that no comment of the code in src/core names:"
grep -oE "$rule" "$page" | sort -u >rules
cut -d' ' -f1 places | sort -u | comm -23 rules - | tr '\n' ' '
echo
never=$(awk '{ runs[$1] += $2 } END { for (rule in runs) if (runs[rule] == 0) print rule }' places)
[ -z "$never" ] || { echo "Rules that never ran: $never"; exit 1; }
