/* SPDX-License-Identifier: ISC
 *
 * holders.h - who does something because this node leads, and whether it has stopped when the node leads no more.
 *
 * A holder registers, is told to work when this node leads, and to stop when it does not; then it confirms that it has
 * stopped. A leadership that is handed over is let go when all have confirmed (HAND-1, MERGE-5), but nobody is waited
 * for longer than a limit. This is the list and its rules only; daemon.c knows when the node leads, and ctlserver.c
 * tells the holders.
 *
 *     IDLE -- told to work --> WORKING -- told to stop --> STOPPING -- confirms, or is gone --> IDLE
 *                                 |
 *                                 +-- says that it has stopped by itself --> DONE -- the leadership ends --> IDLE
 *
 * Each order to work has a number, which counts up for each holder, and a confirmation names the last one that it has
 * heard of: what was said of earlier work is never taken for the end of the present one.
 */
#ifndef ELDEST_DAEMON_HOLDERS_H
#define ELDEST_DAEMON_HOLDERS_H

#include "base/types.h"
#include "daemon/ran.h"

#include <sys/queue.h>
#include <sys/types.h>

enum { HOLDERS_STOP_LIMIT_MS = 10000 }; /* for which one that was told to stop is waited for; as the sentinel does */

enum holder_state { HOLDER_IDLE, HOLDER_WORKING, HOLDER_STOPPING, HOLDER_DONE };

struct holder {
    LIST_ENTRY(holder) entry;
    pid_t pid; /* of who connected, as the kernel told it */
    uid_t user;
    enum holder_state state;
    usec_t since; /* of the state: when it was told, or said so */
    uint64_t order; /* to work, the last one; 0: there was none */
    struct token token; /* for which it was given */
    struct ran_record ran; /* what it has told of the programs that it runs */
    bool late; /* STOPPING for longer than the limit: nobody waits for it any more */
};

struct holders {
    LIST_HEAD(holder_list, holder) list;
    bool awaited; /* the core wants to know when all have stopped */
    bool failed; /* a program that was to stop the last work of one, which may be gone: nobody knows what goes on */
};

void holders_init(struct holders *holders);

/* A new one, IDLE, which stays the caller's; pid and user are set. */
void holders_add(struct holders *holders, struct holder *holder, usec_t now);

/* It is gone, and so it has stopped. */
void holders_remove(struct holder *holder);

/* The node leads under that token: marks and returns one that is to be told so, until there is none (NULL): who is
 * IDLE, and who works or was done under another token. Who has not stopped yet gets no work. */
struct holder *holders_next_to_start(struct holders *holders, const struct token *token, usec_t now);

/* The node leads no more: marks and returns one that is to be told to stop, until there is none. */
struct holder *holders_next_to_stop(struct holders *holders, usec_t now);

/* It says that all work up to that order has stopped. False: that is not what it was told last, and means nothing. */
bool holders_confirm(struct holder *holder, uint64_t order, usec_t now);

/* The core waits until all who were told to stop have stopped. */
void holders_await(struct holders *holders);

/* True once when that is so: nobody is STOPPING, or only who is late. */
bool holders_settled(struct holders *holders);

/* It tells of a program that it has run. */
void holders_ran(struct holders *holders, struct holder *holder, const struct ran *ran);

/* All work has stopped, of those too that are not waited for, and nothing failed over it (MAJ-8). */
bool holders_have_stopped(const struct holders *holders);

/* When the next one will be late, whether it is waited for or not; USEC_NEVER. */
usec_t holders_deadline(const struct holders *holders);

/* Marks and returns one that has become late, until there is none. */
struct holder *holders_next_late(struct holders *holders, usec_t now);

const char *holder_state_name(enum holder_state state); /* "idle", "working", "stopping", "done" */

#endif
