/* SPDX-License-Identifier: ISC
 *
 * action.h - everything that a node does about an event: a bounded list, to be carried out in order.
 *
 * The list is the caller's; core_step() clears and fills it. Nothing in it points into the core.
 */
#ifndef ELDEST_CORE_ACTION_H
#define ELDEST_CORE_ACTION_H

#include "wire/wire.h"

enum action_type {
    ACTION_SEND = 1,
    ACTION_PERSIST, /* write the state; with durable: before any later action of the list is carried out. If that fails
                       nothing of the list is sent any more, and EVENT_STATE_WRITABLE tells it */
    ACTION_STOP_WORK, /* tell the holders of work to stop; EVENT_WORK_STOPPED when they have (HAND-1) */
    ACTION_RESIGNED, /* the outcome of EVENT_RESIGN */
    ACTION_RETIRED, /* the outcome of EVENT_RETIRE */
    ACTION_STOPPED, /* after EVENT_STOP: the daemon may end */
    ACTION_NOTICE, /* something that watchers and the log want to know */
    ACTION_TYPE_END
};

/* Where to: the group, and any number of nodes. A copy for each gets its own seq, and a unicast its receiver's boot
 * nonce. */
struct send_target {
    struct address address;
    uint64_t boot_nonce; /* of the receiver; 0 unknown */
};

struct send {
    struct wire_message message; /* header: only type is set by the core; the sender completes it */
    bool multicast;
    uint8_t count;
    struct send_target to[SUCCESSORS_MAX];
};

/* All that must survive a restart (rules START-1, EPOCH-5, MAJ). */
struct persistent {
    struct node_id id;
    uint32_t incarnation; /* of the present start */
    uint64_t epoch_block; /* no epoch above it has been used */
    struct token own; /* newest token followed or held */
    uint64_t vote_epoch; /* highest epoch voted in or stood with */
    struct node_id voted; /* for whom */
    /* quorum = majority; zero if it never was */
    uint64_t granted_epoch; /* highest epoch in which it has voted for another node (MAJ-5) */
    usec_t promise_max; /* P_max: the longest promise ever made, to another leader or to oneself (MAJ-1) */
    struct wire_roster roster; /* the seats, of the newest version known; count 0: none is known */
    struct wire_roster pin; /* the roster that a bootstrap vote binds this node to; count 0: none (MAJ-12) */
};

enum resign_outcome { RESIGN_DONE = 0, RESIGN_NOT_LEADER = 1, RESIGN_NOBODY = 6 };

/* Of `eldest retire ID` (MAJ-14). */
enum retire_outcome {
    RETIRE_DONE = 0,
    RETIRE_NOT_LEADER, /* only a leader with a lease changes seats */
    RETIRE_NO_SEAT, /* that id has none */
    RETIRE_OWN_SEAT, /* the leader's own: it has to resign first */
    RETIRE_UNSETTLED, /* not enough members have the present roster yet, or another seat is free: a little later */
    RETIRE_NEEDED, /* without it too few of the others beat: nobody could lead, now or ever */
};

enum notice_type {
    NOTICE_STATE = 1, /* this node's state changed */
    NOTICE_LEADER, /* there is a (new) leader: token, address, name, why */
    NOTICE_NO_LEADER, /* there is none (any more): the token that ended, of whom, why */
    NOTICE_PEER_JOINED, /* id, address, name */
    NOTICE_PEER_LEFT,
    NOTICE_SUSPECTED, /* the leader is being checked */
    NOTICE_VOUCHED, /* it lives */
    NOTICE_CONFLICT, /* another leader was heard: token, address */
    NOTICE_CONFIRMED, /* still leader after a pause: token, why */
    NOTICE_REASSERT, /* still (or again) leader after a conflict: holders re-run */
    NOTICE_CLONE, /* our id is used by another host: address; a new id was taken if `taken` */
    NOTICE_TABLE, /* the member table that was wanted is complete, or will not be */
    NOTICE_TABLE_FULL, /* members_max is reached: followed unlisted */
    NOTICE_ROSTER, /* the seats that are known have changed (MAJ-13 .. MAJ-15) */
    NOTICE_TYPE_END
};

/* Why a leadership began or ended, for people and history. */
enum reason {
    REASON_NONE = 0,
    REASON_FIRST, /* cold start */
    REASON_ALONE, /* nobody else heard */
    REASON_DEATH, /* the leader fell silent */
    REASON_FAREWELL, /* its daemon died */
    REASON_RESIGN, /* handed over */
    REASON_MERGE, /* two leaders met */
    REASON_JOIN, /* found by a node without leader */
    REASON_RISE, /* took a higher epoch above a token it was shown (EPOCH-4) */
    REASON_GAP, /* woke up from a pause */
    REASON_LINK, /* last usable interface gone */
    REASON_VOUCHED, /* given up in error: it lives */
    REASON_LEASE, /* not enough voters answered in time, or do so again (MAJ-6, MAJ-7) */
    REASON_CLONE, /* left by this node, which has to take a new identity (MEMB-7, MEMB-8) */
    REASON_END
};

struct notice {
    enum notice_type type;
    enum reason reason;
    struct token token;
    struct node_id id; /* peer notices */
    struct address address;
    char name[NODE_NAME_MAX + 1];
    bool taken;
};

struct action {
    enum action_type type;
    union {
        struct send send;
        struct {
            struct persistent state;
            bool durable;
        } persist;
        enum resign_outcome resigned;
        enum retire_outcome retired;
        struct notice notice;
    };
};

enum { ACTIONS_MAX = 16 };

struct actions {
    unsigned count;
    struct action list[ACTIONS_MAX];
};

const char *action_name(enum action_type type);
const char *notice_name(enum notice_type type); /* as in `watch --json`: "leader", "no-leader", "peer-joined", ... */
const char *reason_name(enum reason reason); /* "cold start", "death", ... */

#endif
