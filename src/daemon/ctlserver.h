/* SPDX-License-Identifier: ISC
 *
 * ctlserver.h - the control socket: where users and programs ask the daemon and tell it what to do.
 *
 * A Unix stream socket that carries one JSON object per line in both directions:
 *
 *     {"command":"status"}   the whole picture, members included
 *     {"command":"leader"}   the same without the members; answered at once
 *     {"command":"history"}  the leaderships seen since the start
 *     {"command":"counters"} what was counted since the start
 *     {"command":"network"}  what the node sees of its network: interfaces, ways to the others, strangers
 *     {"command":"tags"}     what this node tells of itself
 *     {"command":"tag"}      changes that ("set":["KEY=VALUE","KEY="]); for those who may act (below)
 *     {"command":"watch"}    a snapshot line, then one line for each change, until the client closes
 *     {"command":"hold"}     orders to work and to stop, see holders.h; for those who may act (below)
 *     {"command":"hold-watch"} the same, and a line for each change
 *     {"command":"pause"}    the node does not lead, for a while ("for_ms":N) or until "resume", after a handover; if
 *                            nobody takes the leadership, only with "force":true; for those who may act
 *     {"command":"reload"}   reads the configuration again; for those who may act
 *     {"command":"resign"}   hands leadership over, answered when that is done; for those who may act
 *     {"command":"retire","id":ID}   takes a node's seat away (MAJ-14); for those who may act
 *     {"command":"resume"}   ends a pause; for those who may act
 *
 * Changes are those of the daemon's journal (journal.h). An answer is one line; an error is
 * {"error":{"code":"...","message":"..."}}. A client may send its next request when it has the answer. The documents
 * themselves are built by report.h.
 *
 * No client can block or bloat the daemon. A request is complete within 10 s of the last answer and at most 8
 * KiB long, an answer is read within 10 s. At most 256 clients are served, or fewer where the limit of descriptors
 * (RLIMIT_NOFILE) does not leave 32 for the daemon itself; the last 16 places are for those who may act, and any other
 * user gets 64 of the rest. While the clients of one user leave more than 8 MiB unread, none of them gets another
 * answer, but an error. A watcher that reads too slowly misses lines; the next one that it gets is a snapshot that
 * says how many ("dropped"). A holder of work misses no order.
 *
 * Reading is for everybody. Acting is for root, the daemon's own user and the members of group `eldest`, as the
 * kernel tells them (SO_PEERCRED, SO_PEERGROUPS).
 */
#ifndef ELDEST_DAEMON_CTLSERVER_H
#define ELDEST_DAEMON_CTLSERVER_H

#include "core/action.h"

struct ctlserver;
struct daemon;
struct event_base;
struct holder;

/* Opens the socket at path, creating its directory (0755, the last component only) if it is missing. The
 * socket of a daemon that is gone is replaced. path is copied; base, daemon and its journal must outlive the server,
 * and the program must ignore SIGPIPE.
 * -EADDRINUSE: another daemon serves this socket. -EEXIST: path is something else than a socket.
 * -ENAMETOOLONG: longer than a socket's path may be. Else what the system said about it. */
int ctlserver_open(struct ctlserver **ret, struct event_base *base, const char *path, struct daemon *daemon);

/* The outcome of EVENT_RESIGN: told to everyone who waits for it, and to who wanted to pause if there is no pause now.
 * May be called from within daemon_submit(). */
void ctlserver_resigned(struct ctlserver *server, enum resign_outcome outcome);

/* The outcome of EVENT_RETIRE: told to everyone who waits for it. */
void ctlserver_retired(struct ctlserver *server, enum retire_outcome outcome);

/* A pause has begun, and the node does not lead any more, or it was ended before that: told to everyone who waits for
 * it. handed_over: another node leads. */
void ctlserver_paused(struct ctlserver *server, bool handed_over);

/* The present order of a holder, told at once: to work, with a copy of the work pipe, or to stop. May be called from
 * within daemon_submit(). */
void ctlserver_order(struct ctlserver *server, struct holder *holder, int work_fd);

/* The lease of this node lasts longer than its holders were told: all that work, or are about to stop, hear it. May be
 * called from within daemon_submit(). */
void ctlserver_renew(struct ctlserver *server);

/* Gives each client what its socket still takes, closes them all and removes the socket. NULL is fine. */
void ctlserver_close(struct ctlserver *server);

#endif
