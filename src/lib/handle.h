/* SPDX-License-Identifier: ISC
 *
 * handle.h - what struct eldest of eldest.h is made of, and its parts: questions (ask.c), the watch (watch.c) and the
 * work (hold.c). handle.c has the descriptor of them all.
 */
#ifndef ELDEST_LIB_HANDLE_H
#define ELDEST_LIB_HANDLE_H

#include "lib/client.h"
#include "lib/eldest.h"
#include "lib/feed.h"
#include "lib/lease.h"

#include <stdatomic.h>
#include <sys/types.h>

enum { LINES_PER_TURN = 256 }; /* of a feed that are read before the program has its turn again */

struct watch {
    struct feed feed;
    eldest_watch_function *changed;
    void *context;
    bool told_unknown; /* was the last thing told */
};

struct hold {
    struct feed feed;
    eldest_start_function *start;
    eldest_stop_function *stop;
    void *context;
    struct eldest_status *order; /* to work, which is in force; NULL: none */
    bool due; /* it is to be started, as soon as the work before has stopped */
    bool working; /* it was started, and the program has not said that it has stopped */
    bool over; /* that is to be stopped */
    bool stopping; /* the program was told so */
    struct lease lease; /* as told last */
    _Atomic int64_t until; /* of eldest_hold_until(): for any thread */
    int64_t heard, confirmed; /* orders to work: the last one; the one up to which all was said to have stopped */
    int work_pipe; /* held while there may be work; -1 */
};

struct eldest {
    pid_t owner; /* the process that opened it */
    char path[CLIENT_PATH_SIZE];
    usec_t answer_limit;
    int poll_fd; /* the set of all others: readable if one of them is */
    int timer_fd; /* in it */
    struct watch watch;
    struct hold hold;
    int calls; /* of callbacks, in this turn */
    bool again; /* there is more to do than this turn did */
    bool dispatching;
    bool closed; /* by a callback: to be freed when the turn is over */
};

/* Whether this process may use it: 0 or -ECHILD. */
int handle_check(const struct eldest *eldest);

/* There is something to do that no descriptor tells of. */
void handle_wake(struct eldest *eldest);

/* All that is to be done for a part. Callbacks may be called, and may set eldest->closed. */
void watch_serve(struct eldest *eldest);
void hold_serve(struct eldest *eldest);

/* When a part is to be served although nothing was heard; USEC_NEVER. */
usec_t watch_due_at(const struct eldest *eldest);
usec_t hold_due_at(const struct eldest *eldest);

void watch_close(struct watch *watch);
void hold_close(struct hold *hold);

#endif
