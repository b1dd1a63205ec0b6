/* SPDX-License-Identifier: ISC
 *
 * window.c - see window.h.
 */
#include "auth/window.h"

void window_begin(struct window *window, uint64_t floor) {
    *window = (struct window){ .floor = floor };
}

static uint64_t *lowest(struct window *window) {
    uint64_t *found = &window->seqs[0];

    for (unsigned i = 1; i < window->count; i++)
        if (window->seqs[i] < *found)
            found = &window->seqs[i];
    return found;
}

/* The list is full: the lowest of all makes room, be it the new one. */
static void push_out(struct window *window, uint64_t seq) {
    uint64_t *least = lowest(window);

    if (seq < *least) {
        window->floor = seq;
        return;
    }
    window->floor = *least;
    *least = seq;
}

enum window_verdict window_note(struct window *window, uint64_t seq) {
    if (seq <= window->floor)
        return WINDOW_OLD;
    for (unsigned i = 0; i < window->count; i++)
        if (window->seqs[i] == seq)
            return WINDOW_SEEN;
    if (window->count < WINDOW_SIZE)
        window->seqs[window->count++] = seq;
    else
        push_out(window, seq);
    return WINDOW_NEW;
}
