#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# header.sh - eldest.h is for every compiler: plain C11 and C++, with all warnings, and it needs no other header.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp src/lib/eldest.h "$scratch"
cd "$scratch"

strict=(-Wall -Wextra -Werror -pedantic -Wundef -Wshadow -fsyntax-only -I .)
cat >user.c <<'END'
#include <eldest.h>

int user(struct eldest *eldest);

int user(struct eldest *eldest)
{
    return eldest_get_role(eldest) == ELDEST_LEADS;
}
END
cp user.c user.cpp
"${compiler[@]}" -std=c11 "${strict[@]}" -Wstrict-prototypes user.c
needs c++ g++
c++ -std=c++11 "${strict[@]}" user.cpp
