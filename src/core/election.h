/* SPDX-License-Identifier: ISC
 *
 * election.h - who comes next after a leader has ended, and how votes are given and counted (rules ELEC, EPOCH-4).
 *
 * The next leader is already known to everyone: the most senior live member. It speaks first; the others hold back in
 * order of seniority and drop their own candidacy when a more senior node speaks.
 */
#ifndef ELDEST_CORE_ELECTION_H
#define ELDEST_CORE_ELECTION_H

#include "core/node.h"

/* After a verdict: waits for its turn (ELEC-1, HAND-2). */
void election_hold(struct core *core);

/* The promise that it waited for has ended early: its turn comes soon (MAJ-8). */
void election_hold_again(struct core *core);

/* Sends that candidate its vote, if nothing speaks against it (MAJ-3). */
bool election_vote(struct core *core, const struct candidate *candidate);

/* Stands for leader: a candidacy with a new epoch, not below `epoch` (ELEC-2, ELEC-9). */
void election_stand(struct core *core, bool founding, uint64_t epoch);

void election_on_election(struct core *core, const struct wire_message *message);
void election_on_vote(struct core *core, const struct wire_leader_elected *vote);

/* A candidate is heard, or heeded now, by a node without living leader: it votes, or objects (ELEC-6, ELEC-8). */
void election_answer(struct core *core, const struct candidate *candidate);

/* Will vote for that candidate after the delay, unless a better one or a Leader is heard first. */
void election_choose(struct core *core, const struct candidate *candidate, usec_t delay);

/* Leads, if the votes or the rounds suffice (START-6, ELEC-10), or stops standing where no vote has come and SUSP-12 or
 * MERGE-9 forbids to lead without any. */
void election_try_to_win(struct core *core);

/* ELEC-3: whoever is elected meanwhile leads; else this node stands after a while. */
void election_try_later(struct core *core);

/* W of the present bereavement, but long enough for one's own turn, or for the answer to a question: over a slow link
 * the verdict alone may have taken longer than W. */
void election_arm_window(struct core *core);

/* Drops candidacy, cache and pending vote. */
void election_forget(struct core *core);

void election_hold_over(struct core *core);
void election_vote_due(struct core *core);
void election_round_due(struct core *core);
void election_window_over(struct core *core);

#endif
