/* SPDX-License-Identifier: ISC
 *
 * window.c - see window.h.
 */
#include "auth/window.h"

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

enum window_verdict window_look(const struct window *window, uint64_t seq) {
    if (seq <= window->floor)
        return WINDOW_OLD;
    for (unsigned i = 0; i < window->count; i++)
        if (window->seqs[i] == seq)
            return WINDOW_SEEN;
    return WINDOW_NEW;
}

enum window_verdict window_note(struct window *window, uint64_t seq) {
    enum window_verdict verdict = window_look(window, seq);

    if (verdict == WINDOW_NEW && window->count < WINDOW_SIZE)
        window->seqs[window->count++] = seq;
    else if (verdict == WINDOW_NEW)
        push_out(window, seq);
    return verdict;
}

void window_raise(struct window *window, uint64_t floor) {
    unsigned left = 0;

    if (floor <= window->floor)
        return;
    window->floor = floor;
    for (unsigned i = 0; i < window->count; i++)
        if (window->seqs[i] > floor)
            window->seqs[left++] = window->seqs[i];
    window->count = left;
}
