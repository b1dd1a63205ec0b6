/* SPDX-License-Identifier: ISC
 *
 * clock.c - see clock.h.
 */
#include "platform/clock.h"

#include <assert.h>
#include <time.h>

usec_t clock_now(void) {
    struct timespec now;
    int result = clock_gettime(CLOCK_BOOTTIME, &now);

    assert(result == 0); /* Linux has had this clock since 2.6.39 */
    (void)result;
    return now.tv_sec * USEC_PER_SEC + now.tv_nsec / 1000;
}

usec_t clock_suspended(void) {
    usec_t up = clock_now(); /* first */
    struct timespec running;

    clock_gettime(CLOCK_MONOTONIC, &running);
    return up - (running.tv_sec * USEC_PER_SEC + running.tv_nsec / 1000);
}

int64_t clock_wall_ms(void) {
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * (USEC_PER_SEC / USEC_PER_MS) + now.tv_nsec / 1000000;
}
