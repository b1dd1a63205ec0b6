/* SPDX-License-Identifier: ISC
 *
 * rng.h - the core's only randomness: a ChaCha20 key stream, seeded once (SEC-5).
 *
 * The same seed gives the same numbers on every machine, so that a simulated run can be replayed.
 */
#ifndef ELDEST_BASE_RNG_H
#define ELDEST_BASE_RNG_H

#include "base/types.h"

enum { RNG_SEED_SIZE = 32, RNG_PLACE_SIZE = 16 };

struct rng {
    uint32_t input[16]; /* ChaCha state: constants, key, counter, nonce */
    uint8_t block[64]; /* the present block of key stream */
    unsigned used; /* bytes of it that are spent */
};

/* Starts the generator from RNG_SEED_SIZE bytes of seed, which are copied. */
void rng_seed(struct rng *rng, const uint8_t seed[RNG_SEED_SIZE]);

uint64_t rng_u64(struct rng *rng);

/* The number at a place of that seed's stream (the block counter and the nonce, as they are in RFC 8439): for who does
 * not know the seed one that nothing tells, whatever others it has seen. */
uint64_t rng_at(const uint8_t seed[RNG_SEED_SIZE], const uint8_t place[RNG_PLACE_SIZE]);

/* Uniform in [low, high], without bias; high < low counts as low. */
int64_t rng_between(struct rng *rng, int64_t low, int64_t high);

/* True with probability numerator / denominator; denominator > 0. */
bool rng_chance(struct rng *rng, uint64_t numerator, uint64_t denominator);

#endif
