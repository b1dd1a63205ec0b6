/* SPDX-License-Identifier: ISC
 *
 * heap.h - what is still to happen in a simulated world, earliest first.
 *
 * Items are ordered by (time, sequence): of two at the same instant the one pushed first comes first, so that a
 * run is the same wherever it is repeated. The heap grows as needed up to a limit; a world that wants more is
 * in a storm of messages.
 */
#ifndef ELDEST_SIM_HEAP_H
#define ELDEST_SIM_HEAP_H

#include "base/types.h"

struct item {
    usec_t time; /* of the world */
    uint64_t sequence; /* given by heap_push(), from 1 on */
    uint32_t type; /* this and the rest is for the world to read */
    uint32_t node;
    uint32_t boot;
    uint32_t value;
    void *data;
};

struct heap {
    struct item *items;
    size_t count;
    size_t size;
    size_t size_max;
    uint64_t sequence;
};

void heap_init(struct heap *heap, size_t size_max);

/* Copies item into the heap. Returns its sequence number, or 0 if the heap holds size_max items already. */
uint64_t heap_push(struct heap *heap, const struct item *item);

/* Takes the earliest item out; false, with ret_item untouched, if there is none. */
bool heap_pop(struct heap *heap, struct item *ret_item);

/* Time of the earliest item, or USEC_NEVER. */
usec_t heap_next(const struct heap *heap);

/* Frees the heap's memory, not what the items point to. */
void heap_release(struct heap *heap);

#endif
