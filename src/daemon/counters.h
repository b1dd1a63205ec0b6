/* SPDX-License-Identifier: ISC
 *
 * counters.h - what a daemon counts since its start. Whoever does something counts it here; report.h tells it. What the
 * core ignores it counts itself (core.h).
 */
#ifndef ELDEST_DAEMON_COUNTERS_H
#define ELDEST_DAEMON_COUNTERS_H

#include "core/core.h"

/* Why a datagram was not for the core: an enum wire_error, or one of these. */
enum counters_refusal {
    REFUSED_OTHER_INTERFACE = WIRE_ERROR_END, /* came in by one that is not in use */
    REFUSED_WRONG_TTL, /* crossed a router (RFC 5082), or was sent by another program */
    REFUSED_TOO_MANY, /* from the same address, in a short time */
    REFUSED_OTHER_CLUSTER,
    REFUSED_KEYED, /* made with a key, which this node has none to check it by */
    REFUSED_UNKEYED, /* made without a key, where this node has one */
    REFUSED_OTHER_KEY, /* made with a key that this node does not have */
    REFUSED_WRONG_MAC, /* names a key of this node, but was not made with it, or was changed on its way */
    REFUSED_REPLAYED, /* heard before, or too old (SEC-2) */
    REFUSED_UNPROVEN, /* its sender has to prove first that it is there (SEC-2); may be taken then */
    REFUSED_UNMEANT, /* for another node, or for an earlier start of this one */
    REFUSED_OWN_ECHO, /* this node's own multicast, looped back */
    REFUSED_OTHER_GROUP, /* for somebody else on this host who uses the same port */
    REFUSED_REPEATED, /* a multicast that had come by another way already */
    REFUSED_END
};

/* Of datagrams, unless said otherwise. */
struct counters {
    uint64_t sent[WIRE_TYPE_END]; /* by type; each copy counts */
    uint64_t send_failed; /* of these, refused by the kernel */
    uint64_t not_encoded;
    uint64_t withheld; /* answers to somebody who may not be there: too long, or too many (SEC-4) */
    uint64_t received[WIRE_TYPE_END]; /* handed to the core, by type */
    uint64_t refused[REFUSED_END]; /* by reason; WIRE_OK is none */
    uint64_t unreachable; /* sent, and told by ICMP that nobody listens there */
    uint64_t events_lost; /* events that the queue had no room for */
    uint64_t sentinels_lost; /* processes that died while the daemon lived */
    uint64_t holders_late; /* of work, that had not stopped when the time for it was over */
    uint64_t wakeups; /* of the event loop */
};

/* "short", "wrong-ttl", ...; "?" beyond the last. */
const char *counters_refusal_name(unsigned refusal);

#endif
