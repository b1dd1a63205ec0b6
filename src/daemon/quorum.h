/* SPDX-License-Identifier: ISC
 *
 * quorum.h - what users of a majority cluster are told of its votes, and of this node's lease (MAJ-6, MAJ-8).
 */
#ifndef ELDEST_DAEMON_QUORUM_H
#define ELDEST_DAEMON_QUORUM_H

#include "core/core.h"

enum { QUORUM_WHY_SIZE = 160 };

/* Why this node names no leader, as far as it knows; "" if it names one, or with quorum = none. */
void quorum_why(const struct core_view *view, char ret[QUORUM_WHY_SIZE]);

/* Until when work may go on because this node leads, or while it lets go of that: 0 not at all, USEC_NEVER without
 * end. */
usec_t quorum_work_until(const struct core_view *view);

/* Whether holders should hear that it may go on for longer than they were told last: some times in each lease, not at
 * every echo of a voter. */
bool quorum_is_renewed(const struct core_view *view, usec_t told_until);

#endif
