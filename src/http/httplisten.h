/* SPDX-License-Identifier: ISC
 *
 * httplisten.h - one place of `[http] listen`: its socket is opened, tried again if that fails, and connections are
 * taken from it, a few per turn of the event loop, so that a flood of them holds nothing up.
 */
#ifndef ELDEST_HTTP_HTTPLISTEN_H
#define ELDEST_HTTP_HTTPLISTEN_H

struct endpoint;
struct event_base;
struct httplisten;

/* Takes a connected socket, non-blocking, which is its own from now on. */
typedef void httplisten_taker(void *context, int fd);

/* What cannot be opened is tried again every 2 s; failures are logged, and the success. A Unix socket
 * replaces one that is left from a daemon that is gone, see ctlsocket.h; "[::]" takes no IPv4. The endpoint must
 * outlive it. 0 or -ENOMEM. */
int httplisten_open(struct httplisten **ret, struct event_base *base, const struct endpoint *endpoint,
                    httplisten_taker *taker, void *context);

/* Removes the file of a Unix socket. NULL is fine. */
void httplisten_close(struct httplisten *listen);

#endif
