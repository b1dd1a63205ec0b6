/* SPDX-License-Identifier: ISC
 *
 * notify.h - tells the service manager how the daemon is: the sd_notify(3) protocol, which is one datagram.
 */
#ifndef ELDEST_PLATFORM_NOTIFY_H
#define ELDEST_PLATFORM_NOTIFY_H

/* Sends state ("READY=1") to the socket that $NOTIFY_SOCKET names. 0, also when nobody wants to know; else
 * a negative errno. */
int notify_send(const char *state);

#endif
