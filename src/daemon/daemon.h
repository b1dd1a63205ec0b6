/* SPDX-License-Identifier: ISC
 *
 * daemon.h - one running node: the glue between the pure core and everything around it.
 *
 *     sockets, timer, links, users -> struct event -> core_step() -> struct actions -> sockets, state file, users, log
 *
 * The daemon owns the core's memory, the sockets, the state store and the control
 * server. All of it runs in one thread, in callbacks of one event loop. Who serves users (ctlserver) asks
 * by the functions of the second half.
 */
#ifndef ELDEST_DAEMON_DAEMON_H
#define ELDEST_DAEMON_DAEMON_H

#include "core/core.h"

struct counters;
struct daemon;
struct event_base;
struct history;
struct holder;
struct holders;
struct journal;
struct ran;
struct settings;
struct settings_outcome;

/* Builds a node as the settings say (state directory, sockets, core, control socket) and starts it. They must outlive
 * the daemon. 0, or an exit status of the program after the reason was logged: EX_CANTCREAT (state
 * directory), EX_UNAVAILABLE (no free port, or the control socket cannot be opened), EX_OSERR (memory,
 * descriptors, random numbers). To be called after the last fork. */
int daemon_open(struct daemon **ret, struct settings *settings);

/* Serves until the node has stopped: SIGTERM and SIGINT hand the leadership over first, a second one does
 * not wait. Returns the exit status. */
int daemon_run(struct daemon *daemon);

/* Frees everything and removes the control socket. NULL is fine. */
void daemon_close(struct daemon *daemon);

/* Hands an event to the core and carries out its actions. While another event is being worked on it is
 * queued; what it points to must then stay valid until that one is done. */
void daemon_submit(struct daemon *daemon, const struct event *event);

/* To be called before somebody is answered who asks: if the host stood still, the core hears of that first. Not from
 * within daemon_submit(). */
void daemon_check_clock(struct daemon *daemon);

/* A holder of work (holders.h), which stays the caller's: it registers and may be told to work before this returns; it
 * says that it has stopped the work of that order; it is gone, and forgotten when this returns. None of these from
 * within daemon_submit(). */
void daemon_hold(struct daemon *daemon, struct holder *holder);
void daemon_hold_stopped(struct daemon *daemon, struct holder *holder, uint64_t order);
void daemon_hold_ended(struct daemon *daemon, struct holder *holder, bool cut_off); /* by this side */

/* It tells of a program that it has run (ran.h). */
void daemon_hold_ran(struct daemon *daemon, struct holder *holder, const struct ran *ran);

/* All of them, for reports. */
const struct holders *daemon_holders(const struct daemon *daemon);

/* Reads the configuration again, from where it came from, and lives by it. */
void daemon_reload(struct daemon *daemon, struct settings_outcome *ret);

/* For that long, or until daemon_resume() (USEC_NEVER), the node does not lead. A leader hands over first; the outcome
 * is told by ctlserver_resigned(): if it is RESIGN_NOBODY, the node is not paused, unless it is forced. When it is
 * paused and leads no more, that is told by ctlserver_paused(). Not from within daemon_submit(). */
void daemon_pause(struct daemon *daemon, usec_t length, bool forced);

/* Ends a pause; false if there was none. */
bool daemon_resume(struct daemon *daemon);

/* How long it still lasts: USEC_NEVER if it has no end, 0 if there is none. */
usec_t daemon_pause_left(const struct daemon *daemon);

/* Changes the tags that were set over those of the configuration, see overlay_set_tags(). */
int daemon_set_tags(struct daemon *daemon, const char *const *words, size_t count, const char **ret_wrong);

/* The tags of the configuration, and those that were set. */
const char *daemon_tags_configured(const struct daemon *daemon);
const char *daemon_tags_set(const struct daemon *daemon);

/* The changes that its users are told of. */
struct journal *daemon_journal(const struct daemon *daemon);

/* The event loop in which it all runs, for whoever serves others beside the control socket. */
struct event_base *daemon_event_base(const struct daemon *daemon);

/* What the node would say now. */
void daemon_view(const struct daemon *daemon, struct core_view *view);

/* Somebody is about to hear that this node's lease lasts until then, and may work by that (MAJ-8). */
void daemon_tell_lease(const struct daemon *daemon, usec_t until);

/* Members in a stable order, from index 0 until it returns false. */
bool daemon_peer(const struct daemon *daemon, uint32_t index, struct core_peer *peer);

/* The node's own address on its interface, with its unicast port; false while no interface is usable. */
bool daemon_own_address(const struct daemon *daemon, struct address *ret);

/* How the node of a view stands to its leader, in words. */
const char *daemon_standing(const struct daemon *daemon, const struct core_view *view);

/* Whether the state can be saved, as far as it was tried; if not, the node neither stands nor votes. */
bool daemon_writable(const struct daemon *daemon);

/* What the node knows of its network; valid until the next event. */
struct daemon_network {
    const struct links *links;
    const struct paths *paths;
    const struct traffic *traffic;
    const struct strangers *strangers;
    const struct udp *udp;
    uint16_t group_port;
    int64_t clock_step_ms; /* how far the wall clock was set since the start */
};

void daemon_network(const struct daemon *daemon, struct daemon_network *ret);

/* The leaderships seen since the start. */
const struct history *daemon_history(const struct daemon *daemon);

const char *daemon_cluster(const struct daemon *daemon);

/* How many nodes are configured to have a vote; 0: none have. */
unsigned daemon_expect(const struct daemon *daemon);

/* What was counted since the start, which is uptime ago. */
void daemon_counters(const struct daemon *daemon, struct counters *ret);
usec_t daemon_uptime(const struct daemon *daemon);

/* When the daemon was started, in milliseconds since 1970: the same at each call, unless the clock is set. */
int64_t daemon_started_ms(const struct daemon *daemon);

#endif
