/* SPDX-License-Identifier: ISC
 *
 * bucket.c - see bucket.h. What is in the bucket is told by one time, since it fills with time.
 */
#include "base/bucket.h"

#include "base/util.h"

bool bucket_take(struct bucket *bucket, uint32_t rate, uint32_t burst, usec_t now) {
    usec_t price = USEC_PER_SEC / rate, begin = max_i64(bucket->spent_until, now);

    if (begin - now > price * (burst - 1LL))
        return false;
    bucket->spent_until = begin + price;
    return true;
}
