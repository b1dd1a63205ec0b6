#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# man.sh - the manual pages are correct mdoc.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"
needs mandoc mandoc

# Cross references are resolved where the pages are installed.
mandoc -T lint -W warning man/*.[1-8]
