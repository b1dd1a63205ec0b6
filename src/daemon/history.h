/* SPDX-License-Identifier: ISC
 *
 * history.h - the leaderships that this node has seen since its start: who led, from when to when, and why it began
 * and ended.
 *
 * Made from the core's notices, and told as this node saw them. A leadership that is left and found again, because
 * its leader was given up in error or the cable was out, is there once for each time. A bounded list: the oldest
 * give way.
 */
#ifndef ELDEST_DAEMON_HISTORY_H
#define ELDEST_DAEMON_HISTORY_H

#include "core/action.h"

enum { HISTORY_MAX = 64 };

/* When something happened: on the clock that nobody sets, for durations, and on the wall, for people. */
struct moment {
    usec_t at; /* CLOCK_BOOTTIME */
    int64_t wall_ms; /* since 1970 */
};

/* A leadership, as long as this node saw it. */
struct term {
    struct token token; /* with the id of the leader */
    char name[NODE_NAME_MAX + 1]; /* of the leader; "" if it was never told */
    struct address address; /* by which this node reaches it, or is reached; none if unknown */
    bool self; /* this node led */
    bool began; /* it was seen to: the next two are valid */
    enum reason began_by;
    struct moment from;
    bool ended; /* it was seen to: the next two are valid */
    enum reason ended_by; /* REASON_NONE: that was not told */
    struct moment to;
};

/* Zeroed, it is empty. */
struct history {
    unsigned first; /* place of the oldest */
    unsigned count;
    uint64_t forgotten; /* terms that gave way */
    struct term list[HISTORY_MAX]; /* a ring */
};

/* What a notice means for it: NOTICE_LEADER and NOTICE_NO_LEADER, in any order; others mean nothing. self: the leader
 * that it names is this node. */
void history_notice(struct history *history, const struct notice *notice, bool self, const struct moment *now);

/* The name of a node is known: what it was not known for is completed. */
void history_learn(struct history *history, const struct node_id *id, const char *name);

/* The terms by age, the oldest has index 0; NULL beyond the newest. */
const struct term *history_get(const struct history *history, unsigned index);

/* How long a term has lasted, or lasts by now; -1 if its beginning was not seen. */
usec_t history_duration(const struct term *term, usec_t now);

#endif
