/* SPDX-License-Identifier: ISC
 *
 * oracle.h - what must hold, whatever happens to a cluster. What is particular to quorum = majority: reign.h.
 *
 * After each step: the core's own invariants; a leadership (epoch, leader id) begins once, each above the earlier
 * ones of that id, and within the block of epochs that is on the disk; a node's epoch does not fall, and it names
 * another leader only with a higher epoch; nobody claims to lead after it knew better (claim.h), and a sitting,
 * reachable leader is not displaced (sitting.h). At rest: every connected part has one leader, and every node of it
 * names that one, under quorum = none. What must come of a single thing that happens then: exam.h.
 */
#ifndef ELDEST_SIM_ORACLE_H
#define ELDEST_SIM_ORACLE_H

#include "claim.h"
#include "ledger.h"
#include "reign.h"
#include "sitting.h"

#include "core/core.h"

struct world;
struct node;

/* What a node told of itself after its last step. */
struct outlook {
    enum node_state state;
    enum standing standing;
    bool leads;
    bool has_leader;
    struct token leader; /* valid with has_leader */
    struct token named; /* the last leader that it named in this life */
    uint64_t epoch;
    struct rank_key key; /* in the last Leader that it sent */
    unsigned defeats; /* merges lost in this life, at most five minutes from one to the next ... */
    usec_t defeat_at; /* ... the last one, time of the world */
    usec_t deadline_seen; /* node's time of the last deadline, and how many there were at that instant */
    unsigned deadlines;
    struct claim claim;
    struct sitting sitting;
    struct reign reign;
};

/* One term of one leader. */
struct leadership {
    struct token token;
    uint32_t node;
    usec_t since; /* time of the world */
};

enum {
    LEADERSHIPS_MAX = 100000, /* in a run */
    ORACLE_TEXT_MAX = REIGN_TEXT_MAX,
};

struct oracle {
    struct leadership *list; /* all leaderships of the run, in order */
    size_t count;
    size_t size;
    uint32_t leaders; /* nodes that say they lead, as of their last step */
    uint32_t leaders_most; /* of them at a time, since the last mark */
    usec_t leaderless; /* time without any of them, since the last mark ... */
    usec_t leaderless_from; /* ... but for the present such time, which began then; USEC_NEVER: somebody leads */
    bool changed; /* a node tells something else than before; cleared by the reader */
    usec_t changed_at; /* the last time */
    struct ledger ledger; /* of a majority cluster */
    usec_t renamed_at; /* the last time that a node took another id */
    struct sitting_sums sitting;
};

void oracle_release(struct oracle *oracle);

/* A node begins a life: its state is what its disk says. */
void oracle_start(struct world *world, struct node *node);

/* A node's life has ended. */
void oracle_end(struct world *world, struct node *node);

/* Something is done to a node or, if that is NULL, to the network. */
void oracle_touch(struct world *world, struct node *node);

/* A node is about to handle that event. */
void oracle_handles(struct node *node, const struct event *event);

/* A node's clock runs at another rate from now on. */
void oracle_clock(struct world *world, const struct node *node);

/* A node is about to take another id than it has. */
void oracle_renamed(struct world *world, const struct node *node);

/* A node tells its watchers something. */
void oracle_notice(const struct world *world, struct node *node, const struct notice *notice);

/* A node sends that message, to `to` or to all; it is about to handle that one. */
void oracle_sent(struct world *world, struct node *node, const struct wire_message *message, const struct node *to);
void oracle_received(struct node *node, const struct node *from, const struct wire_message *message);

/* To be asked after each step of that node's core; fails the world if something is broken. */
void oracle_step(struct world *world, struct node *node);

/* A node's process stops for a while, and wakes up after that: what it says at once must be true. */
void oracle_pause(struct world *world, struct node *node);
void oracle_resume(struct world *world, struct node *node, usec_t duration);

/* A deadline is about to be handed to that node's core, which must not ask for ever more of them at one
 * instant. */
void oracle_deadline(struct world *world, struct node *node, usec_t node_now);

/* True if every connected part agrees on one leader of its own; else ret_why says what is missing. Parts that
 * are not transitive, or without an eligible node, or of one node that hears a leader which cannot hear it, are not
 * judged. */
bool oracle_judge(const struct world *world, char ret_why[ORACLE_TEXT_MAX]);

/* The same as a condition for world_run_until(), where there is a leader at all, or where there need not be any. */
bool oracle_agreed(const struct world *world);

/* Whether a node has taken another id since that time (MEMB-7, MEMB-8): whoever remembers its former one, or a copy's,
 * may say so long after the copy was made. */
bool oracle_renamed_since(const struct world *world, usec_t time);

/* Whether somebody has lost so many merges that it does not lead alone at once (MERGE-9). */
bool oracle_held_back(const struct world *world);

/* What counts "since the last mark" begins now. */
void oracle_mark(struct world *world);

/* For how long nobody has led since the last mark. */
usec_t oracle_leaderless(const struct world *world);

/* The only running node that says it leads, or -1 for none or several. */
int64_t oracle_leader(const struct world *world);

#endif
