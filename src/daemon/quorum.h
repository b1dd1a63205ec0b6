/* SPDX-License-Identifier: ISC
 *
 * quorum.h - what users of a majority cluster are told of its votes, and of this node's lease (MAJ-6, MAJ-8).
 */
#ifndef ELDEST_DAEMON_QUORUM_H
#define ELDEST_DAEMON_QUORUM_H

#include "core/core.h"

enum { QUORUM_WHY_SIZE = 160 };

/* Why there is no leader, as far as this node knows; "" if it knows of one, or with quorum = none. */
void quorum_why(const struct core_view *view, char ret[QUORUM_WHY_SIZE]);

/* Who works by this node's lease. */
struct leases {
    usec_t bare_until; /* the latest end that was told to somebody who may work by it without a connection */
    usec_t renewed_until; /* the end that holders of work were told last */
};

/* The end of what this node leads, or lets its work stop in; 0: nothing; USEC_NEVER: without end. */
usec_t leases_end(const struct core_view *view, usec_t now);

/* True, and noted, if holders should hear that it lasts longer than they were told: not at every echo of a voter. */
bool leases_renew(struct leases *leases, const struct core_view *view, usec_t now);

#endif
