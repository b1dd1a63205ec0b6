/* SPDX-License-Identifier: ISC
 *
 * ledger.h - who held office in a majority cluster, from when to when, and by which token; and the three things that
 * must hold of it: no two at a time, one to an epoch, and no token after a higher one.
 *
 * A node holds office while it answers "leader", or somebody works because it has. It knows when that will be over
 * without further news: the interval is written down with that end, and corrected whenever news comes, so that it
 * counts although the node does nothing in the meantime. Times are of the world, and entries are made in their order.
 * This module knows nothing of cores; reign.c keeps the book.
 */
#ifndef ELDEST_SIM_LEDGER_H
#define ELDEST_SIM_LEDGER_H

#include "base/types.h"

struct ledger {
    usec_t *until; /* by node: the end of its latest interval */
    uint32_t nodes;
    struct token *elected; /* everybody that became leader, with a lease or without, in no order */
    size_t count, size;
    struct token leased; /* the latest that had a lease for the first time */
    uint64_t spells; /* intervals */
};

void ledger_init(struct ledger *ledger, uint32_t nodes);
void ledger_release(struct ledger *ledger);

/* The node holds office from now on until then, without further news; until <= now: no longer. Returns whether nobody
 * else does; if not, ret_other is one who does. */
bool ledger_hold(struct ledger *ledger, uint32_t node, usec_t now, usec_t until, uint32_t *ret_other);

/* Somebody becomes leader. Returns whether its epoch is no other's. */
bool ledger_elected(struct ledger *ledger, const struct token *token);

/* Somebody has a lease for the first time under that token. Returns whether all that had one before are lower. */
bool ledger_leased(struct ledger *ledger, const struct token *token);

#endif
