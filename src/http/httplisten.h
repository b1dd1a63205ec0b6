/* SPDX-License-Identifier: ISC
 *
 * httplisten.h - one place of `[http] listen`: its socket, opened and closed.
 */
#ifndef ELDEST_HTTP_HTTPLISTEN_H
#define ELDEST_HTTP_HTTPLISTEN_H

#include "daemon/ctlsocket.h"
#include "platform/endpoint.h"

struct httplisten {
    int fd; /* listening, non-blocking; the caller closes it */
    struct ctlsocket file; /* of a Unix socket */
};

/* A Unix socket replaces one that is left from a daemon that is gone, see ctlsocket.h; one of "[::]" takes no IPv4. 0,
 * or what the system said about it: then *ret is untouched. */
int httplisten_open(struct httplisten *ret, const struct endpoint *endpoint);

/* Removes the file of a Unix socket. */
void httplisten_remove(const struct httplisten *listen);

#endif
