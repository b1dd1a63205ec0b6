/* SPDX-License-Identifier: ISC
 *
 * core.h - the one door to the protocol: a node of a cluster as a pure state machine.
 *
 *     datagram -> wire -> core_step(core, now, event) -> actions -> platform
 *
 * The core knows no clock, socket, file, log or memory allocator, and no randomness but its own seeded generator. The
 * caller gives it memory once and the time with every event; it answers with a bounded list of actions and one next
 * deadline. `now` is CLOCK_BOOTTIME in microseconds and never goes back. Nothing here is safe for two threads at
 * once.
 */
#ifndef ELDEST_CORE_CORE_H
#define ELDEST_CORE_CORE_H

#include "base/rng.h"
#include "core/action.h"
#include "core/event.h"

struct core;

enum { MEMBERS_MAX_DEFAULT = 1024 };

struct core_config {
    struct persistent state; /* as read from disk, or new; counted up for this start and made durable */
    bool fresh; /* state.id was drawn at this start */
    uint64_t boot_nonce; /* random, drawn at this start */
    struct node_facts facts; /* name, tags, priority, eligible */
    struct timing timing;
    bool preempt;
    bool majority; /* quorum = majority: rules MAJ */
    uint8_t expect; /* N at bootstrap, 1 .. ROSTER_MAX; 0 with quorum = none */
    bool writable; /* the state directory is */
    uint16_t port; /* unicast port */
    uint32_t members_max; /* capacity of the leader's table */
    uint8_t seed[RNG_SEED_SIZE];
};

/* Epochs reserved on disk ahead of use: state.epoch_block at start is what was read plus this (EPOCH-5). */
enum { EPOCH_BLOCK = 16 };

enum node_state { NODE_IDLE = 0, NODE_CANDIDATE = 1, NODE_LEADER = 2 };

/* How an idle node stands to its leader (STATES of eldest-protocol(7)); also shown to users. */
enum standing {
    STANDING_NO_LEADER = 0,
    STANDING_FOLLOWING,
    STANDING_SPARE, /* follows, but has no seat: neither votes nor leads (MAJ-16) */
    STANDING_SUSPECTING,
    STANDING_UNREACHABLE, /* vouched for, but does not answer me */
    STANDING_HEARD_ONE_WAY, /* a Leader is heard, but nobody answers */
    STANDING_ISOLATED,
    STANDING_UNCONFIRMED, /* leads, but after a gap */
    STANDING_WITHOUT_LEASE, /* elected, but not enough voters have answered lately: answers "not leader" (MAJ-7) */
    STANDING_STOPPING, /* leads, but is letting go: answers "not leader" */
    STANDING_LEADING,
};

/* What stands between a majority cluster and a leader. All zero with quorum = none. */
struct core_quorum {
    bool majority;
    uint8_t expect; /* N: of the roster, or as configured as long as none is known */
    uint8_t needed; /* Q, this node included; at the bootstrap N */
    uint8_t have; /* nodes that count towards it, heard lately, and this one if it counts */
    bool seat; /* this node has one */
    bool pinned; /* a bootstrap vote binds this node */
    uint32_t fresh; /* without a roster: nodes heard that have none either, this one included */
    usec_t abstains; /* how long this node may not vote or stand yet: a promise, or its restart (MAJ-1); 0 */
    usec_t lease; /* how long this node leads surely, stop_margin taken off; 0 none; USEC_NEVER without end */
    usec_t work; /* the same of work that goes on while this node lets go of the leadership, as if it still led */
    usec_t stop_margin; /* of this node, or of the term that it leads in */
    struct wire_roster roster; /* count 0: none is known */
};

/* What the node would say at this moment, computed from the clock (STATES of eldest-protocol(7)). */
struct core_view {
    usec_t at; /* that moment */
    enum node_state state;
    enum standing standing;
    struct node_id id;
    uint32_t incarnation;
    struct node_facts facts;
    int64_t age; /* us */
    bool has_birth;
    uint64_t timeline;
    int64_t birth; /* us on the timeline */
    uint64_t epoch; /* of the newest token followed or held */
    bool has_leader; /* the following are valid */
    bool leads; /* this node leads, confirmed: `is-leader` says 0 only then */
    struct token leader;
    struct address leader_address; /* none when this node leads */
    uint64_t leader_boot_nonce; /* 0 unknown */
    char leader_name[NODE_NAME_MAX + 1]; /* "" if not told yet */
    char leader_tags[TAGS_MAX + 1]; /* the same */
    usec_t leader_since; /* duration of this leadership, as far as known */
    uint32_t members; /* the leader included; 1 when nobody is known */
    uint32_t table_version;
    bool table_complete; /* core_peer() lists all of them */
    usec_t interval; /* H in force */
    usec_t detect; /* in force */
    uint32_t loss; /* of one try to the leader, in 1/65536, as cautiously as the protocol takes it (EXCH-3) */
    struct core_quorum quorum;
};

/* A member as this node knows it; the node itself is listed too. */
struct core_peer {
    struct node_id id;
    bool self;
    enum node_state state;
    struct node_facts facts; /* name "" if not told yet */
    struct address address; /* none for self */
    uint64_t boot_nonce; /* 0 unknown */
    bool has_birth;
    int64_t birth;
    int64_t age; /* us; -1 unknown */
    uint32_t rtt_us; /* 0 unknown */
    int32_t loss; /* of the latest tries of its exchange with this node, in 1/65536; LOSS_UNKNOWN (tries.h) */
    usec_t last_seen; /* how long ago */
};

/* Why a message that is well-formed, or a part of it, was ignored: for reasons of safety or plausibility. A few are
 * part of a quiet day, when datagrams are late or doubled; many tell of a fault or of a stranger. */
enum core_refusal {
    REFUSAL_EPOCH_IMPLAUSIBLE = 0, /* far above every epoch known (EPOCH-3) */
    REFUSAL_EPOCH_OLD, /* of my leader, or one that wants to be, below the one that I know (ELEC-13, EXCH-7, MERGE-6) */
    REFUSAL_OTHER_LEADER, /* a Leader that is not mine, while mine lives (ELEC-15) */
    REFUSAL_OWN_ID, /* from another host or another start that has my id (MEMB-7) */
    REFUSAL_STALE_SENDER, /* its incarnation went back (MEMB-8) */
    REFUSAL_STALE_UNMEANT, /* a Stale that is not about this start (MEMB-8) */
    REFUSAL_UNCONFIRMED, /* this node asks whether it still leads (GAP-2) */
    REFUSAL_UNASKED, /* an answer to nothing that this node has asked (EPOCH-2, ELEC-17, SUSP-7, GAP-3, MERGE-6) */
    REFUSAL_SUSPECT_DAMPED, /* another suspicion of the leader just after the last (SUSP-2) */
    REFUSAL_OVERTAKEN, /* a Heartbeat of an earlier exchange than the member's last (EXCH-1) */
    REFUSAL_TABLE_FULL, /* a registration that finds no place: followed unlisted (MEMB-5) */
    REFUSAL_PAGE_UNLISTED, /* asks for the member table, but is not listed (SEC-4) */
    REFUSAL_HANDOVER, /* a wish to preempt of one that may not (HAND-4) */
    REFUSAL_NOT_WRITABLE, /* no vote: the state directory cannot be written (START-1) */
    REFUSAL_CHALLENGE, /* of a cluster with a key (SEC-2) */
    REFUSAL_OTHER_QUORUM, /* a leader or candidate of the other policy (MAJ) */
    REFUSAL_PROMISED, /* no vote yet: a promise lasts, or the abstention (MAJ-1) */
    REFUSAL_ROSTER, /* no vote: no seat there, an older roster, another N (MAJ-3, MAJ-12) */
    REFUSAL_VOTED, /* no vote: it was given to another candidate, or the epoch is past (MAJ-3) */
    REFUSAL_ECHO, /* names an Ack that was never sent (MAJ-6) */
    REFUSAL_END
};

/* Since core_init(). */
struct core_counters {
    uint64_t refused[REFUSAL_END];
    uint64_t elections; /* in which this node has stood; its repetitions are the same one */
    uint64_t tries; /* of exchanges with the leader, or with followers, that are over */
    uint64_t tries_lost; /* of these, as tries.h counts it */
};

/* Bytes of memory that a core with that table needs; aligned as malloc() does. */
size_t core_size(uint32_t members_max);

/* Builds a node in memory, which must stay valid and is the core's until the caller forgets both. Never fails. */
struct core *core_init(void *memory, const struct core_config *config, usec_t now);

/* The only way in. Clears `actions`, then fills it. Not re-entrant: carry the actions out after it has returned. */
void core_step(struct core *core, usec_t now, const struct event *event, struct actions *actions);

/* When EVENT_DEADLINE is due: an absolute time, or USEC_NEVER. Changes only by core_step(). */
usec_t core_deadline(const struct core *core);

void core_view(const struct core *core, usec_t now, struct core_view *view);

/* Whether users are told who leads: a leader that is not confirmed does not name itself. */
bool core_view_names_leader(const struct core_view *view);

/* Members in a stable order, from index 0 until it returns false. */
bool core_peer(const struct core *core, usec_t now, uint32_t index, struct core_peer *peer);

/* Valid as long as the core, and up to date after each step. */
const struct core_counters *core_counters(const struct core *core);

/* Every invariant: NULL, or what is broken. For tests and the simulator, after each step. */
const char *core_check(const struct core *core);

const char *node_state_name(enum node_state state); /* "idle", "candidate", "leader" */
const char *standing_name(enum standing standing); /* for people */
const char *refusal_name(enum core_refusal refusal); /* "epoch_implausible", ... : names of counters */

#endif
