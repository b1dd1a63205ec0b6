/* SPDX-License-Identifier: ISC
 *
 * tape.c - see tape.h.
 */
#include "tape.h"

#include "base/util.h"

void tape_hear(struct tape *tape, struct rng *rng, const struct recording *recording) {
    uint64_t place = tape->heard < TAPE_SIZE ? tape->heard : (uint64_t)rng_between(rng, 0, (int64_t)tape->heard);

    tape->heard++;
    if (place < TAPE_SIZE)
        tape->list[place] = *recording;
}

const struct recording *tape_pick(const struct tape *tape, struct rng *rng) {
    int64_t count = min_i64((int64_t)tape->heard, TAPE_SIZE);

    return count == 0 ? NULL : &tape->list[rng_between(rng, 0, count - 1)];
}
