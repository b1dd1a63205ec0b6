/* SPDX-License-Identifier: ISC
 *
 * eldest.h - libeldest: which node leads, when that changes, and work that is done exactly while this node leads.
 *
 * The library talks to the eldestd of this host through its control socket, eldest-protocol(7). It starts no threads,
 * handles no signals, prints nothing and has no state but its handles. libeldest(3) tells the same with an example.
 *
 * Results. Functions of type int return 0 or a positive value, or a negative errno when they fail; then what ret
 * points to is untouched. eldest_error_text() has words for it. These may come from every function that asks the
 * daemon:
 *     -ENOENT, -ECONNREFUSED   no eldestd is running there
 *     -ETIMEDOUT               it does not answer
 *     -EPIPE                   it has closed the connection: it was stopped, or is busy
 *     -EBUSY                   it has too many clients
 *     -EACCES                  the user may not do this: root, the user of eldestd and group "eldest" may
 *     -EOPNOTSUPP              it is older and does not know this
 *     -EPROTO                  what answers there is no eldestd
 *     -ENOMEM, -EMFILE         and what else the system says
 *
 * Strings that are returned are UTF-8 without control characters. They belong to the object that was asked and live as
 * long as it does.
 *
 * Threads. A handle may be used by one thread at a time, but for eldest_hold_until(), different handles by any
 * number. An eldest_status never changes: any number of threads may read it.
 *
 * fork(). All descriptors are close-on-exec. In a child a handle is good for eldest_close() only, all else is -ECHILD
 * or has no meaning; the parent does not notice that. A child that does neither close it nor exec keeps the work of
 * the handle held for as long as it lives, which is right if it does that work, and wrong if it does not.
 */
#ifndef ELDEST_H
#define ELDEST_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif

struct eldest; /* a handle: a daemon that is asked, watched, or for which work is held */
struct eldest_status; /* how things stood when the daemon said so */

/* What is known about leadership. There may be more values one day: what is not ELDEST_LEADS means that this node
 * does not lead for certain. */
enum eldest_role {
    ELDEST_UNCERTAIN = 0, /* there is no leader, or this is not certain */
    ELDEST_LEADS = 1, /* this node leads */
    ELDEST_FOLLOWS = 2 /* another node leads */
};

/* --- the handle --- */

/* A handle for the daemon of a cluster; NULL: "default". With a path (not NULL), for the one that has its control
 * socket there; then the cluster does not count. The strings are copied. Nothing is sent, and no daemon need be there
 * yet. -EINVAL: not the name of a cluster; -ENAMETOOLONG: the path is longer than that of a socket may be. */
int eldest_open(struct eldest **ret, const char *cluster, const char *path);

/* Closes all that it has open, which ends a watch and says that work has stopped, and frees it. Sends and waits for
 * nothing. May be called from a callback of the handle, which is then the last one. NULL is fine. */
void eldest_close(struct eldest *eldest);

/* How long eldest_get_...() wait for an answer, in milliseconds; 5000 unless set. -EINVAL: below 1. */
int eldest_set_timeout(struct eldest *eldest, int timeout_ms);

/* --- questions; these wait for the answer --- */

/* The question of `eldest is-leader`: an eldest_role. Yes means yes at the moment of the answer. */
int eldest_get_role(struct eldest *eldest);

/* The leader. What is returned is the caller's, for eldest_status_free(). */
int eldest_get_leader(struct eldest *eldest, struct eldest_status **ret);

/* The same with all members, for which a follower asks its leader: that may take 300 ms. */
int eldest_get_status(struct eldest *eldest, struct eldest_status **ret);

enum eldest_goal {
    ELDEST_GOAL_LEADER = 0, /* there is a leader */
    ELDEST_GOAL_SELF = 1, /* this node leads */
    ELDEST_GOAL_NOT_SELF = 2 /* this node does not lead, whether another one does or not */
};

/* Waits until it is so, for timeout_ms at most (-1: for ever); at once if it is so already. Nothing that happens
 * meanwhile is missed. ret may be NULL; else what is returned is how things stood then, and the caller's. -ETIMEDOUT:
 * it was not so in that time; -EPIPE: the daemon has ended meanwhile. */
int eldest_wait(struct eldest *eldest, enum eldest_goal goal, int timeout_ms, struct eldest_status **ret);

enum eldest_resign_result {
    ELDEST_RESIGNED = 0, /* another node leads */
    ELDEST_NOT_LEADER = 1, /* this node did not lead */
    ELDEST_NOBODY = 2 /* no other node is there to take the leadership */
};

/* Hands the leadership of this node over, and waits until that is done, for 70 s at most, whatever eldest_set_timeout()
 * says: as long as holders of work take to stop. A process that holds work by the same thread must not call this: it
 * would wait for itself. An eldest_resign_result. */
int eldest_resign(struct eldest *eldest);

/* --- in the event loop of the program --- */

/* A descriptor that is readable (POLLIN) whenever eldest_dispatch() has something to do. It is the same for the life of
 * the handle, whatever happens to the daemon, and stays the handle's: it is to be polled, and nothing else. */
int eldest_fd(const struct eldest *eldest);

/* Does what there is to do, and calls the callbacks of the handle: they are called here and nowhere else. timeout_ms
 * 0 never waits; that is for event loops. Else it waits until there is something to do, for so long at most (-1: for
 * ever). What is to be done is not always something to tell, so it may return early, and does when a signal was
 * caught. Returns how many callbacks were called. -EBUSY: called from a callback of the same handle; -ECHILD.
 *
 * A daemon that is not there, or refuses, is no error here: it is tried again, five times a second. */
int eldest_dispatch(struct eldest *eldest, int timeout_ms);

/* Why the watch or the work of the handle has no connection now: a negative errno as above; 0 if it has, or if it was
 * not tried yet. For a line in the log of the program. */
int eldest_trouble(const struct eldest *eldest);

/* Called with how things stand, first and after each change; NULL: the daemon is not reachable, and nothing is known.
 * status lives until the callback returns. */
typedef void eldest_watch_function(struct eldest *eldest, const struct eldest_status *status, void *context);

/* Watches from now on. Whoever dispatches too seldom misses changes, but not the last state. Once for a handle.
 * -EINVAL: no function; -EBUSY: the handle watches already; -ECHILD. */
int eldest_watch(struct eldest *eldest, eldest_watch_function *changed, void *context);

/* --- work that is done exactly while this node leads --- */

/* This node leads: work may begin, under eldest_status_token(order), which is never NULL here, and is to be passed on
 * to whatever must be protected from a leader of yesterday. order lives until the callback returns. */
typedef void eldest_start_function(struct eldest *eldest, const struct eldest_status *order, void *context);

/* Work must stop now: this node leads no more, or the daemon is gone, or the node leads on under another token (then
 * there is another start), or the lease is over (eldest_hold_until()). When it has stopped, and no sooner, the
 * program calls eldest_stopped(): in this callback or at any time later. The daemon waits for that before it lets go
 * of the leadership, but no longer than eldest_status_limit_ms(); then another node may lead. */
typedef void eldest_stop_function(struct eldest *eldest, void *context);

/* Holds work from now on: start and stop are called in turn, beginning with start. There is no start before
 * eldest_stopped() was called for the one before. Once for a handle; for those who may act (-EACCES, see
 * eldest_trouble()). -EINVAL: a function is missing; -EBUSY: the handle holds work already; -ECHILD.
 *
 * stop is only as quick as the program dispatches. While the daemon stands still nobody hears from it, and only a
 * lease (quorum = majority) ends the work in time: what must never be done by two at a time has to check the token as
 * well. */
int eldest_hold(struct eldest *eldest, eldest_start_function *start, eldest_stop_function *stop, void *context);

/* All work of the last start has stopped: the answer to stop, or work that has ended by itself, for which there is no
 * start any more under the same token. May be called from callbacks. -EINVAL: there was no start, or it was said
 * already; -ECHILD. */
int eldest_stopped(struct eldest *eldest);

/* Until when work may be done by what was read last, in microseconds of CLOCK_BOOTTIME: then nothing of it may be
 * left, whether the daemon says so or not, as from then on another node may lead. INT64_MAX: without end, as is
 * always so with quorum = none, or if one node is a majority. 0: no work may be done now.
 *
 * It is moved on by eldest_dispatch() whenever the daemon has a longer lease, several times in each of them. stop is
 * called when it is over, or up to 0.1 s before, where stop_margin leaves less than that. May be called by any thread
 * as long as the handle is open. */
int64_t eldest_hold_until(const struct eldest *eldest);

/* --- how things stood --- */

/* All of these may be called with NULL: then, and where something is not known or not there, the answer is NULL, 0 or
 * ELDEST_UNCERTAIN. */

enum eldest_role eldest_status_role(const struct eldest_status *status);

/* "EPOCH.ID" of the present leader, the fencing token. */
const char *eldest_status_token(const struct eldest_status *status);
/* Of the newest leadership that is known, even if there is no leader now. */
uint64_t eldest_status_epoch(const struct eldest_status *status);

/* The leader: the address is the one by which this node reaches it, the port is that of its daemon. The id has 32 hex
 * digits. */
const char *eldest_status_leader_id(const struct eldest_status *status);
const char *eldest_status_leader_name(const struct eldest_status *status);
const char *eldest_status_leader_address(const struct eldest_status *status);
unsigned eldest_status_leader_port(const struct eldest_status *status);

/* The cluster (not in a watch), and this node (eldest_get_...() only); its state is "idle", "candidate" or "leader". */
const char *eldest_status_cluster(const struct eldest_status *status);
const char *eldest_status_node_id(const struct eldest_status *status);
const char *eldest_status_node_name(const struct eldest_status *status);
const char *eldest_status_node_state(const struct eldest_status *status);

/* In a watch: what has happened, "snapshot" for the first, "leader", "no-leader", "state", "peer-joined" and others,
 * and why, if that is told. Both are words of eldest(1), and there may be new ones. */
const char *eldest_status_event(const struct eldest_status *status);
const char *eldest_status_reason(const struct eldest_status *status);

/* In an order to start: for how long the daemon waits after stop, in milliseconds. */
int eldest_status_limit_ms(const struct eldest_status *status);

/* The members, this node among them, the leader first and the others in the order in which they would take over
 * (eldest_get_status() only). index counts from 0. member_self is 1 for this node, else 0. */
size_t eldest_status_members(const struct eldest_status *status);
const char *eldest_status_member_id(const struct eldest_status *status, size_t index);
const char *eldest_status_member_name(const struct eldest_status *status, size_t index);
const char *eldest_status_member_address(const struct eldest_status *status, size_t index);
unsigned eldest_status_member_port(const struct eldest_status *status, size_t index);
const char *eldest_status_member_state(const struct eldest_status *status, size_t index);
int eldest_status_member_self(const struct eldest_status *status, size_t index);

/* All of it as the daemon said it: one JSON object, as eldest(1) describes it. */
const char *eldest_status_json(const struct eldest_status *status);

/* A copy to be kept; NULL if memory ran out, or of NULL. */
struct eldest_status *eldest_status_copy(const struct eldest_status *status);
/* NULL is fine. */
void eldest_status_free(struct eldest_status *status);

/* --- errors --- */

/* Words for a negative errno that one of these functions has returned. They live until the next call by the same
 * thread. */
const char *eldest_error_text(int error);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif

#endif
