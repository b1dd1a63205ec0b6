#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# shell.sh - shellcheck of every script of ours.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"
needs shellcheck shellcheck

mapfile -t scripts < <(files -exec grep -lE '^#!.*sh$|^# shellcheck shell=' {} +)
[ ${#scripts[@]} -gt 10 ]
shellcheck --external-sources "${scripts[@]}"
