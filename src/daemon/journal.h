/* SPDX-License-Identifier: ISC
 *
 * journal.h - the changes that users are told of, numbered, each as a line of JSON, for all who listen.
 *
 *     the core's notices, wishes of users --> journal --> watchers of the control socket
 *                                                    \--> event streams of HTTP
 *
 * A line is built once, whoever listens, and not at all if nobody does. The latest lines can be kept, for those who
 * were away for a while and know the number of the last line that they got.
 */
#ifndef ELDEST_DAEMON_JOURNAL_H
#define ELDEST_DAEMON_JOURNAL_H

#include "core/action.h"

#include <sys/queue.h>

struct daemon;
struct journal;

enum { /* that are kept */
    JOURNAL_LINES_MAX = 256,
    JOURNAL_BYTES_MAX = 256 * 1024,
};

struct journal_line {
    uint64_t seq;
    const char *event; /* its kind, as in the line */
    char *text; /* one JSON object, no newline; NULL: memory ran out */
};

/* Somebody who serves users. Called when the change is known, which may be from within daemon_submit(). */
struct journal_listener {
    TAILQ_ENTRY(journal_listener) entry; /* the journal's */
    void *context;
    bool (*listens)(void *context); /* whether there is anybody to tell now */
    void (*changed)(void *context, const struct journal_line *line); /* only if so */
    void (*table)(void *context); /* the outcome of EVENT_TABLE_WANTED */
};

/* The daemon must outlive it. 0 or -ENOMEM. */
int journal_open(struct journal **ret, const struct daemon *daemon);

/* NULL is fine. */
void journal_close(struct journal *journal);

/* Who listens first is told first. */
void journal_listen(struct journal *journal, struct journal_listener *listener);
void journal_unlisten(struct journal *journal, struct journal_listener *listener);

/* From now on lines are kept. */
void journal_keep(struct journal *journal);

/* To be called with every notice of the core, after the step that gave it. */
void journal_notice(struct journal *journal, const struct notice *notice);

/* Something about this node has changed by the will of its users: an event of that name, which must stay valid. */
void journal_changed(struct journal *journal, const char *event);

/* The number of the last change; 0 before the first. */
uint64_t journal_seq(const struct journal *journal);

/* The line of that number, if it is kept; else NULL. Valid until the next change. */
const struct journal_line *journal_find(const struct journal *journal, uint64_t seq);

#endif
