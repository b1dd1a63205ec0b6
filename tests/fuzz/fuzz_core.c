/* SPDX-License-Identifier: ISC
 *
 * fuzz_core.c - the core behind the codec: the bytes decide what happens to a node, and what liars tell it (liars.h).
 */
#include "fuzz/fuzz.h"
#include "fuzz/liars.h"

enum { SEEDS = 8, SEED_SIZE = 1500 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct chance chance = { .bytes = data, .left = size };

    liars_begin(&chance);
    while (chance.left > 0)
        liars_act();
    return 0;
}

bool fuzz_seed(unsigned i, struct input *ret) {
    struct rng rng;

    if (i == SEEDS)
        return false;
    mutate_seed(&rng, i);
    for (ret->size = 0; ret->size < SEED_SIZE; ret->size++)
        ret->bytes[ret->size] = (uint8_t)rng_between(&rng, 0, UINT8_MAX);
    return true;
}
