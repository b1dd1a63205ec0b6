/* SPDX-License-Identifier: ISC
 *
 * leadership.h - leading: announcing, answering heartbeats, keeping the members, noticing one's own pauses
 * (ELEC-4, ELEC-12, EXCH-4, EXCH-5, EPOCH-4, MEMB, GAP).
 */
#ifndef ELDEST_CORE_LEADERSHIP_H
#define ELDEST_CORE_LEADERSHIP_H

#include "core/node.h"

/* Takes an epoch above the given one and leads. */
void leadership_begin(struct core *core, uint64_t above, enum reason reason);

/* Takes a higher epoch while leading and announces it (EPOCH-4, MERGE-4, MERGE-5); `absorbed` is the leadership that
 * ended in a merge, or NULL. */
void leadership_rise(struct core *core, uint64_t above, const struct token *absorbed, enum reason reason);

/* Ends my leadership without handover: answers "not leader" from here on, and the holders of work are told to stop. */
void leadership_end(struct core *core, enum reason reason);

/* The same because another leads: follows that one at once. */
void leadership_yield(struct core *core, const struct contact *to, const struct token *token, enum reason reason);

/* Leader by unicast: an answer to an Announce, a stranger's Election or Suspect. */
void leadership_tell(struct core *core, const struct contact *to);

/* For some announcements to come: my Leader names that leadership as absorbed (MERGE-4). */
void leadership_absorb(struct core *core, const struct token *absorbed);

/* The configuration has changed: a new timing rules at once; who may not lead any more resigns. */
void leadership_reconfigure(struct core *core);

/* From the first, quick announcements on (ELEC-12). */
void leadership_announce_anew(struct core *core);

uint32_t leadership_since_ms(const struct core *core);

/* Leader by multicast, now. */
void leadership_announce(struct core *core, uint64_t answered);

/* What a leader makes of the messages of others. */
void leadership_on_leader(struct core *core, const struct wire_message *message);
void leadership_on_election(struct core *core, const struct candidate *candidate);
void leadership_on_vote(struct core *core, const struct wire_leader_elected *vote);
void leadership_on_suspect(struct core *core, const struct wire_suspect *suspect);
void leadership_on_heartbeat(struct core *core, const struct wire_message *message);
void leadership_on_confirmation(struct core *core, const struct wire_ack *ack);

/* GAP-3: a leader that was away asks whether it still leads. It hears at once that I do, not only by my next
 * announcement, which may come after it has confirmed itself. */
void leadership_on_question(struct core *core, const struct wire_heartbeat *heartbeat);

/* It leads, is sure of it (GAP-2) and has not handed over: the others hear from it, also while its work is being
 * stopped. If not, a message to a leader is to be ignored, and counted. */
bool leadership_in_office(const struct core *core);
bool leadership_answers(struct core *core);

/* GAP-1: at every entry into the core, before the input is looked at. */
void leadership_watch_gap(struct core *core);

/* MEMB-5: how many nodes follow for which the table has no room, about; they are known only by their heartbeats. */
uint32_t leadership_unlisted(const struct core *core, usec_t now);

/* The possible successors, up to date with the table. */
const struct wire_successors *leadership_seniors(struct core *core);

void leadership_announce_due(struct core *core);
void leadership_tick(struct core *core);
void leadership_expiry_due(struct core *core);

#endif
