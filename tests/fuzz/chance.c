/* SPDX-License-Identifier: ISC
 *
 * chance.c - see chance.h.
 */
#include "fuzz/chance.h"

static uint64_t take_byte(struct chance *chance) {
    if (chance->left == 0)
        return 0;
    chance->left--;
    return *chance->bytes++;
}

uint64_t chance_below(struct chance *chance, uint64_t end) {
    uint64_t value = 0;

    if (chance->rng != NULL)
        return (uint64_t)rng_between(chance->rng, 0, (int64_t)end - 1);
    for (uint64_t range = end - 1; range > 0; range >>= 8)
        value = value << 8 | take_byte(chance);
    return value % end;
}
