/* SPDX-License-Identifier: ISC
 *
 * holder.h - who works because a node leads: one holder that stands for all of its host, and clients that were told of
 * a lease and work by it without a connection.
 *
 * It does what the daemon and its clients do (daemon/holders.h). It works when it is told to, and stops when it is told
 * to, which takes its time; in a majority cluster it kills its work by itself when the lease that it was told last is
 * over, and what is left to it beyond that (MAJ-7). All times are by the clock of its host, which goes on whatever
 * becomes of the daemon.
 */
#ifndef ELDEST_SIM_HOLDER_H
#define ELDEST_SIM_HOLDER_H

#include "core/params.h"

enum holder_state { HOLDER_IDLE, HOLDER_WORKING, HOLDER_STOPPING };

struct holder_habits {
    usec_t stop; /* how long it needs to stop */
    usec_t patience; /* for which it is waited for then */
    usec_t grace; /* beyond the lease that it was told, until its work is dead */
    bool bare; /* there are clients without a connection, who ask all the time */
};

struct holder {
    enum holder_state state;
    bool orphan; /* the daemon that told it to work is gone, and the next one does not know of it */
    bool awaited; /* the core wants to hear when the work has stopped */
    usec_t stops_at; /* when it stops */
    usec_t late_at; /* the same: when nobody waits for it any more */
    usec_t killed_at; /* when it works or stops: its work is dead by then; USEC_NEVER: no lease is told */
    usec_t bare_until; /* clients without a connection work until then */
};

/* How long work may go on beyond the lease that was told, stop_margin taken off, on a host whose clock is as wrong as
 * allowed, among others that are so in the other direction: what is left of P beyond D (MAJ-7). */
usec_t holder_grace(const struct timing *timing);

/* Its node leads surely for so long, or without end (USEC_NEVER): it begins, if it is idle, or goes on; who has no
 * connection hears of it, too. */
void holder_leads(struct holder *holder, const struct holder_habits *habits, usec_t now, usec_t left);

/* Its node lets go of the leadership; work that stops is covered for so long. */
void holder_covers(struct holder *holder, const struct holder_habits *habits, usec_t now, usec_t left);

/* It is told to stop. */
void holder_stop(struct holder *holder, const struct holder_habits *habits, usec_t now);

/* The core wants to hear when all work has stopped. */
void holder_await(struct holder *holder);

/* True once when it has, or nobody waits any longer; released says which (MAJ-8). */
bool holder_settles(struct holder *holder, usec_t now, bool *ret_released);

/* When holder_settles() is to be asked again; USEC_NEVER. */
usec_t holder_due(const struct holder *holder);

/* By then nobody works any more, without further news; 0: nobody does. */
usec_t holder_over(const struct holder *holder);

/* Its host was suspended, so nobody knows how late it is: no lease covers it any longer. */
void holder_woken(struct holder *holder, usec_t now);

/* Its daemon has died; its host has. */
void holder_orphaned(struct holder *holder, const struct holder_habits *habits, usec_t now);
void holder_dies(struct holder *holder);

#endif
