/* SPDX-License-Identifier: ISC
 *
 * mutate.h - spoils a datagram by chance: bits, bytes at which lengths break, pieces that are missing or come twice.
 */
#ifndef ELDEST_TESTS_MUTATE_H
#define ELDEST_TESTS_MUTATE_H

#include "base/rng.h"
#include "wire/wire.h"

enum { MUTATE_INPUT_MAX = 2 * WIRE_DATAGRAM_MAX };

struct input {
    uint8_t bytes[MUTATE_INPUT_MAX];
    size_t size;
};

/* A generator for that seed. */
void mutate_seed(struct rng *rng, uint64_t seed);

/* Changes it in one to four ways. */
void mutate(struct rng *rng, struct input *input);

#endif
