/* SPDX-License-Identifier: ISC
 *
 * counters.h - what a daemon counts since its start. Whoever does something counts it here; what the core counts itself
 * (core.h) stands beside it. One table names all of them: report.h and http/metrics.h tell it by that.
 */
#ifndef ELDEST_DAEMON_COUNTERS_H
#define ELDEST_DAEMON_COUNTERS_H

#include "core/core.h"
#include "platform/state.h"

#include <stddef.h>

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
    REFUSED_UNMEANT, /* for another node, or an earlier start of this one; or for one, but sent to all */
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
    uint64_t withheld; /* from somebody who may not be there: answers and copies, too long or too many (SEC-4) */
    uint64_t received[WIRE_TYPE_END]; /* handed to the core, by type */
    uint64_t refused[REFUSED_END]; /* by reason; WIRE_OK is none */
    uint64_t unreachable; /* sent, and told by ICMP that nobody listens there */
    uint64_t events_lost; /* events that the queue had no room for */
    uint64_t sentinels_lost; /* processes that died while the daemon lived */
    uint64_t holders_late; /* of work, that had not stopped when the time for it was over */
    uint64_t hooks_run; /* by holders of work, as they tell */
    uint64_t hooks_failed; /* of these */
    /* by counters_notice() */
    uint64_t state_changes[NODE_LEADER + 1]; /* changes to each state */
    uint64_t leader_changes[REASON_END]; /* leaderships that began, of any node, or rose to a higher epoch; by reason */
    uint64_t leader_losses[REASON_END]; /* that ended for this node, its own or another's; by reason */
    uint64_t suspicions;
    uint64_t suspicions_wrong; /* of these: the leader was alive */
    uint64_t roster_changes; /* of which node has a vote (MAJ-13) */
    uint64_t conflicts; /* other leaders that were met */
    uint64_t reasserted; /* still or again leader after one */
    uint64_t confirmed; /* still leader after a pause */
    uint64_t clones; /* other hosts that used the id of this node */
    uint64_t peers_joined; /* while this node led */
    uint64_t peers_left; /* the same */
    /* as daemon_counters() tells them */
    struct core_counters core;
    struct state_writes state_writes;
    uint64_t wakeups; /* of the event loop */
    struct histogram lateness; /* of its alarm */
};

/* Counts what the core tells; state is that of the node after it. */
void counters_notice(struct counters *counters, const struct notice *notice, enum node_state state);

/* A counter, or one for each kind of a thing. */
struct counter {
    const char *name; /* as reports have it; as a metric it is eldest_NAME_total */
    const char *help; /* a sentence */
    size_t offset; /* in struct counters, of kind 0 */
    const char *label; /* what its kinds are told by; NULL: a single one, of kind 0 */
    unsigned first, end; /* the kinds */
    const char *(*kind_name)(unsigned kind);
};

/* The counter of that number, from 0 on, in the order in which they are told; NULL beyond the last. */
const struct counter *counters_describe(unsigned number);

uint64_t counters_value(const struct counters *counters, const struct counter *counter, unsigned kind);

/* What that kind is called where counters are told: in lower case with underscores, whatever it is called elsewhere. */
enum { COUNTERS_KIND_SIZE = 64 };
const char *counters_kind_name(const struct counter *counter, unsigned kind, char text[COUNTERS_KIND_SIZE]);

/* "short", "wrong-ttl", ...; "?" beyond the last. */
const char *counters_refusal_name(unsigned refusal);

#endif
