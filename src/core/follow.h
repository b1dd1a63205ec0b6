/* SPDX-License-Identifier: ISC
 *
 * follow.h - whom a node takes as its leader, and what it learns from it (ELEC-13 .. ELEC-17, EPOCH-1, EPOCH-2,
 * EXCH-6, EXCH-7).
 */
#ifndef ELDEST_CORE_FOLLOW_H
#define ELDEST_CORE_FOLLOW_H

#include "core/node.h"

/* Takes that node as leader with that token: any candidacy or suspicion ends, registration follows (ELEC-16). */
void follow(struct core *core, const struct contact *leader, const struct token *token, enum reason reason);

void follow_on_leader(struct core *core, const struct wire_message *message);
void follow_on_ack(struct core *core, const struct wire_message *message);
void follow_on_redirect(struct core *core, const struct wire_message *message);

/* My leader lives, but does not answer me (EXCH-8). */
void follow_unreachable(struct core *core);

/* A Heartbeat that came to a node which does not lead. */
void follow_on_heartbeat(struct core *core, const struct wire_heartbeat *heartbeat, bool multicast);

/* EXCH-6: tells it who leads; nothing without a living leader. */
void follow_redirect(struct core *core, const struct contact *to);

/* Asks a node to be my leader, by a registering Heartbeat repeated until its Ack is accepted (ELEC-14, ELEC-17). */
void follow_approach(struct core *core, const struct contact *to, enum reason reason);
void follow_approach_due(struct core *core);

/* Time and table as a leader tells them; the largest time of a timeline counts (MEMB-1). */
void follow_set_time(struct core *core, uint64_t timeline, int64_t cluster_time);

#endif
