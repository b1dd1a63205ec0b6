#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# shell.sh - shellcheck of every script of ours.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"
needs shellcheck shellcheck

# Examples in the manual pages have such lines too, but do not begin with them.
mapfile -t scripts < <(files -exec awk 'FNR == 1 && /^#!.*sh$|^# shellcheck shell=/ { print FILENAME }' {} +)
[ ${#scripts[@]} -gt 10 ]
shellcheck --external-sources "${scripts[@]}"
