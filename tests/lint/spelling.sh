#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# spelling.sh - no common misspellings.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"
needs codespell codespell

mapfile -t texts < <(files -size +0)
codespell --ignore-words-list=fo,iif,nd "${texts[@]}"
