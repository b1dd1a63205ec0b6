/* SPDX-License-Identifier: ISC
 *
 * discovery.h - a node without leader: announcing itself, and the first election of a cluster (rules START).
 */
#ifndef ELDEST_CORE_DISCOVERY_H
#define ELDEST_CORE_DISCOVERY_H

#include "core/node.h"

/* Forgets every leader and listens: START-2, or START-9 while there is no usable interface. */
void discovery_begin(struct core *core);

/* Any datagram of another node came in: a node that had heard nobody now has company (START-4). */
void discovery_heard_somebody(struct core *core);

void discovery_on_announce(struct core *core, const struct wire_message *message);

/* An Election heard while seeking, or while standing by START rules: START-5, START-6. */
void discovery_on_election(struct core *core, const struct candidate *candidate);

/* The best of the cache for START-6; NULL when it is empty. */
const struct candidate *discovery_best(const struct core *core);

/* MEMB-7: whoever has a new id announces it also when it follows, as it begins to here. Those that remember the former
 * one would accuse the other host, which has kept it (MEMB-8). */
void discovery_tell_new_id(struct core *core);

void discovery_announce_due(struct core *core);
void discovery_over(struct core *core);
void discovery_objection_due(struct core *core);
void discovery_collected(struct core *core);
void discovery_alone_due(struct core *core);
void discovery_stand_again(struct core *core); /* START-7 */

#endif
