/* SPDX-License-Identifier: ISC
 *
 * notify.h - tells the service manager how the daemon is: the sd_notify(3) protocol, which is one datagram.
 */
#ifndef ELDEST_PLATFORM_NOTIFY_H
#define ELDEST_PLATFORM_NOTIFY_H

#include "base/types.h"

/* Whether there is a service manager that wants to know. */
bool notify_is_wanted(void);

/* Sends state ("READY=1") to the socket that $NOTIFY_SOCKET names. 0, also when nobody wants to know; else
 * a negative errno. */
int notify_send(const char *state);

/* Within what time it wants to hear WATCHDOG=1 of this process, again and again, as $WATCHDOG_USEC and $WATCHDOG_PID
 * say; USEC_NEVER if it does not. */
usec_t notify_watchdog(void);

/* Says that the configuration is being read again, with the time, as a service of Type=notify-reload does; READY=1
 * ends it. Returns as notify_send(). */
int notify_reloading(void);

#endif
