/* SPDX-License-Identifier: ISC
 *
 * suspicion.h - is my leader dead, or only deaf to me? Decided together, and vouched for by proof (rules SUSP, EXCH-8).
 *
 * The first node whose tries stay unanswered says so by multicast. A bounded number of witnesses probe the leader at
 * once. Only an answer to a question that was asked after the suspicion began proves that it lives, and whoever gets
 * one vouches. When nobody can vouch, the leader is dead for all of them together.
 */
#ifndef ELDEST_CORE_SUSPICION_H
#define ELDEST_CORE_SUSPICION_H

#include "core/node.h"

/* SUSP-1: my own tries, or an ICMP error, say that my leader does not answer. */
void suspicion_begin_own(struct core *core);
void suspicion_on_unreachable(struct core *core, const struct address *source);

/* SUSP-8: somebody doubts my leader and asks me; I probe, and vouch to the asker under its nonce. */
void suspicion_on_question(struct core *core, uint64_t nonce);

/* The same after my verdict: the asker learns that it is not alone. Who may not stand would else say nothing. */
void suspicion_on_question_late(struct core *core);

/* The same from one that stands against my leader and is heard by all: only witnesses probe. */
void suspicion_on_accusation(struct core *core, uint64_t nonce);

/* While I suspect it myself: the vouch goes there if I can give one. */
void suspicion_note_asker(struct core *core, uint64_t nonce);

void suspicion_on_suspect(struct core *core, const struct wire_suspect *suspect, bool multicast);
void suspicion_on_vouch(struct core *core, const struct wire_vouch *vouch);

/* SUSP-6, SUSP-7: a Leader of my leader that answers the Suspect with that nonce. */
void suspicion_on_leader_answer(struct core *core, uint64_t nonce);

/* SUSP-5: an Ack of the present exchange; with the suspicion's nonce it is proof for others too. */
void suspicion_on_ack(struct core *core, uint64_t nonce);

/* GAP-4: my leader is awake and asks whether it still leads. */
void suspicion_end(struct core *core);

/* The open exchange has become a probe: the slot came while I only waited. */
void suspicion_probe(struct core *core);

/* A try stayed unanswered while suspecting. */
void suspicion_unanswered(struct core *core);

/* ELEC-8: one more try, and I have the verdict. */
bool suspicion_is_near_verdict(const struct core *core);

/* My leadership has ended for me; what comes next is the caller's. */
void suspicion_bereave(struct core *core, enum reason reason);

/* SUSP-9: my leader has ended: isolated (SUSP-11) or on to the election. */
void suspicion_verdict(struct core *core, enum reason reason);

/* After a verdict by silence: it lives after all, by an Ack of it or a counted vouch. Back to following. */
void suspicion_revoke(struct core *core, bool unreachable);
bool suspicion_is_revocable(const struct core *core);

/* SUSP-13: nobody goes on by a silence that it has slept through. The timer at hand is late: the leader is asked again
 * before anything else; after one that has ended for good the node seeks. */
bool suspicion_has_slept(struct core *core);

/* SUSP-12: nobody leads without votes now. */
bool suspicion_forbids_leading_alone(const struct core *core);

void suspicion_probe_due(struct core *core);
void suspicion_vouch_due(struct core *core);
void suspicion_isolated_due(struct core *core);
void suspicion_window_over(struct core *core);

/* W is over for a node that would lead without votes: it does, or stays heard one-way, or is held back (MERGE-9). */
void suspicion_lead_alone(struct core *core);

#endif
