/* SPDX-License-Identifier: ISC
 *
 * reign.h - what must hold of quorum = majority, whatever happens: no two lead at the same time. The oracle's.
 *
 * A node holds office while it answers "leader", by its own clock, and while somebody works because it has: until the
 * holders of its work have stopped or, by the clock of their host, are dead (holder.h), and until the leases are over
 * that were told to clients without a connection. The intervals of all nodes, in world time, are in a ledger
 * (ledger.h): no two overlap, an epoch has one leader, with a lease or without, and tokens rise from one first lease
 * to the next. Moreover
 *
 *   - who watches a leader hears in time that it has a lease, and that it has none (MAJ-7);
 *   - an elected node that has been without a lease for a second answers no Heartbeats any more (MAJ-7);
 *   - nobody is released from a promise while somebody works (MAJ-8).
 *
 * At rest: a part of the network leads in which Q seats of the newest roster are, as its nodes know it, one of them
 * eligible, and no other part; all nodes of it name that leader.
 */
#ifndef ELDEST_SIM_REIGN_H
#define ELDEST_SIM_REIGN_H

#include "core/core.h"

enum { REIGN_TEXT_MAX = 128 };

struct world;
struct node;

/* Of one node, in this life. */
struct reign {
    bool told; /* its watchers think that it leads */
    struct token leased; /* the last one by which it had a lease */
    bool leads; /* as of its last step */
    usec_t without_since; /* node's time: since then it has no lease; valid while it is leader without one */
};

/* The node becomes leader; it tells its watchers something; it sends a message. */
void reign_begins(struct world *world, struct node *node, const struct token *token);
void reign_notice(struct node *node, const struct notice *notice);
void reign_sent(struct world *world, const struct node *node, const struct wire_message *message);

/* Until when it holds office has changed by something else than a step: its clock, or the end of a life. */
void reign_reckon(struct world *world, const struct node *node);

/* After each step. */
void reign_judge(struct world *world, struct node *node, const struct core_view *view);

bool reign_settled(const struct world *world, char ret_why[REIGN_TEXT_MAX]);

#endif
