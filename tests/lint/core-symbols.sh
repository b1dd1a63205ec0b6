#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# core-symbols.sh - base, wire and core are pure: built plainly, they call nothing from outside but a few functions on
# memory. No clock, no socket, no allocation, no output.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"

allowed='bcmp memchr memcmp memcpy memmove memset strcmp strlen strnlen __stack_chk_fail __assert_fail'

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

for source in src/base/*.c src/wire/*.c src/core/*.c; do
    "${compiler[@]}" -std=c11 -O2 -U_FORTIFY_SOURCE -I src -c "$source" -o "$scratch/$(echo "$source" | tr / -).o"
done
ar rc "$scratch/core.a" "$scratch"/*.o

nm -u "$scratch/core.a" | awk '$1 == "U" { print $2 }' | sort -u >"$scratch/wanted"
nm --defined-only -g "$scratch/core.a" | awk 'NF == 3 { print $3 }' | sort -u >"$scratch/defined"
echo "$allowed" | tr ' ' '\n' | sort -u - "$scratch/defined" >"$scratch/known"

comm -23 "$scratch/wanted" "$scratch/known" | complain "called by base, wire or core, but not allowed there"
