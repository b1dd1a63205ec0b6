/* SPDX-License-Identifier: ISC
 *
 * heap.c - a binary heap in an array: the children of i are 2i + 1 and 2i + 2.
 */
#include "heap.h"

#include <stdlib.h>

void heap_init(struct heap *heap, size_t size_max) {
    *heap = (struct heap){ .size_max = size_max };
}

static bool item_before(const struct item *a, const struct item *b) {
    return a->time != b->time ? a->time < b->time : a->sequence < b->sequence;
}

static void heap_grow(struct heap *heap) {
    size_t size = heap->size ? 2 * heap->size : 256;
    struct item *items = realloc(heap->items, size * sizeof(*items));

    if (!items)
        abort();
    heap->items = items;
    heap->size = size;
}

uint64_t heap_push(struct heap *heap, const struct item *item) {
    struct item new = *item;
    size_t hole = heap->count;

    if (heap->count >= heap->size_max)
        return 0;
    if (heap->count == heap->size)
        heap_grow(heap);
    heap->count++;
    new.sequence = ++heap->sequence;
    while (hole > 0 && item_before(&new, &heap->items[(hole - 1) / 2])) {
        heap->items[hole] = heap->items[(hole - 1) / 2];
        hole = (hole - 1) / 2;
    }
    heap->items[hole] = new;
    return new.sequence;
}

bool heap_pop(struct heap *heap, struct item *ret_item) {
    struct item last;
    size_t hole = 0;

    if (heap->count == 0)
        return false;
    *ret_item = heap->items[0];
    last = heap->items[--heap->count];
    for (size_t child = 1; child < heap->count; child = 2 * hole + 1) {
        if (child + 1 < heap->count && item_before(&heap->items[child + 1], &heap->items[child]))
            child++;
        if (!item_before(&heap->items[child], &last))
            break;
        heap->items[hole] = heap->items[child];
        hole = child;
    }
    heap->items[hole] = last;
    return true;
}

usec_t heap_next(const struct heap *heap) {
    return heap->count ? heap->items[0].time : USEC_NEVER;
}

void heap_release(struct heap *heap) {
    free(heap->items);
    *heap = (struct heap){ 0 };
}
