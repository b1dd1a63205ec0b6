/* SPDX-License-Identifier: ISC
 *
 * clock.h - the one place that reads a clock for the protocol, and the wall clock for people.
 *
 * CLOCK_BOOTTIME counts on while the host is suspended and is never stepped, so a node knows how long it
 * was away. Nothing is decided by the wall clock, which anybody may set. A test that wants to drive time links its own
 * versions of these functions.
 */
#ifndef ELDEST_PLATFORM_CLOCK_H
#define ELDEST_PLATFORM_CLOCK_H

#include "base/types.h"

/* CLOCK_BOOTTIME in microseconds. */
usec_t clock_now(void);

/* How much longer the host is up than it has run, in microseconds, at least: it grows by each suspension. Two clocks
 * are read for it, and what passes between them makes it too little, never too much. */
usec_t clock_suspended(void);

/* CLOCK_REALTIME in milliseconds since 1970, for what people read. */
int64_t clock_wall_ms(void);

#endif
