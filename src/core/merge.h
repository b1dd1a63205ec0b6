/* SPDX-License-Identifier: ISC
 *
 * merge.h - two leaders have met: a two-way handshake leaves one (rules MERGE).
 *
 * Of two leaders the one with the smaller id alone decides, so that delays and different clocks cannot make both
 * sides decide differently. The other asks and obeys. Who keeps the role takes an epoch above every token that either
 * side gave out.
 */
#ifndef ELDEST_CORE_MERGE_H
#define ELDEST_CORE_MERGE_H

#include "core/node.h"

void merge_on_leader(struct core *core, const struct wire_leader *leader); /* MERGE-1 */
void merge_on_stranger(struct core *core, const struct wire_stranger *stranger); /* MERGE-1, by a follower's word */
void merge_on_request(struct core *core, const struct wire_merge_request *request);
void merge_on_reply(struct core *core, const struct wire_merge_reply *reply);
/* A leader that I was asking registers with me: it has let go, though its reply was lost. True if there was such a
 * merge. */
bool merge_on_registration(struct core *core, const struct node_id *id);
void merge_on_work_stopped(struct core *core); /* MERGE-5 */
void merge_withdraw(struct core *core); /* MERGE-8: this node was stopping for another, and does not any more */

/* Ends every series: this node stops leading, or is not sure of it (MERGE-1). Remembered replies stay. */
void merge_forget(struct core *core);

/* This node begins to lead: what it replied as the leader that it was before is void (MERGE-7). */
void merge_begin(struct core *core);

/* The other leader keeps the role: follows it (MERGE-6). */
void merge_defeated(struct core *core, const struct contact *winner, const struct token *token);

/* MERGE-9: this node lost so many merges lately that it objects to nobody and waits before it leads alone. */
bool merge_holds_back(const struct core *core);

/* MERGE-9: how long this node must still wait before it may lead alone; 0: not at all. */
usec_t merge_damping(struct core *core);

void merge_due(struct core *core);

#endif
