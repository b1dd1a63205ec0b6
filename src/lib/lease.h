/* SPDX-License-Identifier: ISC
 *
 * lease.h - how long work may go on by what the daemon has told last: the lease of quorum = majority, which whoever
 * works keeps by himself, so that the work ends in time although nobody says so (MAJ-7 of eldest-protocol(7)).
 *
 * The daemon tells its end with the order to work, and again whenever it was renewed, on CLOCK_BOOTTIME, which is the
 * same clock on either side of the socket. Some time before that is kept for what is to be told before it is ended by
 * force.
 */
#ifndef ELDEST_LIB_LEASE_H
#define ELDEST_LIB_LEASE_H

#include "base/types.h"

struct lease {
    usec_t stop_at; /* when the work is told to stop, if nothing was told meanwhile */
    usec_t end_at; /* when nothing of it may be left */
};

/* Under quorum = none, or where one node alone is a majority. */
#define LEASE_ENDLESS ((struct lease){ .stop_at = USEC_NEVER, .end_at = USEC_NEVER })

/* As a line tells it that was read just now: its "until_us", "lease_ms" and "stop_margin_ms", 0 for what it does not
 * have. The work is told to stop at until_us, or before that, where the margin after it is less than a tenth of a
 * second; it ends with the margin. Without until_us: endless. Where until_us is that of another clock, because of a
 * time namespace, what ends sooner counts. */
struct lease lease_told(int64_t until_us, int64_t lease_ms, int64_t stop_margin_ms);

/* Whether the work is to be told to stop, and whether nothing of it may be left, at this moment. */
bool lease_is_over(const struct lease *lease);
bool lease_has_ended(const struct lease *lease);

#endif
