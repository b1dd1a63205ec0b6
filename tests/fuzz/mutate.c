/* SPDX-License-Identifier: ISC
 *
 * mutate.c - see mutate.h.
 */
#include "fuzz/mutate.h"

#include "base/util.h"

#include <string.h>

enum { CHANGES_MAX = 4 };

void mutate_seed(struct rng *rng, uint64_t seed) {
    uint8_t key[RNG_SEED_SIZE] = { 0 };

    memcpy(key, &seed, sizeof(seed));
    rng_seed(rng, key);
}

static size_t any_position(struct rng *rng, const struct input *input) {
    return (size_t)rng_between(rng, 0, (int64_t)input->size - 1);
}

static void flip_bit(struct rng *rng, struct input *input) {
    input->bytes[any_position(rng, input)] ^= (uint8_t)(1 << rng_between(rng, 0, 7));
}

/* Values at which lengths and counts break. */
static void set_byte(struct rng *rng, struct input *input) {
    static const uint8_t values[] = { 0, 1, 2, 9, 10, 16, 17, 32, 33, 63, 64, 0x7f, 0x80, 0xfe, 0xff };

    input->bytes[any_position(rng, input)] = values[rng_between(rng, 0, ARRAY_SIZE(values) - 1)];
}

static void cut_out(struct rng *rng, struct input *input) {
    size_t from = any_position(rng, input);
    size_t count = (size_t)rng_between(rng, 1, min_i64(40, (int64_t)(input->size - from)));

    memmove(input->bytes + from, input->bytes + from + count, input->size - from - count);
    input->size -= count;
}

/* Copies a piece to another place, as if a TLV came twice. */
static void repeat_piece(struct rng *rng, struct input *input) {
    size_t from = any_position(rng, input), to = any_position(rng, input);
    size_t count = (size_t)rng_between(rng, 1, min_i64(60, (int64_t)(input->size - from)));
    uint8_t piece[60];

    if (input->size + count > sizeof(input->bytes))
        return;
    memcpy(piece, input->bytes + from, count);
    memmove(input->bytes + to + count, input->bytes + to, input->size - to);
    memcpy(input->bytes + to, piece, count);
    input->size += count;
}

void mutate(struct rng *rng, struct input *input) {
    static void (*const ways[])(struct rng *, struct input *) = { flip_bit, flip_bit, set_byte, cut_out, repeat_piece };
    int64_t changes = rng_between(rng, 1, CHANGES_MAX);

    for (int64_t i = 0; i < changes && input->size > 0; i++)
        ways[rng_between(rng, 0, ARRAY_SIZE(ways) - 1)](rng, input);
}
