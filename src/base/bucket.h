/* SPDX-License-Identifier: ISC
 *
 * bucket.h - so many in a row, and no more than so many in a second: a token bucket.
 */
#ifndef ELDEST_BASE_BUCKET_H
#define ELDEST_BASE_BUCKET_H

#include "base/types.h"

/* The default of all zeros is a full one. */
struct bucket {
    usec_t spent_until; /* what was taken is paid for by then */
};

/* Takes one, if there is one: `rate` come in each second, and up to `burst` are kept. */
bool bucket_take(struct bucket *bucket, uint32_t rate, uint32_t burst, usec_t now);

#endif
