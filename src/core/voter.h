/* SPDX-License-Identifier: ISC
 *
 * voter.h - a voter of a majority cluster: when it may vote, for whom, and what it promises its leader (MAJ-1 .. MAJ-5,
 * MAJ-8, MAJ-12).
 *
 * Whoever answers a leader's Ack by its next Heartbeat stands by it for a while: it neither votes nor stands until its
 * promise is over. The lease of the leader (lease.h) is made of such promises. With quorum = none nothing here hinders
 * anybody.
 */
#ifndef ELDEST_CORE_VOTER_H
#define ELDEST_CORE_VOTER_H

#include "core/node.h"
#include "core/rank.h"

/* After core_init(): whatever was promised before the restart is kept (MAJ-1); what was with quorum = none is not
 * (MAJ-12). */
void voter_begin(struct core *core);

/* No vote and no candidacy before that time, by a promise or the abstention (MAJ-1). */
usec_t voter_free_at(const struct core *core);

/* The same as a delay from now on, 0 when it is free. */
usec_t voter_waits(const struct core *core);

/* It has a seat, or nobody has one yet: with the time and the company it may stand (MAJ-2). */
bool voter_may_have_seat(const struct core *core);

/* MAJ-2, MAJ-12: it may stand now. */
bool voter_may_stand(const struct core *core);

/* It stands in election.epoch, by its roster or that of a bootstrap, which binds it from here on; durable before
 * anybody hears of it. */
void voter_stand(struct core *core);
const struct wire_roster *voter_seats(const struct core *core);
bool voter_founds(const struct core *core); /* they are those of a bootstrap */

/* The epoch to stand in, above all in which others have stood meanwhile: who has voted there has no vote for less
 * (ELEC-2, ELEC-9). If nobody has, it is that of my last candidacy, as long as nothing else has changed: so a part
 * without a majority does not wear out epochs. */
uint64_t voter_epoch(struct core *core);
void voter_hear_epoch(struct core *core, uint64_t epoch); /* an Election's */

/* Votes, itself included, that make it the leader (MAJ-4, MAJ-12). */
unsigned voter_needed(const struct core *core);

/* Whoever has a newer roster comes first: nobody who knows it votes for one who stands by an older one, which would
 * only stand in its way. Of a against b. */
enum rank voter_rank(const struct core *core, const struct wire_roster *a, const struct wire_roster *b);

/* MAJ-3: what speaks against a vote for that candidate; REFUSAL_END: nothing. */
enum core_refusal voter_objection(const struct core *core, const struct candidate *candidate);

/* It votes for that one, and a bootstrap vote binds it (MAJ-12); durable before anybody hears of it. */
void voter_vote(struct core *core, const struct candidate *candidate);

/* MAJ-5: an Ack of my leader. */
void voter_on_ack(struct core *core, const struct wire_message *message);

/* The seats, votes and tokens that it knows of are on disk. */
bool voter_is_durable(const struct core *core);

/* Its leader may count on its knowing the present seats (MAJ-13 .. MAJ-15): they are on disk, and it has not voted for
 * another one above the epoch of its leader, who may be elected by older seats yet, even if this node has stood since.
 */
bool voter_stands_by_seats(const struct core *core);

/* The newer roster that my leader tells (MAJ-13): by an older one nobody votes for me, nor I for anybody. */
void voter_learn_roster(struct core *core, const struct wire_roster *roster);

/* Promises last at least until then, to that leadership (also a leader's own: MAJ-1). */
void voter_promise(struct core *core, const struct token *to, usec_t until);

/* MAJ-8: all work of that leadership has stopped. */
void voter_release(struct core *core, const struct token *token);

/* Nothing that was promised can be relied on by the clock, or the id has a double: as after a restart (MAJ-1). */
void voter_abstain(struct core *core);

/* echo_ts for a Heartbeat to my leader; 0 none. */
int64_t voter_echo(const struct core *core);

/* A roster is known now, and another than before. */
void voter_set_roster(struct core *core, const struct wire_roster *roster);

/* Nodes without a roster that could found a cluster with this one, itself included, heard lately (MAJ-12). */
unsigned voter_founders(const struct core *core);

/* Seats of the roster of nodes that were heard lately, by a node without leader; its own included. */
unsigned voter_present(const struct core *core, usec_t now);

/* That leader or candidate goes by my policy; counts if not. */
bool voter_same_policy(struct core *core, const struct wire_message *message);

#endif
