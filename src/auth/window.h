/* SPDX-License-Identifier: ISC
 *
 * window.h - each seq of a sender is accepted once (SEC-2).
 *
 * The seqs of a sender count all that it sends, and a receiver gets few of them: so the latest are kept as a list, not
 * as bits. What is below all of a full list was sent long before the rest, and is refused whether it has come or not.
 */
#ifndef ELDEST_AUTH_WINDOW_H
#define ELDEST_AUTH_WINDOW_H

#include "base/types.h"

enum { WINDOW_SIZE = 32 };

/* Zero: nothing is noted yet. */
struct window {
    uint64_t floor; /* neither it nor anything below is accepted */
    unsigned count;
    uint64_t seqs[WINDOW_SIZE]; /* above the floor, in no order */
};

enum window_verdict {
    WINDOW_NEW,
    WINDOW_SEEN,
    WINDOW_OLD,
};

/* What would be said of it. */
enum window_verdict window_look(const struct window *window, uint64_t seq);

enum window_verdict window_note(struct window *window, uint64_t seq);

/* Nothing up to that seq is accepted any more. */
void window_raise(struct window *window, uint64_t floor);

#endif
