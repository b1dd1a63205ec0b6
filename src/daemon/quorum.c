/* SPDX-License-Identifier: ISC
 *
 * quorum.c - see quorum.h.
 */
#include "daemon/quorum.h"

#include "base/str.h"

#include <stdio.h>

static const usec_t renewal_least_us = 100 * USEC_PER_MS;

/* Nobody has seats yet. */
static void why_not_founded(const struct core_quorum *quorum, char ret[QUORUM_WHY_SIZE]) {
    if (quorum->pinned && quorum->fresh >= quorum->expect)
        snprintf(ret, QUORUM_WHY_SIZE, "this node has voted to found the cluster with others than those that are here");
    else if (quorum->fresh > quorum->expect)
        snprintf(ret, QUORUM_WHY_SIZE, "%u nodes without a cluster are here, and %u are to found one: stop the others",
                 (unsigned)quorum->fresh, quorum->expect);
    else if (quorum->fresh < quorum->expect)
        snprintf(ret, QUORUM_WHY_SIZE, "%u nodes found the cluster, heard %u: all of them are needed once",
                 quorum->expect, (unsigned)quorum->fresh);
    else
        snprintf(ret, QUORUM_WHY_SIZE, "the cluster is being founded");
}

static void why_not_elected(const struct core_quorum *quorum, char ret[QUORUM_WHY_SIZE]) {
    char left[STR_DURATION_SIZE];

    str_format_duration(quorum->abstains / USEC_PER_MS * USEC_PER_MS, left);
    if (quorum->have < quorum->needed)
        snprintf(ret, QUORUM_WHY_SIZE, "%u of %u needed, heard %u%s", quorum->needed, quorum->expect, quorum->have,
                 quorum->seat ? "" : "; this node has no seat");
    else if (quorum->abstains > 0)
        snprintf(ret, QUORUM_WHY_SIZE, "this node has promised to vote for nobody else for another %s", left);
    else
        snprintf(ret, QUORUM_WHY_SIZE, "%u of %u needed, heard %u: they are about to vote", quorum->needed,
                 quorum->expect, quorum->have);
}

void quorum_why(const struct core_view *view, char ret[QUORUM_WHY_SIZE]) {
    ret[0] = '\0';
    if (!view->quorum.majority || view->has_leader)
        return;
    if (view->quorum.roster.count == 0)
        why_not_founded(&view->quorum, ret);
    else
        why_not_elected(&view->quorum, ret);
}

usec_t leases_end(const struct core_view *view, usec_t now) {
    usec_t left = view->quorum.work;

    if (left == 0 || left == USEC_NEVER)
        return left;
    return now + left;
}

bool leases_renew(struct leases *leases, const struct core_view *view, usec_t now) {
    usec_t end = leases_end(view, now);

    if (end == 0 || end == USEC_NEVER || end < leases->renewed_until + renewal_least_us)
        return false;
    leases->renewed_until = end;
    return true;
}
