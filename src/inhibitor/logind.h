/* SPDX-License-Identifier: ISC
 *
 * logind.h - the delay lock of systemd-logind, which makes it wait before the host sleeps or goes down, and what logind
 * says of that on the system bus: org.freedesktop.login1(5).
 *
 * The lock is taken, and taken again when logind has come back to the bus, or when what it was for is over: the host
 * has woken up, or does not go down after all. Whoever does not release it in time is not waited for any longer.
 *
 * All functions return 0 or a negative errno of the bus, with which nothing can be done any more.
 */
#ifndef ELDEST_INHIBITOR_LOGIND_H
#define ELDEST_INHIBITOR_LOGIND_H

#include "base/types.h"

#include <systemd/sd-bus.h>

struct logind_calls {
    void (*held)(usec_t limit); /* the lock is taken; for so long logind waits */
    void (*begins)(const char *what); /* the host is about to: "sleep" or "shutdown" */
    void (*over)(void); /* that has been, or does not come to pass */
    void (*trouble)(const char *text); /* why there is no lock; once, until there is one */
};

struct logind {
    const struct logind_calls *calls;
    sd_bus *bus; /* NULL: closed */
    int lock; /* -1: not held */
    bool preparing; /* for sleep or shutdown */
    bool troubled; /* which was told */
    usec_t retry_at; /* CLOCK_MONOTONIC, as sd-bus has it; USEC_NEVER */
};

/* Connects to the system bus and asks for the lock. An error: there is no system bus. To be closed in any case. */
int logind_open(struct logind *logind, const struct logind_calls *calls);

/* Does what is due, and waits until there is something to do or the descriptor is readable. */
int logind_wait(struct logind *logind, int fd);

void logind_release(struct logind *logind);

void logind_close(struct logind *logind);

#endif
