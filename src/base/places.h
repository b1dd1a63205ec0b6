/* SPDX-License-Identifier: ISC
 *
 * places.h - where in a list the owner of a random number is: a hash table of indexes.
 *
 * The numbers are chosen by others; a secret keeps them from choosing such as all belong to one slot.
 */
#ifndef ELDEST_BASE_PLACES_H
#define ELDEST_BASE_PLACES_H

#include "base/types.h"

#define PLACES_NONE UINT32_MAX

struct place {
    uint64_t number;
    uint32_t index_plus_1; /* 0: free */
};

struct places {
    uint64_t secret;
    uint32_t mask;
    struct place *slots; /* the caller's */
};

/* How many slots a list of that many needs; a power of two. */
uint32_t places_slots(uint32_t entries_max);

/* An empty table on these slots, all of them zero. */
void places_begin(struct places *places, struct place *slots, uint32_t count, uint64_t secret);

/* The index; PLACES_NONE if the number is not there. */
uint32_t places_find(const struct places *places, uint64_t number);

/* Sets the index of a number, of which there are fewer than the table was made for. */
void places_put(struct places *places, uint64_t number, uint32_t index);

/* Forgets a number that is there. */
void places_remove(struct places *places, uint64_t number);

#endif
