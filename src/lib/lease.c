/* SPDX-License-Identifier: ISC
 *
 * lease.c - see lease.h.
 */
#include "lib/lease.h"

#include "base/util.h"
#include "lib/client.h"

#define NOTICE_MAX (100 * USEC_PER_MS)

/* Of what is left of the lease. As long as no question gets lost, half of it is left when it is renewed. */
enum { NOTICE_SHARE = 8 };

struct lease lease_told(int64_t until_us, int64_t lease_ms, int64_t stop_margin_ms) {
    usec_t now = client_deadline(0), margin = clamp_i64(stop_margin_ms, 0, INT32_MAX) * USEC_PER_MS;
    usec_t until = clamp_i64(until_us, 0, USEC_NEVER - margin);

    if (until == 0)
        return LEASE_ENDLESS;
    if (lease_ms > 0)
        until = min_i64(until, now + min_i64(lease_ms, INT32_MAX) * USEC_PER_MS);
    usec_t end = until + margin, notice = clamp_i64((end - now) / NOTICE_SHARE, 0, NOTICE_MAX);
    return (struct lease){ .stop_at = min_i64(until, end - notice), .end_at = end };
}

bool lease_is_over(const struct lease *lease) {
    return client_deadline(0) >= lease->stop_at;
}

bool lease_has_ended(const struct lease *lease) {
    return client_deadline(0) >= lease->end_at;
}
