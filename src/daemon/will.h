/* SPDX-License-Identifier: ISC
 *
 * will.h - what is to be said should this daemon die without a word: the farewell of the leadership that it holds
 * (HAND-6, HAND-7). Keeps the sentinel up to date, and alive.
 */
#ifndef ELDEST_DAEMON_WILL_H
#define ELDEST_DAEMON_WILL_H

#include "core/action.h"

struct counters;
struct links;
struct outbox;
struct sentinel;
struct static_peers;
struct udp;
struct will;

/* All of it outlives the will. */
struct will_config {
    struct sentinel *sentinel;
    struct outbox *outbox; /* writes it */
    const struct links *links; /* it is said on each */
    const struct static_peers *peers; /* and to each of these */
    const struct udp *udp;
    struct counters *counters;
    bool forewarns; /* who has promised to stand by it waits for the end of the work, and the others need not */
    struct token former; /* the newest that the state knew at the start of this node */
};

/* 0 or -ENOMEM. Nothing is to be said yet. */
int will_open(struct will **ret, const struct will_config *config);

/* NULL is fine. */
void will_close(struct will *will);

/* Leaves a new will with the sentinel if the state of the node, or its links, ask for another one. While the newest
 * leadership that the node knows is its own and began in this start, there is a farewell: nobody else follows it. Of an
 * earlier start's nothing is known: if the state was copied, the original may hold it. */
void will_renew(struct will *will, const struct persistent *state);

/* Looks after the sentinel, which may have died; also to be called at will_deadline(). */
void will_mend(struct will *will);
usec_t will_deadline(const struct will *will);

#endif
