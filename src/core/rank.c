/* SPDX-License-Identifier: ISC
 *
 * rank.c - see rank.h. Each line of a comparator is one clause of the order.
 */
#include "core/rank.h"

/* Smaller first. */
static enum rank ascending(int64_t a, int64_t b) {
    return a < b ? RANK_SENIOR : a > b ? RANK_JUNIOR : RANK_SAME;
}

static enum rank by_id(const struct node_id *a, const struct node_id *b) {
    return ascending(node_id_compare(a, b), 0);
}

/* One's own timeline first, then the others by number, then none. */
static enum rank by_timeline(uint64_t a, uint64_t b, uint64_t own) {
    if (a == b)
        return RANK_SAME;
    if (a == 0 || b == 0)
        return a == 0 ? RANK_JUNIOR : RANK_SENIOR;
    if (a == own || b == own)
        return a == own ? RANK_SENIOR : RANK_JUNIOR;
    return a < b ? RANK_SENIOR : RANK_JUNIOR;
}

enum rank rank_compare(const struct rank_key *a, const struct rank_key *b, uint64_t own) {
    enum rank rank = ascending(b->priority, a->priority);

    if (rank == RANK_SAME)
        rank = by_timeline(a->timeline, b->timeline, own);
    if (rank == RANK_SAME)
        rank = ascending(a->birth, b->birth);
    if (rank == RANK_SAME)
        rank = by_id(&a->id, &b->id);
    return rank;
}

enum rank rank_claims(const struct rank_claim *a, const struct rank_claim *b) {
    if (a->priority != b->priority)
        return ascending(b->priority, a->priority);
    if (a->age - b->age > RANK_AGE_TOLERANCE_US)
        return RANK_SENIOR;
    if (b->age - a->age > RANK_AGE_TOLERANCE_US)
        return RANK_JUNIOR;
    return RANK_SAME;
}

enum rank rank_spoken(const struct rank_claim *a, const struct rank_claim *b) {
    enum rank rank = rank_claims(a, b);

    return rank == RANK_SAME ? by_id(&a->id, &b->id) : rank;
}
