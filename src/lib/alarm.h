/* SPDX-License-Identifier: ISC
 *
 * alarm.h - a descriptor to poll for a time: a timer of CLOCK_BOOTTIME, which goes on while the host is suspended. What
 * was due meanwhile is due at once when it wakes up, which a time limit of poll() is not.
 */
#ifndef ELDEST_LIB_ALARM_H
#define ELDEST_LIB_ALARM_H

#include "base/types.h"

/* One that is not set, close-on-exec; or a negative errno. */
int alarm_open(void);

/* It is readable from then on, until it is set to another time; USEC_NEVER: it is not. */
void alarm_set(int alarm, usec_t at);

#endif
