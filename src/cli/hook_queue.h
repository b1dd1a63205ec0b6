/* SPDX-License-Identifier: ISC
 *
 * hook_queue.h - which event the hooks are to be told next: what they were told last is compared with what is so now.
 *
 * There is no queue of changes, so none can grow, and none can be lost: whatever happened while the hooks ran, what is
 * different now is told next, and what is over by then is not. Three things are never skipped: that this node has led
 * and does no more (only then may the end of its work be confirmed), that a leadership is to be said to the network
 * again, and the end.
 *
 * Beginning and ending to lead is told at once. All else waits for HOOK_SETTLE: for one thing, a leader that is gone
 * is mostly replaced within that time, and the new one must not wait for hooks that say that there is none; for
 * another, what eldestd says of one change in several lines is told once.
 *
 * Pure: the time comes in, nothing goes out but what is returned.
 */
#ifndef ELDEST_CLI_HOOK_QUEUE_H
#define ELDEST_CLI_HOOK_QUEUE_H

#include "cli/standing.h"

#define HOOK_SETTLE (100 * USEC_PER_MS)

enum hook_event {
    HOOK_NONE,
    HOOK_START, /* the present state, whatever it is */
    HOOK_GAINED,
    HOOK_LOST,
    HOOK_CHANGED, /* another leader, or none now, while this node leads neither before nor after */
    HOOK_REASSERT, /* this node leads on, perhaps under another token */
    HOOK_STOP, /* nothing comes after it */
};

/* Zero is the beginning. */
struct hook_queue {
    struct standing told; /* to the hooks that were begun last */
    struct standing present;
    bool begun; /* anything was told */
    bool reasserts, stops, over;
    bool ended; /* this node has stopped leading, and whoever was told that it leads was not told so yet */
    enum hook_event pending;
    usec_t pending_since;
    usec_t ended_at; /* when this node stopped leading last, or the end was asked for */
};

/* How things stand now. */
void hook_queue_note(struct hook_queue *queue, const struct standing *present, usec_t now);

/* The present leadership of this node, if there is one, is to be told again. */
void hook_queue_reassert(struct hook_queue *queue, usec_t now);

/* The end is to be told. From now on nothing else counts. */
void hook_queue_stop(struct hook_queue *queue, usec_t now);

/* What is to be told now, which counts as told then: queue->told. HOOK_NONE: nothing, or not yet. */
enum hook_event hook_queue_next(struct hook_queue *queue, usec_t now);

/* When there may be something, without anything new being noted; USEC_NEVER. */
usec_t hook_queue_deadline(const struct hook_queue *queue);

/* Whether what was told last, that this node leads, must not be acted on any further. */
bool hook_queue_overtakes(const struct hook_queue *queue);

const char *hook_event_name(enum hook_event event); /* "start", "gained", ... */

#endif
