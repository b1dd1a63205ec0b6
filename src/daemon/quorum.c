/* SPDX-License-Identifier: ISC
 *
 * quorum.c - see quorum.h.
 */
#include "daemon/quorum.h"

#include "base/str.h"

#include <stdio.h>

/* Nobody has seats yet. */
static void why_not_founded(const struct core_quorum *quorum, char ret[QUORUM_WHY_SIZE]) {
    if (quorum->fresh < quorum->expect)
        snprintf(ret, QUORUM_WHY_SIZE, "%u nodes found the cluster, heard %u: all of them are needed once",
                 quorum->expect, (unsigned)quorum->fresh);
    else if (quorum->fresh > quorum->expect)
        snprintf(ret, QUORUM_WHY_SIZE, "%u nodes found the cluster, heard %u: stop those that are not to vote",
                 quorum->expect, (unsigned)quorum->fresh);
    else if (quorum->pinned)
        snprintf(ret, QUORUM_WHY_SIZE, "the cluster is being founded, or this node has voted to found it with others");
    else
        snprintf(ret, QUORUM_WHY_SIZE, "the cluster is being founded");
}

static void why_not_elected(const struct core_quorum *quorum, char ret[QUORUM_WHY_SIZE]) {
    char left[STR_DURATION_SIZE];

    str_format_duration((quorum->abstains + USEC_PER_MS - 1) / USEC_PER_MS * USEC_PER_MS, left);
    if (quorum->have < quorum->needed)
        snprintf(ret, QUORUM_WHY_SIZE, "%u of %u needed, heard %u%s", quorum->needed, quorum->expect, quorum->have,
                 quorum->seat ? "" : "; this node has no seat");
    else if (quorum->seat && quorum->abstains > 0)
        snprintf(ret, QUORUM_WHY_SIZE, "this node stands by the leader before for another %s", left);
    else
        snprintf(ret, QUORUM_WHY_SIZE, "%u of %u needed, heard %u: they are about to vote", quorum->needed,
                 quorum->expect, quorum->have);
}

void quorum_why(const struct core_view *view, char ret[QUORUM_WHY_SIZE]) {
    const struct core_quorum *quorum = &view->quorum;

    ret[0] = '\0';
    if (!quorum->majority || core_view_names_leader(view))
        return;
    if (view->standing == STANDING_STOPPING)
        snprintf(ret, QUORUM_WHY_SIZE, "this node is handing over");
    else if (quorum->roster.count == 0)
        why_not_founded(quorum, ret);
    else
        why_not_elected(quorum, ret);
}

usec_t quorum_work_until(const struct core_view *view) {
    usec_t left = view->quorum.work;

    return left == 0 || left == USEC_NEVER ? left : view->at + left;
}

bool quorum_is_renewed(const struct core_view *view, usec_t told_until) {
    usec_t until = quorum_work_until(view);

    return until != 0 && until != USEC_NEVER && until - told_until >= view->quorum.work / 8;
}
