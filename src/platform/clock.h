/* SPDX-License-Identifier: ISC
 *
 * clock.h - the one place that reads a clock for the protocol.
 *
 * CLOCK_BOOTTIME counts on while the host is suspended and is never stepped, so a node knows how long it
 * was away. A test that wants to drive time links its own clock_now().
 */
#ifndef ELDEST_PLATFORM_CLOCK_H
#define ELDEST_PLATFORM_CLOCK_H

#include "base/types.h"

/* CLOCK_BOOTTIME in microseconds. */
usec_t clock_now(void);

#endif
