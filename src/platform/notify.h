/* SPDX-License-Identifier: ISC
 *
 * notify.h - tells the service manager how the daemon is: the sd_notify(3) protocol, which is one datagram.
 */
#ifndef ELDEST_PLATFORM_NOTIFY_H
#define ELDEST_PLATFORM_NOTIFY_H

/* Sends state ("READY=1") to the socket that $NOTIFY_SOCKET names. 0, also when nobody wants to know; else
 * a negative errno. */
int notify_send(const char *state);

/* Says that the configuration is being read again, with the time, as a service of Type=notify-reload does; READY=1
 * ends it. Returns as notify_send(). */
int notify_reloading(void);

#endif
