/* SPDX-License-Identifier: ISC
 *
 * manager.h - what the service manager is told while the daemon serves: how it stands to its cluster, in a line for
 * people, and that it lives. Of a start, a reload and a stop it is told where they happen.
 *
 * Nothing is told, and no time is asked for, where there is no service manager.
 */
#ifndef ELDEST_DAEMON_MANAGER_H
#define ELDEST_DAEMON_MANAGER_H

#include "core/core.h"

enum { MANAGER_STATUS_SIZE = 512 };

struct manager {
    bool wanted; /* there is one */
    bool changed; /* what it was told last may not be so any more */
    usec_t told_at;
    char told[MANAGER_STATUS_SIZE]; /* last */
    usec_t alive_interval, alive_at; /* USEC_NEVER: it does not want to hear that */
};

/* How things stand. */
struct manager_picture {
    const struct core_view *view;
    const char *standing; /* in words */
    bool paused, writable;
};

void manager_open(struct manager *ret, usec_t now);

/* When it is to be told something; USEC_NEVER. */
usec_t manager_deadline(const struct manager *manager);

/* Something has changed. */
void manager_note(struct manager *manager);

/* Whether it is to be told now how things stand: others can change that at will, so once in a second at most. */
bool manager_asks(const struct manager *manager, usec_t now);
void manager_show(struct manager *manager, const struct manager_picture *picture, usec_t now);

/* Whether it is to be told now that the daemon lives; and telling it, which is to be done only when nothing waits that
 * the daemon should have done. A daemon for which it has waited twice as long is killed. */
bool manager_doubts(const struct manager *manager, usec_t now);
void manager_prove(struct manager *manager, usec_t now);

/* The line for people: "leads, 3 nodes", "follows web1 at 192.0.2.1:29418, 3 nodes", "no leader: isolated". */
const char *manager_describe(const struct manager_picture *picture, char text[MANAGER_STATUS_SIZE]);

#endif
