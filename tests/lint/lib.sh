# shellcheck shell=bash
# SPDX-License-Identifier: ISC
#
# lib.sh - what the lint tests share. Each of them prints what it found and fails if that was anything.

set -euo pipefail
export LC_ALL=C

cd "${abs_top_srcdir:-$(dirname "$0")/../..}"

# CC may be several words, as "ccache gcc" is.
# shellcheck disable=SC2034 # the scripts use it
read -ra compiler <<<"${CC:-cc}"

needs() { # TOOL PACKAGE
    command -v "$1" >/dev/null && return
    echo "skipped: $1 is missing (Debian: apt-get install $2)"
    exit 77
}

# What is ours and written by hand, as far as it is in a release archive too.
files() { # [ARGUMENT OF FIND...]
    local top tops=()
    for top in .ci debian etc m4 man src tests *.md COPYING Makefile.am NEWS configure.ac setup; do
        [ ! -e "$top" ] || tops+=("$top")
    done
    find "${tops[@]}" -type f ! -name '*.o' ! -name '*.log' ! -name '*.trs' ! -name '*.Po' "$@" | sort
}

# To find nothing is no failure.
search() { # ARGUMENT OF GREP...
    grep "$@" || [ $? = 1 ]
}

complain() { # WHAT; the findings on standard input
    local findings
    findings=$(cat)
    [ -n "$findings" ] || return 0
    printf '%s:\n%s\n' "$1" "$findings"
    return 1
}
