/* SPDX-License-Identifier: ISC
 *
 * inhibitor.h - the side of `eldest hooks` of eldest-inhibitor, the program that makes systemd-logind wait before the
 * host sleeps or goes down (inhibitor/main.c, where their lines are told).
 *
 * It is a child, and killed when this process dies. One that has died is started again, after a second at first, then
 * after pauses that become longer. Where there is no such program or no system bus, that is said once, and nothing is
 * missed but this.
 */
#ifndef ELDEST_CLI_INHIBITOR_H
#define ELDEST_CLI_INHIBITOR_H

#include "base/types.h"

#include <signal.h>
#include <sys/types.h>

enum { INHIBITOR_LINE_MAX = 256 };

enum inhibitor_event {
    INHIBITOR_NOTHING,
    INHIBITOR_BEGINS, /* the host is about to sleep or to go down; this is to be released */
    INHIBITOR_OVER, /* that has been, or does not come to pass, or nobody waits any more */
};

struct inhibitor_news {
    enum inhibitor_event event;
    const char *what; /* BEGINS: "sleep" or "shutdown"; valid until the next news */
};

struct inhibitor {
    const char *program; /* NULL: there is none */
    sigset_t signals; /* blocked for it */
    pid_t pid; /* 0: it does not run */
    int channel; /* to it; -1 */
    char line[INHIBITOR_LINE_MAX];
    size_t used;
    usec_t limit; /* for which logind waits; 0: not known */
    unsigned number; /* of what is to be released */
    bool told_held, told_trouble; /* said so, and nothing else since */
    usec_t started_at, start_at; /* the last one; the next one, USEC_NEVER */
    usec_t pause; /* until then, if it dies now */
};

/* Finds the program; it is started by inhibitor_serve(). */
void inhibitor_open(struct inhibitor *inhibitor, const sigset_t *signals);

/* What to poll for: a descriptor (-1), and the time. */
int inhibitor_fd(const struct inhibitor *inhibitor);
usec_t inhibitor_deadline(const struct inhibitor *inhibitor);

/* Starts it if that is due, and reads what it says. False: there is no more. */
bool inhibitor_serve(struct inhibitor *inhibitor, struct inhibitor_news *ret);

/* logind need not wait any longer for what began last. */
void inhibitor_release(struct inhibitor *inhibitor);

/* Ends it. */
void inhibitor_close(struct inhibitor *inhibitor);

#endif
