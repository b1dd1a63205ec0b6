/* SPDX-License-Identifier: ISC
 *
 * chance.h - who decides in a story that is made up: a seed, or the bytes that a fuzzer has chosen.
 */
#ifndef ELDEST_TESTS_CHANCE_H
#define ELDEST_TESTS_CHANCE_H

#include "base/rng.h"

#include <stddef.h>
#include <stdint.h>

struct chance {
    struct rng *rng; /* NULL: bytes */
    const uint8_t *bytes;
    size_t left;
};

/* From 0 to end - 1. As many bytes decide as are needed for that; behind the last one it is always 0. */
uint64_t chance_below(struct chance *chance, uint64_t end);

#endif
