/* SPDX-License-Identifier: ISC
 *
 * rank.h - who is more senior: the two orders of candidates, as pure comparators.
 *
 * Members compare frozen keys (see eldest-protocol(7)) on a common timeline. Nodes that have no leader and so no
 * timeline compare the ages they tell each other, which travel with an unknown delay: there 100 ms count as equal
 * (START-5).
 */
#ifndef ELDEST_CORE_RANK_H
#define ELDEST_CORE_RANK_H

#include "base/types.h"

/* Named as what the first of two is to the second. */
enum rank { RANK_SENIOR = -1, RANK_SAME = 0, RANK_JUNIOR = 1 };

/* A total order over keys, seen from a node on timeline `own`: priority descending, keys of `own` before others (0:
 * none is own), other timelines by number with "none" last, birth ascending, id ascending. */
enum rank rank_compare(const struct rank_key *a, const struct rank_key *b, uint64_t own);

/* What a node without leader tells of itself. */
struct rank_claim {
    uint16_t priority;
    int64_t age; /* us, at the moment of the comparison */
    struct node_id id;
};

enum { RANK_AGE_TOLERANCE_US = 100000 };

/* SENIOR or JUNIOR by priority, then by an age difference of more than the tolerance; else SAME, and nobody objects. */
enum rank rank_claims(const struct rank_claim *a, const struct rank_claim *b);

/* The same between two that have both spoken: equal claims are decided by the smaller id. */
enum rank rank_spoken(const struct rank_claim *a, const struct rank_claim *b);

#endif
