/* SPDX-License-Identifier: ISC
 *
 * claim.h - nobody claims to lead after it knew better. The oracle's, for one node at a time.
 *
 * A node knows better: when it has told others that it does not lead (Resign, MergeReply "keep you", Redirect, a
 * Heartbeat of its own); when the leader that it asked to merge has said "keep me" with a higher epoch (MERGE-6); when
 * it hears a higher epoch while unconfirmed (GAP-3). Then it never leads again in the epoch that it had. And when it
 * has slept longer than detect, not before an Ack to a question of its own, or 2 detect (GAP-2, GAP-3).
 *
 * And nobody makes room for another leader while its own work goes on: Resign and "keep you" are sent when the holders
 * have stopped (HAND-1, MERGE-5). Nor does anybody vote or ask for votes who cannot write that down (START-1), or
 * confirm a leader that it has given up for another one, by a vote (GAP-4). The leadership that a node has named for a
 * few seconds is on its disk (EPOCH-1).
 *
 * Nobody stands who may not lead (ELEC-1), or after a vouch for the leader that it doubts (ELEC-11), or votes for a
 * junior while it may lead itself (ELEC-6). Whoever is not sure to lead still answers nothing (GAP-2), but whoever is,
 * and is doubted, says so (SUSP-4, ELEC-4). A winner says so five times in its first half second (ELEC-12). Answers to
 * a question name it (SUSP-5), what was sent to all is answered by leaders only (EXCH-6), only a member that registers
 * is told the same successors again (MEMB-3), and a vouch for another question ends no suspicion (SUSP-7). An identity
 * is given up only where there may be two of it (MEMB-7).
 */
#ifndef ELDEST_SIM_CLAIM_H
#define ELDEST_SIM_CLAIM_H

#include "core/core.h"

struct world;
struct node;

enum { CLAIM_NONCES = 64 };

struct claim {
    bool works; /* it has led, and its holders of work have not stopped since */
    uint64_t given_up; /* epochs up to this one ... */
    uint64_t given_up_before; /* ... and before the message that is being handled */
    bool resigned; /* itself or another one, and it has not followed anybody since */
    bool told; /* by a leader or its sentinel that it goes, and it has not followed anybody since */
    bool voted; /* since the last Ack of its leader, ... */
    struct node_id voted_for; /* ... the last time for that one */
    uint64_t asked_boot; /* boot nonce of the leader that it asked to merge, in its last MergeRequest; 0: none */
    uint64_t asked_nonce;
    uint64_t asked_epoch; /* its own at that time */
    uint64_t question; /* nonce of its last one to all, whether it still leads */
    uint64_t slept_epoch; /* it has slept while it led in this one; 0: not, or it is confirmed since */
    usec_t asks_until; /* its own time */
    bool owes_leader; /* it has just been doubted, while it leads ... */
    usec_t told_at; /* ... and said so then, time of the world */
    bool asked_all; /* what it is handling was sent to all */
    uint32_t exchange; /* of the last Heartbeat heard ... */
    uint64_t exchange_nonce; /* ... and what it asks ... */
    bool registering; /* ... and whether it registers */
    struct token acked; /* the leadership of the last Ack that was sent to it ... */
    uint32_t acked_exchange;
    uint32_t acked_version; /* ... and the version of the table that it names */
    uint64_t term; /* the epoch in which it says that it leads, since ... */
    usec_t term_since; /* ... then, undisturbed */
    uint64_t announced_epoch; /* in its last Leader to all ... */
    unsigned announced; /* ... and so many of them */
    struct rank_key stood; /* in its last Election about a death; no id: none */
    struct node_id stood_after; /* that leader */
    struct token kept; /* the leadership that it names, since ... */
    usec_t kept_since; /* ... then, time of the world, with a disk that could be written */
    uint64_t asked[CLAIM_NONCES]; /* what itself and others have asked since its suspicion began ... */
    unsigned asked_count;
    bool vouched; /* it is handling a Vouch */
    struct wire_vouch vouch; /* the last one heard ... */
    struct wire_vouch vouch_before; /* ... before the message that is being handled */
};

/* It sends that message, to `to` unless that is NULL. */
void claim_sent(struct world *world, struct node *node, const struct wire_message *message, const struct node *to);

/* Before it handles that message. */
void claim_received(struct node *node, const struct node *from, const struct wire_message *message);

/* Before anything is done after a pause that was longer than detect. */
void claim_slept(const struct world *world, struct node *node, const struct core_view *view);

/* It is about to take another id. */
void claim_renamed(struct world *world, const struct node *node);

/* After each step. */
void claim_judge(struct world *world, struct node *node, const struct core_view *view);

#endif
