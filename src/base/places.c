/* SPDX-License-Identifier: ISC
 *
 * places.c - see places.h. Open addressing, at most half full.
 */
#include "base/places.h"

uint32_t places_slots(uint32_t entries_max) {
    uint32_t slots = 2;

    while (slots < 2 * entries_max)
        slots *= 2;
    return slots;
}

void places_begin(struct places *places, struct place *slots, uint32_t count, uint64_t secret) {
    *places = (struct places){ .secret = secret | 1, .mask = count - 1, .slots = slots };
}

static uint32_t home_of(const struct places *places, uint64_t number) {
    return (uint32_t)(number * places->secret >> 32) & places->mask;
}

/* The slot of that number, or the free one where it belongs. */
static uint32_t slot_of(const struct places *places, uint64_t number) {
    uint32_t at = home_of(places, number);

    while (places->slots[at].index_plus_1 != 0 && places->slots[at].number != number)
        at = (at + 1) & places->mask;
    return at;
}

uint32_t places_find(const struct places *places, uint64_t number) {
    return places->slots[slot_of(places, number)].index_plus_1 - 1;
}

void places_put(struct places *places, uint64_t number, uint32_t index) {
    places->slots[slot_of(places, number)] = (struct place){ number, index + 1 };
}

/* Those behind it that were pushed away from their home move up. */
void places_remove(struct places *places, uint64_t number) {
    uint32_t mask = places->mask, gap = slot_of(places, number);

    for (uint32_t at = (gap + 1) & mask; places->slots[at].index_plus_1 != 0; at = (at + 1) & mask) {
        uint32_t home = home_of(places, places->slots[at].number);

        if (((at - home) & mask) < ((at - gap) & mask))
            continue;
        places->slots[gap] = places->slots[at];
        gap = at;
    }
    places->slots[gap].index_plus_1 = 0;
}
