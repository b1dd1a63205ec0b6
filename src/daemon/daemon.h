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

struct daemon;
struct history;
struct settings;
struct settings_outcome;

/* What the daemon has counted since it started: datagrams, unless said otherwise. */
struct daemon_counters {
    uint64_t sent[WIRE_TYPE_END]; /* by type; each copy counts */
    uint64_t send_failed; /* of these, refused by the kernel */
    uint64_t not_encoded;
    uint64_t received[WIRE_TYPE_END]; /* handed to the core, by type */
    uint64_t refused[WIRE_ERROR_END]; /* not understood, by reason */
    uint64_t other_cluster;
    uint64_t own_echo; /* our own multicast, looped back */
    uint64_t other_interface; /* came in by one that is not in use */
    uint64_t wrong_ttl; /* crossed a router (RFC 5082) */
    uint64_t unreachable; /* sent, and told by ICMP that nobody listens there */
    uint64_t events_lost; /* events that the queue had no room for */
};

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

/* Reads the configuration again, from where it came from, and lives by it. */
void daemon_reload(struct daemon *daemon, struct settings_outcome *ret);

/* What the node would say now. */
void daemon_view(const struct daemon *daemon, struct core_view *view);

/* Members in a stable order, from index 0 until it returns false. */
bool daemon_peer(const struct daemon *daemon, uint32_t index, struct core_peer *peer);

/* The node's own address on its interface, with its unicast port; false while no interface is usable. */
bool daemon_own_address(const struct daemon *daemon, struct address *ret);

/* The leaderships seen since the start. */
const struct history *daemon_history(const struct daemon *daemon);

const char *daemon_cluster(const struct daemon *daemon);

const struct daemon_counters *daemon_counters(const struct daemon *daemon);

#endif
