#!/bin/sh
# SPDX-License-Identifier: ISC
#
# selftest.sh - judge, statistics, tables and plot of the bench, on stories that are made up. See selftest.py.
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "skipped: it takes python3, 3.11 or later (Debian: apt-get install python3)"
    exit 77
fi
exec python3 -B "${0%/*}/selftest.py"
