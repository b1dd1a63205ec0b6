/* SPDX-License-Identifier: ISC
 *
 * rng.c - the ChaCha20 block function (RFC 8439, 2.3) as a generator: key = seed, nonce = 0, block counter from 0.
 *
 * The counter runs on into the first word of the nonce, so that the stream does not repeat within any lifetime.
 */
#include "base/rng.h"

#include <string.h>

enum { ROUND_PAIRS = 10, WORDS = 16 };

/* "expand 32-byte k" as little-endian words. */
static const uint32_t constants[4] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 };

static uint32_t rotate_left(uint32_t value, unsigned bits) {
    return (value << bits) | (value >> (32 - bits));
}

static uint32_t load_le32(const uint8_t *bytes) {
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void store_le32(uint8_t *bytes, uint32_t value) {
    for (unsigned i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
}

static void quarter_round(uint32_t *x, unsigned a, unsigned b, unsigned c, unsigned d) {
    x[a] += x[b];
    x[d] = rotate_left(x[d] ^ x[a], 16);
    x[c] += x[d];
    x[b] = rotate_left(x[b] ^ x[c], 12);
    x[a] += x[b];
    x[d] = rotate_left(x[d] ^ x[a], 8);
    x[c] += x[d];
    x[b] = rotate_left(x[b] ^ x[c], 7);
}

/* One round down the columns, one along the diagonals of the 4 x 4 state. */
static void double_round(uint32_t x[WORDS]) {
    for (unsigned i = 0; i < 4; i++)
        quarter_round(x, i, 4 + i, 8 + i, 12 + i);
    for (unsigned i = 0; i < 4; i++)
        quarter_round(x, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
}

static void make_block(struct rng *rng) {
    uint32_t x[WORDS];

    memcpy(x, rng->input, sizeof(x));
    for (unsigned i = 0; i < ROUND_PAIRS; i++)
        double_round(x);
    for (unsigned i = 0; i < WORDS; i++)
        store_le32(rng->block + 4 * i, x[i] + rng->input[i]);
}

static void next_block(struct rng *rng) {
    make_block(rng);
    if (++rng->input[12] == 0)
        rng->input[13]++;
    rng->used = 0;
}

void rng_seed(struct rng *rng, const uint8_t seed[RNG_SEED_SIZE]) {
    memset(rng, 0, sizeof(*rng));
    for (unsigned i = 0; i < 4; i++)
        rng->input[i] = constants[i];
    for (unsigned i = 0; i < 8; i++)
        rng->input[4 + i] = load_le32(seed + 4 * i);
    rng->used = sizeof(rng->block);
}

uint64_t rng_u64(struct rng *rng) {
    if (rng->used + 8 > sizeof(rng->block))
        next_block(rng);

    const uint8_t *bytes = rng->block + rng->used;
    rng->used += 8;
    return load_le32(bytes) | (uint64_t)load_le32(bytes + 4) << 32;
}

uint64_t rng_at(const uint8_t seed[RNG_SEED_SIZE], const uint8_t place[RNG_PLACE_SIZE]) {
    struct rng rng;

    rng_seed(&rng, seed);
    for (unsigned i = 0; i < 4; i++)
        rng.input[12 + i] = load_le32(place + 4 * i);
    return rng_u64(&rng);
}

/* Uniform in [0, bound), bound > 0. The lowest 2^64 mod bound values are drawn again: the rest divides evenly. */
static uint64_t below(struct rng *rng, uint64_t bound) {
    uint64_t surplus = -bound % bound;
    uint64_t value;

    do
        value = rng_u64(rng);
    while (value < surplus);
    return value % bound;
}

int64_t rng_between(struct rng *rng, int64_t low, int64_t high) {
    if (high <= low)
        return low;

    uint64_t span = (uint64_t)high - (uint64_t)low;
    uint64_t offset = span == UINT64_MAX ? rng_u64(rng) : below(rng, span + 1);
    return (int64_t)((uint64_t)low + offset);
}

bool rng_chance(struct rng *rng, uint64_t numerator, uint64_t denominator) {
    return below(rng, denominator) < numerator;
}
